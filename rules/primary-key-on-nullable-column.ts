import type { KeyConstraint } from "../src/model/table.ts";
import { alterHead } from "../src/recipes/alter-table.ts";
import { isMadeNotNull, isNullable, provesNotNull } from "../src/recipes/known-not-null.ts";
import { notNullOfKey } from "../src/recipes/not-null-of-key.ts";
import { renderList } from "../src/recipes/words.ts";
import { type Context, defineRule, type Migration } from "../src/rule.ts";
import { quoteName } from "../src/sql/names.ts";
import type { Span } from "../src/text/span.ts";

export default defineRule({
  id: "primary-key-on-nullable-column",
  severity: "warning",
  category: "lock",
  summary: "PRIMARY KEY over a column that is not known to be NOT NULL",
  why: `
A primary key makes its columns NOT NULL. Where they are not so already, PostgreSQL reads every row to look for nulls, under the
ACCESS EXCLUSIVE lock of ADD PRIMARY KEY, and fails if it finds one. This is true of USING INDEX as well, which builds nothing
and is thought to be quick.

A valid CHECK constraint that proves it saves the scan, as it does for SET NOT NULL.`,
  instead:
    "Make the columns NOT NULL first, without a scan under the lock: a constraint NOT VALID, VALIDATE, SET NOT NULL.",
  references: ["sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX"],
  on: ["add constraint"],

  *check(action, context) {
    const { constraint } = action;
    const { table } = context.table;
    if (constraint.kind !== "primary key" || context.hasNoRows(table)) return;
    const { effects } = context;
    if (effects.scans.length === 0 || (effects.fails !== null && effects.uncertain === null)) return;
    const columns = columnsOf(constraint, context);
    if (columns?.length === 0) return;
    const tableName = context.nameOf(table);
    const which = columns === null ? "the columns of the key" : renderList(columns.map(quoteName));
    yield {
      at: action.head,
      message: `Reads and writes of ${tableName} wait while every row is checked for nulls in ${which}`,
      ...(columns === null
        ? {
            advice:
              "Make its columns NOT NULL before: a CHECK or NOT NULL constraint NOT VALID, VALIDATE, then the key",
          }
        : { rewrite: [...notNullOfKey(columns, context), ...keyItself(constraint, action.span, context)] }),
    };
  },
});

/**
 * The columns that may hold nulls; null where nobody knows which they are. Where the index is built at the same time
 * constraint-builds-index speaks, and its way round includes this: only a column that is known to allow nulls counts then.
 */
function columnsOf(key: KeyConstraint, context: Context): readonly string[] | null {
  if (key.usingIndex === null)
    return key.columns
      .map(({ name }) => name)
      .filter((name) => isNullable(name, context) && !isMadeNotNull(name, context));
  const schema =
    context.schema.findTable(context.table.table)?.schema ?? context.table.table.schema?.name ?? null;
  const index = context.schema.findIndex({ schema, name: key.usingIndex.name });
  if (index === undefined) return null;
  return index.keys.flatMap((name) =>
    name === null || provesNotNull(name, context) || isMadeNotNull(name, context) ? [] : [name],
  );
}

/** With USING INDEX the key is then as cheap as it looks. */
function keyItself(key: KeyConstraint, action: Span, context: Context): Migration[] {
  if (key.usingIndex === null) return [];
  const sql = `${alterHead(context.table, context)} ${context.text(action)};`;
  return [{ title: "Add the key: nothing is built, nothing is read", sql, transaction: true }];
}
