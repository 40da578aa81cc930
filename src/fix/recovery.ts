import { makeObjectName } from "../analysis/schema/naming.ts";
import type { TriedStatement } from "../engine/rehearsal.ts";
import { quoteLiteral, quoteName } from "../sql/names.ts";
import type { Remedy } from "./plan-types.ts";

/** How to go on when a step was cancelled, ran into lock_timeout or lost its connection. */
export function recoveryOf(
  statements: readonly TriedStatement[],
  isInTransaction: boolean,
  text: string,
): Remedy {
  const words: string[] = [];
  const sql: string[] = [];
  let finishes = false;
  // What it leaves, the build behind it leaves as well, and says more of it.
  const isBuilt = statements.some(
    ({ statement }) => statement.kind === "create index" && statement.concurrently,
  );
  for (const tried of statements) {
    const rest = isBuilt && tried.statement.kind === "drop" ? null : leftBy(tried, text);
    if (rest === null) continue;
    finishes ||= rest.finishes === true;
    words.push(rest.words);
    if (rest.sql !== "") sql.push(rest.sql);
  }
  if (words.length > 0)
    return {
      words: [...new Set(words)].join(" "),
      sql: sql.join("\n"),
      ...(finishes && { finishes }),
    };
  if (isInTransaction || statements.length < 2)
    return { words: "Nothing is left of it: run it again.", sql: "" };
  return {
    words: "Each statement commits by itself: see which of them have run, and go on with the next one.",
    sql: "",
  };
}

/** What an interrupted statement leaves behind; null: nothing. */
function leftBy(tried: TriedStatement, text: string): Remedy | null {
  const { statement, effects } = tried;
  const at = (span: { start: number; end: number }) => text.slice(span.start, span.end);
  switch (statement.kind) {
    case "create index": {
      if (!statement.concurrently) return null;
      const schema = statement.table.schema === null ? "" : `${at(statement.table.schema.span)}.`;
      const name = statement.index === null ? effects.buildsIndexes[0] : at(statement.index.span);
      return {
        words:
          "An index that is INVALID may be left, which serves no query and may cost every write: drop it, then run the step again.",
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
          "An INVALID copy of an index may be left, its name ending in _ccnew (in _ccold, where it was about to be done): drop it, then run the step again.",
        sql: copiesOf(tried).join("\n"),
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
        words: `Where SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = ${quoteLiteral(at(detach.partition.span))}::regclass says true it is half detached: finish it instead. Otherwise nothing is left of it: run it again.`,
        finishes: true,
        sql: `ALTER TABLE ${at(statement.table.span)} DETACH PARTITION ${at(detach.partition.span)} FINALIZE;`,
      };
    }
    default:
      return null;
  }
}

/** REINDEX CONCURRENTLY builds a copy beside each index, under a name that the server makes. */
function copiesOf({ effects, schema }: TriedStatement): string[] {
  return effects.locks.flatMap(({ id, kind }) => {
    const index = kind === "index" && id !== null ? schema.relationById(id) : undefined;
    if (index === undefined || !effects.buildsIndexes.includes(quoteName(index.name))) return [];
    const copy = quoteName(makeObjectName(index.name, null, "ccnew"));
    return [`DROP INDEX CONCURRENTLY IF EXISTS ${quoteName(index.schema)}.${copy};`];
  });
}
