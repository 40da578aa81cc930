import { changesOf, changingKinds } from "../src/analysis/changes.ts";
import { labelOf } from "../src/analysis/effect.ts";
import { isFew } from "../src/analysis/row-bounds.ts";
import type { HeldLock } from "../src/analysis/session.ts";
import type { DataChange } from "../src/model/query.ts";
import { boundInLoop } from "../src/recipes/loops.ts";
import { type Context, defineRule } from "../src/rule.ts";

export default defineRule({
  id: "backfill-with-ddl",
  severity: "error",
  category: "transaction",
  summary: "Rows changed in bulk in the transaction that holds an ACCESS EXCLUSIVE lock on their table",
  why: `
ALTER TABLE is over in milliseconds, but its ACCESS EXCLUSIVE lock stays until the transaction ends. An UPDATE of many rows in
the same transaction makes every reader and writer of the table wait for all of it.`,
  instead: `
Three migrations: change the schema; fill the rows in batches, outside of that transaction; then add what needs the rows to
be filled, such as NOT NULL.`,
  references: ["explicit-locking.html#LOCKING-TABLES", "sql-altertable.html"],
  on: changingKinds,

  *check(statement, context) {
    for (const change of changesOf(statement)) {
      const lock = heldLock(change, context);
      if (lock === undefined || lock.mode !== "ACCESS EXCLUSIVE" || !lock.existed) continue;
      if (context.isNew(change.table) || isSmall(change, context)) continue;
      const table = context.nameOf(change.table);
      yield {
        at: change.head,
        message: `Reads and writes of ${table} wait until these rows are changed: an earlier statement of this transaction has locked it`,
        showsImpact: false,
        advice: "Move it into a migration of its own behind this one, in batches that commit",
      };
    }
  },
});

function heldLock(change: DataChange, context: Context): HeldLock | undefined {
  const table = context.schema.findTable(change.table);
  const schema = table?.schema ?? change.table.schema?.name ?? "public";
  return context.session.locks.get(labelOf({ schema, name: table?.name ?? change.table.name.name }));
}

function isSmall(change: DataChange, context: Context): boolean {
  if ((context.declared(change.table)?.rows ?? Number.POSITIVE_INFINITY) <= 10_000) return true;
  if (change.kind === "insert") return change.source === null || isFew(change.source, context.schema);
  return boundInLoop(change, context) === "few";
}
