import type { CreateIndex } from "../src/model/statement.ts";
import { concurrentlyInPlace, withFix } from "../src/recipes/alone.ts";
import { concurrentIndexRecipe, concurrentlyNamed } from "../src/recipes/create-index.ts";
import { type Context, defineRule } from "../src/rule.ts";

export default defineRule({
  id: "index-without-concurrently",
  severity: "error",
  category: "lock",
  summary: "CREATE INDEX without CONCURRENTLY on a table that may hold rows",
  why: `
CREATE INDEX takes a SHARE lock on the table and keeps it until the transaction ends. Reads go on, but every INSERT,
UPDATE and DELETE waits for the whole build: seconds on a small table, an hour on a large one.

CREATE INDEX CONCURRENTLY reads the table twice and waits for older transactions, so it takes longer, but no read
or write waits for it. It cannot run in a transaction, and when it fails it leaves an INVALID index that has to be dropped.`,
  instead: `
Build the index with CREATE INDEX CONCURRENTLY, in a migration of its own that runs outside a transaction. If it fails,
drop what it left with DROP INDEX CONCURRENTLY and run it again.`,
  references: ["sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY", "explicit-locking.html"],
  aliases: ["require-concurrent-index-creation"],
  on: ["create index"],

  *check(index, context) {
    if (index.concurrently || context.hasNoRows(index.table)) return;
    // The history has made it already: nothing is built.
    if (index.ifNotExists && context.effects.buildsIndexes.length === 0) return;
    // Who says ONLY of a table that the history does not know means the index of a partitioned one, which is empty.
    if (index.only && context.schema.findRelation(index.table) === undefined) return;
    // A partitioned table has no concurrent form; partitioned-index knows the way round.
    if (isPartitioned(index, context)) return;
    // Over what a failed build left IF NOT EXISTS would do nothing: it takes more than one word then.
    const fix = index.ifNotExists
      ? null
      : concurrentlyInPlace(index.head.end, context, concurrentlyNamed(index, context));
    yield {
      at: index.head,
      message: `Writes to ${context.nameOf(index.table)} wait until the index is built`,
      ...withFix(fix),
      rewrite: concurrentIndexRecipe(index, context),
    };
  },
});

function isPartitioned(index: CreateIndex, context: Context): boolean {
  return (context.schema.findTable(index.table)?.partitionBy ?? null) !== null;
}
