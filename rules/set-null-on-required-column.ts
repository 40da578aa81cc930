import type { Table } from "../src/analysis/entities.ts";
import { hasActionOn } from "../src/analysis/same-statement.ts";
import type { ColumnAction } from "../src/model/action.ts";
import type { QualifiedName } from "../src/model/name.ts";
import type { CreateTable } from "../src/model/statement.ts";
import type { ColumnDefinition, Constraint, ForeignKey } from "../src/model/table.ts";
import { renderList, verb } from "../src/recipes/words.ts";
import { type Context, defineRule, type Finding } from "../src/rule.ts";
import { quoteName } from "../src/sql/names.ts";

export default defineRule({
  id: "set-null-on-required-column",
  severity: "error",
  category: "error",
  summary: "ON DELETE SET NULL (or SET DEFAULT) on a column that must not be null",
  why: `
PostgreSQL accepts such a foreign key, and nobody notices until a referenced row is deleted: then the server writes a
null into a column that refuses nulls, and the DELETE fails. SET DEFAULT does the same where the column has no
default.`,
  instead:
    "Let the column be null, or say what shall really happen: CASCADE deletes the rows too, RESTRICT keeps the referenced row.",
  references: [
    "ddl-constraints.html#DDL-CONSTRAINTS-FK",
    "sql-createtable.html#SQL-CREATETABLE-PARMS-REFERENCES",
  ],
  on: ["create table", "add column", "add constraint", "set not null"],

  *check(node, context): Iterable<Finding> {
    switch (node.kind) {
      case "create table":
        yield* checkCreate(node, context);
        return;
      case "add column":
        yield* checkKeys(node.column.constraints, [node.column], [], context.table.table, context);
        return;
      case "add constraint":
        yield* checkKeys([node.constraint], [], [], context.table.table, context);
        return;
      case "set not null":
        yield* checkNotNull(node, context);
    }
  },
});

function* checkCreate(create: CreateTable, context: Context): Iterable<Finding> {
  const own = create.columns.flatMap((column) => column.constraints);
  const all = [...create.constraints, ...own];
  yield* checkKeys(all, create.columns, all, create.table, context);
}

function* checkKeys(
  constraints: readonly Constraint[],
  columns: readonly ColumnDefinition[],
  siblings: readonly Constraint[],
  name: QualifiedName,
  context: Context,
): Iterable<Finding> {
  const table = context.schema.findTable(name);
  let relaxed: readonly string[] | null = null;
  for (const key of constraints) {
    if (key.kind !== "foreign key") continue;
    for (const event of ["DELETE", "UPDATE"] as const) {
      const nulled = nulledColumns(key, event, columns);
      if (nulled.length === 0) continue;
      const kind = event === "DELETE" ? key.onDelete : key.onUpdate;
      relaxed ??= relaxedBy(context);
      const gone = relaxed;
      const refused = nulled.filter((column) => isRequired(column, kind, columns, siblings, table, gone));
      if (refused.length === 0) continue;
      const others = nulled.filter((column) => !refused.includes(column)).map(quoteName);
      const action = kind.toUpperCase();
      const verbs = event === "DELETE" ? "Deleting from" : "Changing the key of";
      yield {
        at: key.span,
        message: `${verbs} ${context.nameOf(key.references)} fails where rows refer to it: ON ${event} ${action} writes null to ${renderList(refused.map(quoteName))}, which ${verb(refused.length, "refuses", "refuse")} it`,
        showsImpact: false,
        advice:
          others.length > 0 && event === "DELETE" && context.version >= 15
            ? `Say which columns are meant: ON DELETE ${action} (${others.join(", ")})`
            : `Drop the NOT NULL of ${renderList(refused.map(quoteName))}, or use ON ${event} CASCADE or RESTRICT`,
      };
    }
  }
}

/** Columns that may be null once the same statement has run. */
function relaxedBy({ statement }: Context): string[] {
  if (statement.kind !== "alter table") return [];
  return statement.actions.flatMap((action) => (action.kind === "drop not null" ? [action.column.name] : []));
}

function nulledColumns(
  key: ForeignKey,
  event: "DELETE" | "UPDATE",
  columns: readonly ColumnDefinition[],
): string[] {
  const action = event === "DELETE" ? key.onDelete : key.onUpdate;
  if (action !== "set null" && action !== "set default") return [];
  const listed = event === "DELETE" && key.onDeleteColumns.length > 0 ? key.onDeleteColumns : key.columns;
  if (listed.length > 0) return listed.map(({ name }) => name);
  // A column's own REFERENCES may leave it out.
  return columns.filter((column) => column.constraints.includes(key)).map(({ name }) => name.name);
}

function isRequired(
  name: string,
  action: ForeignKey["onDelete"],
  columns: readonly ColumnDefinition[],
  siblings: readonly Constraint[],
  table: Table | undefined,
  relaxed: readonly string[],
): boolean {
  const defined = columns.find((column) => column.name.name === name);
  if (defined !== undefined) {
    if (action === "set default" && defined.default !== null) return false;
    const isKey = [...siblings, ...defined.constraints].some(
      (one) => one.kind === "primary key" && one.columns.some((column) => column.name === name),
    );
    return defined.notNull !== null || isKey;
  }
  if (relaxed.includes(name)) return false;
  const known = table?.columns.find((column) => column.name === name);
  if (known === undefined || known.notNull !== "valid") return false;
  return action === "set null" || known.default === null;
}

/** SET NOT NULL on a column that a foreign key of the history sets to null. */
function* checkNotNull(action: ColumnAction, context: Context): Iterable<Finding> {
  const { table } = context.table;
  const key = context.schema
    .findTable(table)
    ?.constraints.find(
      (one) =>
        one.kind === "foreign key" &&
        one.columns.includes(action.column.name) &&
        (one.onDelete === "set null" || one.onUpdate === "set null"),
    );
  if (key === undefined || key.kind !== "foreign key") return;
  if (hasActionOn(context.table, "drop constraint", key.name)) return;
  const event = key.onDelete === "set null" ? "DELETE" : "UPDATE";
  yield {
    at: action.head,
    message: `From now on ${event === "DELETE" ? "deleting from" : "changing the key of"} ${key.references.name} fails where rows refer to it: ${key.name} says ON ${event} SET NULL`,
    showsImpact: false,
    advice: `Replace ${key.name} by a foreign key with ON ${event} CASCADE or RESTRICT first`,
  };
}
