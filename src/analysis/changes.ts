import type { CommonTable, DataChange } from "../model/query.ts";
import type { Statement } from "../model/statement.ts";

/** The statements that may change rows: by themselves, or in their WITH clause. */
export const changingKinds = ["update", "delete", "insert", "merge", "select"] as const;

export type ChangingStatement = Extract<Statement, { kind: (typeof changingKinds)[number] }>;

/** Of more common tables before a change only the nearest are its own: else each of thousands would hold all others. */
const mostBefore = 100;

/**
 * All changes of rows that a statement makes: its own, and those of its WITH clause, `WITH gone AS (DELETE ...) INSERT ...`. The
 * common tables before one in the text are taken to be its own: its WHERE may name them.
 */
export function changesOf(statement: ChangingStatement): DataChange[] {
  // PostgreSQL lets rows be changed in the WITH clause of the whole statement only.
  const tables = statement.kind === "select" ? statement.query.with : statement.with;
  const nested = tables.flatMap(({ query }, index): DataChange[] => {
    if (!isChange(query)) return [];
    const before = tables.slice(Math.max(index - mostBefore, 0), index);
    return [{ ...query, with: [...before, ...query.with] }];
  });
  return statement.kind === "select" ? nested : [statement, ...nested];
}

function isChange(query: CommonTable["query"]): query is DataChange {
  return ["update", "delete", "insert", "merge"].includes(query.kind);
}
