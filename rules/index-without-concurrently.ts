import { timeoutSeconds } from "../src/analysis/session.ts";
import type { CreateIndex } from "../src/model/statement.ts";
import { concurrentIndexRecipe } from "../src/recipes/create-index.ts";
import { type Context, defineRule, type Fix } from "../src/rule.ts";

export default defineRule({
  id: "index-without-concurrently",
  severity: "error",
  category: "lock",
  summary: "CREATE INDEX without CONCURRENTLY on a table that may hold rows",
  why: `
CREATE INDEX takes a SHARE lock on the table and keeps it until the transaction ends. Reads go on, but every INSERT,
UPDATE and DELETE waits for the whole build: seconds on a small table, an hour on a large one.

CREATE INDEX CONCURRENTLY reads the table twice and waits for older transactions, so it takes longer, but nobody waits
for it. It cannot run in a transaction, and when it fails it leaves an INVALID index that has to be dropped.`,
  instead: `
Build the index with CREATE INDEX CONCURRENTLY, in a migration of its own that runs outside a transaction. If it fails,
drop what it left with DROP INDEX CONCURRENTLY and run it again.`,
  references: ["sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY", "explicit-locking.html"],
  aliases: ["require-concurrent-index-creation"],
  on: ["create index"],

  *check(index, context) {
    if (index.concurrently || context.isNew(index.table)) return;
    // A partitioned table has no concurrent form; partitioned-index knows the way round.
    if (isPartitioned(index, context)) return;
    const fix = fixInPlace(index, context);
    yield {
      at: index.head,
      message: `Writes to ${context.nameOf(index.table)} wait until the index is built`,
      ...(fix === null ? {} : { fix }),
      rewrite: concurrentIndexRecipe(index, context),
    };
  },
});

function isPartitioned(index: CreateIndex, context: Context): boolean {
  return (context.schema.findTable(index.table)?.partitionBy ?? null) !== null;
}

/** CONCURRENTLY can be put into the file itself only where the statement then runs, and leaves nothing half done unseen. */
function fixInPlace(index: CreateIndex, context: Context): Fix | null {
  const { session } = context;
  if (session.transaction !== "autocommit" || context.isInBody || index.ifNotExists) return null;
  const hasTimeout = ["lock_timeout", "statement_timeout"].some(
    (name) => (timeoutSeconds(session, name) ?? 0) > 0,
  );
  if (hasTimeout) return null;
  return {
    title: "Add CONCURRENTLY",
    edits: [{ start: index.head.end, end: index.head.end, text: " CONCURRENTLY" }],
  };
}
