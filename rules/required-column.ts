import { isNullConstant } from "../src/model/expression.ts";
import type { ColumnDefinition, Constraint } from "../src/model/table.ts";
import { addColumnWithout, addRemainder } from "../src/recipes/add-column.ts";
import { afterOldColumn } from "../src/recipes/own-columns.ts";
import { type Context, defineRule, type Migration, type NodeOf } from "../src/rule.ts";

export default defineRule({
  id: "required-column",
  severity: "error",
  category: "compatibility",
  summary: "ADD COLUMN ... NOT NULL without a default",
  why: `
A column that must not be null and has no default cannot be added to a table with rows: the statement fails. On an empty
table it succeeds, as it does in CI, and then every INSERT of the application that is still running fails, because that
version does not know the column.`,
  instead: `
Give the column a constant default: that changes the catalog only. Or add it without NOT NULL, deploy an application that
writes it, fill the old rows in batches, and make it NOT NULL without a scan.`,
  references: [
    "sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-COLUMN",
    "ddl-alter.html#DDL-ALTER-ADDING-A-COLUMN",
  ],
  aliases: ["adding-required-field"],
  on: ["add column"],

  *check(action, context) {
    const { column } = action;
    const { table } = context.table;
    const isKey = column.constraints.some(({ kind }) => kind === "primary key");
    if (column.notNull === null && !isKey) return;
    if (fillsItself(column, context) || context.isNew(table)) return;
    const tableName = context.nameOf(table);
    const name = context.text(column.name.span);
    yield {
      at: action.head,
      // What was emptied just now has no rows, but the application goes on inserting.
      message: context.hasLostRows(table)
        ? `Adding ${name} to ${tableName} breaks the inserts of the application that is running`
        : `Adding ${name} fails if ${tableName} has rows, and breaks the inserts of the application that is running`,
      showsImpact: false,
      ...(column.notNull === null || isKey
        ? {
            advice: `Add ${name} without PRIMARY KEY, deploy an application that writes it, fill the older rows, and make it the key then`,
          }
        : { rewrite: nullableFirst(action, context) }),
    };
  },
});

/** Constraints that would read the rows, or build an index over them, wait until the column has its values. */
function nullableFirst(action: NodeOf<"add column">, context: Context): Migration[] {
  const isLater = ({ kind }: Constraint) => kind !== "foreign key";
  const constraints = action.column.constraints.filter(isLater);
  const [next, ...rest] = addRemainder(action, { isRequired: true, constraints }, context);
  const after = `the application writes ${context.text(action.column.name.span)}, and older rows are filled`;
  return [
    {
      title: "Add the column by itself: only the catalog changes",
      sql: addColumnWithout(action, { notNull: true, constraints: isLater }, context),
      transaction: true,
      ...afterOldColumn(action, context),
    },
    ...(next === undefined ? [] : [{ ...next, after }]),
    ...rest,
  ];
}

/** Whether rows get a value without anybody giving one. */
function fillsItself(column: ColumnDefinition, context: Context): boolean {
  // DEFAULT NULL is none.
  const isGiven = column.default !== null && !isNullConstant(column.default.value);
  if (isGiven || column.generated !== null || column.identity !== null) return true;
  if (column.type === null) return false;
  if (/^(small|big)?serial[248]?$/.test(column.type.name)) return true;
  const domain = context.schema.findType({ schema: column.type.schema, name: column.type.name });
  return domain !== undefined && domain.default !== null;
}
