import type { Statement } from "../model/statement.ts";
import { nameOf, truncateName } from "../sql/names.ts";
import { isWord, tokensIn } from "../sql/tokens.ts";
import type { Span } from "../text/span.ts";
import { readQuery, startReading } from "./schema/scope.ts";
import type { Schema } from "./schema.ts";

/** A statement that PREPARE keeps for the session, and the text that its spans refer to. */
interface PreparedStatement {
  readonly statement: Statement;
  readonly text: string;
  /** The columns that it gave then, with their types; null: none, or nobody can tell. */
  readonly gives: Given | null;
}

/** The columns of a result; a type is null where nobody can tell it. */
type Given = readonly { readonly name: string; readonly type: string | null }[];

export type Prepared = ReadonlyMap<string, PreparedStatement>;

export const nonePrepared: Prepared = new Map();

/** The statements that are prepared after PREPARE, DEALLOCATE and DISCARD ALL; no rollback takes one back. */
export function foldPrepared(
  before: Prepared,
  statement: Statement,
  {
    text,
    schema,
    searchPath,
  }: { readonly text: string; readonly schema: Schema; readonly searchPath: readonly string[] },
): Prepared {
  if (statement.kind === "prepare") {
    const { name, statement: inner } = statement;
    return new Map(before).set(name, { statement: inner, text, gives: givenBy(inner, schema, searchPath) });
  }
  if (statement.kind !== "other" || before.size === 0) return before;
  if (statement.command !== "deallocate" && !statement.command.startsWith("discard")) return before;
  const tokens = tokensIn(text, statement.span.start, statement.span.end);
  const last = tokens.at(-1);
  if (last === undefined) return before;
  if (isWord(text, last, "all")) return nonePrepared;
  if (statement.command !== "deallocate") return before;
  const left = new Map(before);
  left.delete(truncateName(nameOf(text, last)));
  return left;
}

/** The columns that a query gives, with their types as far as they can be told. */
export function givenBy(statement: Statement, schema: Schema, searchPath: readonly string[]): Given | null {
  if (statement.kind !== "select") return null;
  const find = (named: string | null, name: string) =>
    schema.findRelation({ schema: named, name }, searchPath);
  const outputs = readQuery(startReading(find), statement.query);
  if (outputs === null) return null;
  return outputs.map(({ name, type }) => ({
    name,
    type: type == null ? null : JSON.stringify([type.name, type.modifiers, type.dimensions]),
  }));
}

/** Whether a query surely gives something else than it did. */
export function isOtherwise(before: Given | null, now: Given | null): boolean {
  if (before === null || now === null) return false;
  return (
    before.length !== now.length ||
    before.some(({ name, type }, index) => {
      const other = now[index];
      return name !== other?.name || (type !== null && other.type !== null && type !== other.type);
    })
  );
}

/** The name that EXECUTE asks for. */
export function nameExecuted(text: string, span: Span): string | null {
  const tokens = tokensIn(text, span.start, span.end);
  const at = tokens.findIndex((token) => isWord(text, token, "execute"));
  const named = at === -1 ? undefined : tokens[at + 1];
  return named === undefined ? null : truncateName(nameOf(text, named));
}
