import { concurrentlyInPlace, detachesInPlace, withFix } from "../src/recipes/alone.ts";
import { alterHead } from "../src/recipes/alter-table.ts";
import { outsideTransaction } from "../src/recipes/create-index.ts";
import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "detach-partition-without-concurrently",
  severity: "error",
  category: "lock",
  summary: "DETACH PARTITION without CONCURRENTLY",
  why: `
DETACH PARTITION takes an ACCESS EXCLUSIVE lock on the partitioned table, and from PostgreSQL 14 on on the partition. The work is short,
but the lock has to wait for every transaction that has used the table, and while it waits all later ones queue behind it.

From PostgreSQL 14 on CONCURRENTLY waits without keeping anybody out. It cannot run in a transaction, and it is refused while
there is a default partition: there plain DETACH is all there is, under a lock_timeout. If it is cancelled the partition stays
half detached, until ALTER TABLE ... DETACH PARTITION ... FINALIZE.`,
  instead: "DETACH PARTITION ... CONCURRENTLY, outside a transaction; FINALIZE if it was cancelled.",
  references: ["sql-altertable.html#SQL-ALTERTABLE-DESC-DETACH-PARTITION"],
  aliases: ["require-concurrent-partition-detach"],
  versions: { from: 14 },
  on: ["detach partition"],

  *check(action, context) {
    const { schema, table: statement } = context;
    if (action.concurrently || action.finalize || context.isNew(statement.table)) return;
    const { fails, uncertain } = context.effects;
    if (fails !== null && uncertain === null) return;
    const parent = schema.findTable(statement.table);
    const partition = schema.findTable(action.partition);
    const others = parent === undefined ? [] : schema.partitionsOf(parent.id);
    // Beside a default partition CONCURRENTLY is an error: there is nothing better to offer.
    if (others.some(({ id, partitionOf }) => partitionOf?.bound?.kind === "default" && id !== partition?.id))
      return;
    const sql = `${alterHead(statement, context)} ${context.text(action.span)} CONCURRENTLY;`;
    const isAlone = detachesInPlace(statement, schema);
    yield {
      at: action.head,
      message: `Reads and writes of ${context.nameOf(statement.table)} wait while ${context.nameOf(action.partition)} is detached, and while that waits for older queries`,
      ...withFix(isAlone ? concurrentlyInPlace(action.span.end, context) : null),
      rewrite: outsideTransaction("Detach it while others read and write", [sql], context),
      ...(parent?.isComplete === true
        ? {}
        : {
            advice:
              "PostgreSQL refuses CONCURRENTLY while the table has a default partition: then set lock_timeout and detach it as it is",
          }),
    };
  },
});
