import type { Truncate } from "../src/model/statement.ts";
import { batchKey } from "../src/recipes/backfill.ts";
import { deleteBatch } from "../src/recipes/delete-rows.ts";
import { renderList } from "../src/recipes/words.ts";
import { type Context, defineRule } from "../src/rule.ts";
import { isWord, tokenize } from "../src/sql/tokens.ts";

export default defineRule({
  id: "truncate",
  severity: "warning",
  category: "lock",
  summary: "TRUNCATE of a table that may be in use",
  why: `
TRUNCATE takes an ACCESS EXCLUSIVE lock: it waits for every transaction that uses the table, and all later reads and writes queue behind it.
All rows are gone at once, without any trigger FOR EACH ROW; a transaction with an older snapshot then sees an empty table.

With CASCADE it empties every table whose foreign keys point at this one as well, and those that point at them.`,
  instead:
    "Delete the rows in batches, each in a transaction of its own. Old data that goes regularly belongs in partitions, which can be detached and dropped.",
  references: ["sql-truncate.html"],
  aliases: ["ban-truncate-cascade"],
  on: ["truncate"],

  *check(truncate, context) {
    const { fails, uncertain, locks } = context.effects;
    if (fails !== null && uncertain === null) return;
    const tables = truncate.tables.filter((table) => !context.isNew(table));
    if (tables.length === 0) return;
    const names = tables.map((table) => context.nameOf(table));
    const reached = locks
      .filter(({ because, kind }) => kind === "table" && because === "reached by CASCADE")
      .map(({ relation }) => relation.replace(/^public\./, ""));
    const isWide = truncate.cascade && (reached.length > 0 || !context.schema.isComplete);
    const along =
      reached.length > 0
        ? ` and of ${renderList(reached)}`
        : isWide
          ? " and of every table that references it"
          : "";
    yield {
      at: truncate.head,
      message: `Reads and writes of ${renderList(names)} wait for this TRUNCATE; all rows${along === "" ? "" : `, its own${along},`} are gone for good`,
      ...(isWide ? { severity: "error" as const } : {}),
      ...(isWide
        ? { advice: "Delete the rows of the referencing tables first, in batches, then those of this one" }
        : hasOnly(truncate, context)
          ? {
              advice: "Delete the rows in batches, with ONLY as well, each batch in a transaction of its own",
            }
          : {
              rewrite: tables.map((table) =>
                deleteBatch(context.nameOf(table), batchKey(table, context), context),
              ),
            }),
    };
  },
});

/** ONLY spares the tables that inherit from this one, as DELETE has to, too. */
function hasOnly(truncate: Truncate, context: Context): boolean {
  const text = context.sourceText;
  return tokenize(text, truncate.span.start, truncate.span.end).some((token) => isWord(text, token, "only"));
}
