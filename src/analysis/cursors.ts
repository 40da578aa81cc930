import type { Statement } from "../model/statement.ts";
import { nameOf } from "../sql/names.ts";
import { isWord, tokensIn } from "../sql/tokens.ts";
import type { Lock } from "./effect.ts";

/** Open cursors of a transaction by name, with the tables that they read, by id. */
export type Cursors = ReadonlyMap<string, readonly number[]>;

/** The cursors that are open after DECLARE and CLOSE. `locks`: what the statement locks. */
export function foldCursors(
  before: Cursors,
  statement: Statement,
  text: string,
  locks: readonly Lock[],
): Cursors {
  const isDeclared = statement.kind === "declare cursor";
  if (!isDeclared && (statement.kind !== "other" || statement.command !== "close")) return before;
  const [, named] = tokensIn(text, statement.span.start, statement.span.end);
  if (named === undefined) return before;
  const name = nameOf(text, named);
  if (!isDeclared && isWord(text, named, "all")) return new Map();
  const open = new Map(before);
  if (!isDeclared) open.delete(name);
  // A view is taken apart when the query is planned: its tables are what is read.
  else
    open.set(
      name,
      locks.flatMap(({ id, kind }) =>
        id !== null && (kind === "table" || kind === "materialized view") ? [id] : [],
      ),
    );
  return open;
}
