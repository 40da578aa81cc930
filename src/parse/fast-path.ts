import type { Expression } from "../model/expression.ts";
import type { Query } from "../model/query.ts";
import type { Statement } from "../model/statement.ts";
import { openReader, type Reader } from "./fast-path/reader.ts";
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
    restart(reader);
    if (!matcherOf(part)(reader) || reader.at !== reader.cursor.end) continue;
    const values = createValues(reader);
    const found = read(reader.cursor, values);
    return values.isUsedUp() ? found : null;
  }
  return null;
}

function restart(reader: Reader): void {
  reader.at = 0;
  reader.depth = 0;
  for (const list of [reader.expressions, reader.queries, reader.common, reader.sources]) list.length = 0;
}

const nothing: Expression = { kind: "special", name: "nothing", arguments: [] };
const noQuery: Query = { kind: "values", rows: [], with: [] };

/** Hands over what was read. Whoever asks for more than there is, or for less, has read another statement. */
function createValues(reader: Reader): Values & { isUsedUp(): boolean } {
  const used = { expressions: 0, queries: 0, common: 0, sources: 0 };
  return {
    expression: () => reader.expressions[used.expressions++] ?? nothing,
    query: () => reader.queries[used.queries++] ?? noQuery,
    change: () => reader.common[used.common++] ?? noQuery,
    sources: () => reader.sources[used.sources++] ?? [],
    isUsedUp: () =>
      used.expressions === reader.expressions.length &&
      used.queries === reader.queries.length &&
      used.common === reader.common.length &&
      used.sources === reader.sources.length,
  };
}
