import type { TriedStatement } from "../engine/rehearsal.ts";
import type { Remedy } from "./plan-types.ts";

/** How to go on when a step was cancelled, ran into lock_timeout or lost its connection. */
export function recoveryOf(
  statements: readonly TriedStatement[],
  isInTransaction: boolean,
  text: string,
): Remedy {
  const words: string[] = [];
  const sql: string[] = [];
  for (const tried of statements) {
    const rest = leftBy(tried, text);
    if (rest === null) continue;
    words.push(rest.words);
    if (rest.sql !== "") sql.push(rest.sql);
  }
  if (words.length > 0) return { words: [...new Set(words)].join(" "), sql: sql.join("\n") };
  if (isInTransaction || statements.length < 2)
    return { words: "Nothing is left of it: run it again.", sql: "" };
  return {
    words: "Each statement commits by itself: see which of them have run, and go on with the next one.",
    sql: "",
  };
}

/** What an interrupted statement leaves behind; null: nothing. */
function leftBy({ statement, effects }: TriedStatement, text: string): Remedy | null {
  const at = (span: { start: number; end: number }) => text.slice(span.start, span.end);
  switch (statement.kind) {
    case "create index": {
      if (!statement.concurrently) return null;
      const schema = statement.table.schema === null ? "" : `${at(statement.table.schema.span)}.`;
      const name = statement.index === null ? effects.buildsIndexes[0] : at(statement.index.span);
      return {
        words:
          "An index that is INVALID may be left, which costs writes and serves no query: drop it, then run the step again.",
        sql: name === undefined ? "" : `DROP INDEX CONCURRENTLY IF EXISTS ${schema}${name};`,
      };
    }
    case "drop":
      if (!statement.concurrently) return null;
      return { words: "An index that is INVALID may be left: run the step again.", sql: "" };
    case "reindex":
      if (!statement.concurrently) return null;
      return {
        words:
          "An INVALID copy of the index, its name ending in _ccnew or _ccold, may be left: drop it with DROP INDEX CONCURRENTLY, then run the step again.",
        sql: "",
      };
    case "do":
      return {
        words: "The batches that were committed stay: run it again, it goes on with what is left to do.",
        sql: "",
      };
    case "alter table": {
      const detach = statement.actions.find(({ kind }) => kind === "detach partition");
      if (detach?.kind !== "detach partition" || !detach.concurrently) return null;
      return {
        words: "The partition may be half detached: finish it.",
        sql: `ALTER TABLE ${at(statement.table.span)} DETACH PARTITION ${at(detach.partition.span)} FINALIZE;`,
      };
    }
    default:
      return null;
  }
}
