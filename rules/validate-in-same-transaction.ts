import { labelOf } from "../src/analysis/effect.ts";
import { blocksReads, blocksWrites, type LockMode } from "../src/model/locks.ts";
import { addedBefore } from "../src/recipes/added-constraint.ts";
import { alterHead } from "../src/recipes/alter-table.ts";
import { type Context, defineRule } from "../src/rule.ts";

export default defineRule({
  id: "validate-in-same-transaction",
  severity: "error",
  category: "lock",
  summary:
    "VALIDATE CONSTRAINT in the transaction that added the constraint NOT VALID, or beside what locks more",
  why: `
VALIDATE CONSTRAINT by itself takes a lock that lets others read and write. But the lock of ADD CONSTRAINT ... NOT VALID is kept until
the transaction ends: ACCESS EXCLUSIVE for a CHECK, SHARE ROW EXCLUSIVE on both tables for a foreign key. In the same
transaction the rows are read under that lock, and nothing is gained over adding the constraint in one go.

The other actions of an ALTER TABLE do the same: the strongest lock that one of them needs is taken before the first of them runs.`,
  instead: "Put VALIDATE CONSTRAINT into the next migration, so that the other lock is gone by then.",
  references: ["sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  aliases: ["constraint-missing-not-valid"],
  on: ["validate constraint"],

  *check(action, context) {
    const { table: statement } = context;
    if (context.isNew(statement.table)) return;
    const name = action.constraint.name;
    const added = addedBefore(name, statement, context);
    const beside = added === null ? lockBeside(context) : null;
    if (added === null && beside === null) return;
    const table = context.nameOf(statement.table);
    const isStrong =
      (beside === null ? added !== "foreign key" : blocksReads(beside)) || blocksReadsAlready(context);
    const why =
      beside === null ? "the locks of adding it are still held" : "other actions of this ALTER TABLE lock it";
    yield {
      at: action.head,
      message: `${isStrong ? "Reads and writes" : "Writes"} of ${table} wait while every row is checked: ${why}`,
      rewrite: [
        {
          title: "Validate it in a migration of its own",
          sql: `${alterHead(statement, context)} VALIDATE CONSTRAINT ${context.text(action.constraint.span)};`,
          transaction: true,
          after: beside === null ? "the migration that adds it is committed" : "the rest of it is committed",
        },
      ],
    };
  },
});

/** The lock that other actions of the statement need while this one reads the rows; null where writers go on, or all is rewritten. */
function lockBeside({ effects, statementEffects }: Context): LockMode | null {
  if (statementEffects.rewrites.length > 0) return null;
  const held = statementEffects.locks.find(
    ({ relation, mode }) => blocksWrites(mode) && effects.scans.includes(relation),
  );
  return held?.mode ?? null;
}

/** Whether an earlier statement keeps readers out as well. */
function blocksReadsAlready(context: Context): boolean {
  const table = context.schema.findTable(context.table.table);
  const label = table === undefined ? null : labelOf(table);
  const held = label === null ? undefined : context.session.locks.get(label);
  return held !== undefined && blocksReads(held.mode);
}
