import type { Expression } from "../model/expression.ts";
import type { Query } from "../model/query.ts";
import type { Statement } from "../model/statement.ts";
import { openReader, type Piece, type Reader, returnTo } from "./fast-path/reader.ts";
import { formsOf, matcherOf } from "./fast-path/statements.ts";
import type { Values } from "./locate/values.ts";
import type { ParseResult, ParserInput } from "./parser.ts";

/** The answer of {@link readFast}; null where the grammar has to be asked. */
export function parseFast(input: ParserInput): ParseResult | null {
  const statement = readFast(input);
  return statement === null ? null : { outcome: "statement", statement };
}

/**
 * Reads a statement without PostgreSQL's grammar, where it certainly is one: the result is then what the grammar would
 * have given. Null says nothing about the statement but that the grammar has to be asked. Never throws for bad SQL.
 */
export function readFast(input: ParserInput): Statement | null {
  const { text, statement } = input;
  if (statement.metas.length > 0 || statement.data !== null) return null;
  // The grammar would end at it.
  if (text.slice(statement.start, statement.end).includes("\0")) return null;
  const reader = openReader(input);
  if (reader === null) return null;
  const [first = 0, next = 0] = reader.codes;
  for (const { second, part, read } of formsOf(first)) {
    if (second !== null && !second.has(next)) continue;
    returnTo(reader, 0, 0);
    reader.depth = 0;
    if (!matcherOf(part)(reader) || reader.at !== reader.cursor.end) continue;
    const values = createValues(reader);
    const found = read(reader.cursor, values);
    return values.isUsedUp() ? found : null;
  }
  return null;
}

const nothing: Expression = { kind: "special", name: "nothing", arguments: [] };
const noQuery: Query = { kind: "values", rows: [], with: [] };

/** Hands over what was read. Whoever asks for more than there is, or for less, has read another statement. */
function createValues({ pieces }: Reader): Values & { isUsedUp(): boolean } {
  let used = 0;
  const next = { expression: 0, query: 0, common: 0, sources: 0 };
  const take = <Kind extends Piece["kind"]>(kind: Kind): Extract<Piece, { kind: Kind }> | null => {
    used++;
    for (let at = next[kind]; at < pieces.length; at++) {
      const piece = pieces[at];
      if (piece?.kind !== kind) continue;
      next[kind] = at + 1;
      return piece as Extract<Piece, { kind: Kind }>;
    }
    return null;
  };
  return {
    expression: () => take("expression")?.value ?? nothing,
    query: () => take("query")?.value ?? noQuery,
    change: () => take("common")?.value ?? noQuery,
    sources: () => take("sources")?.value ?? [],
    isUsedUp: () => used === pieces.length,
  };
}
