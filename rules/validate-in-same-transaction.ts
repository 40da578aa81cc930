import { labelOf } from "../src/analysis/effect.ts";
import { blocksReads } from "../src/model/locks.ts";
import { addedBefore } from "../src/recipes/added-constraint.ts";
import { alterHead } from "../src/recipes/alter-table.ts";
import { type Context, defineRule } from "../src/rule.ts";

export default defineRule({
  id: "validate-in-same-transaction",
  severity: "error",
  category: "lock",
  summary: "VALIDATE CONSTRAINT in the transaction that added the constraint NOT VALID",
  why: `
VALIDATE CONSTRAINT by itself takes a lock that lets others read and write. But the lock of ADD CONSTRAINT ... NOT VALID is kept until
the transaction ends: ACCESS EXCLUSIVE for a CHECK, SHARE ROW EXCLUSIVE on both tables for a foreign key. In the same
transaction the rows are read under that lock, and nothing is gained over adding the constraint in one go.`,
  instead: "Put VALIDATE CONSTRAINT into the next migration, so that the first lock is gone by then.",
  references: ["sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  aliases: ["constraint-missing-not-valid"],
  on: ["validate constraint"],

  *check(action, context) {
    const { table: statement } = context;
    if (context.isNew(statement.table)) return;
    const name = action.constraint.name;
    const added = addedBefore(name, statement, context);
    if (added === null) return;
    const table = context.nameOf(statement.table);
    const isStrong = added !== "foreign key" || blocksReadsAlready(context);
    yield {
      at: action.head,
      message: `${isStrong ? "Reads and writes" : "Writes"} of ${table} wait while every row is checked: the locks of adding it are still held`,
      rewrite: [
        {
          title: "Validate it in a migration of its own",
          sql: `${alterHead(statement, context)} VALIDATE CONSTRAINT ${context.text(action.constraint.span)};`,
          transaction: true,
          after: "the migration that adds it is committed",
        },
      ],
    };
  },
});

/** Whether an earlier statement keeps readers out as well. */
function blocksReadsAlready(context: Context): boolean {
  const table = context.schema.findTable(context.table.table);
  const label = table === undefined ? null : labelOf(table);
  const held = label === null ? undefined : context.session.locks.get(label);
  return held !== undefined && blocksReads(held.mode);
}
