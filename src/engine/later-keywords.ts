import type { ParseResult } from "../parse/parser.ts";
import type { Token } from "../sql/token.ts";
import { textOf } from "../sql/tokens.ts";

/**
 * Words that may not stand for a routine, a parameter or a type of somebody's own, by the major from which on: pg_get_keywords()
 * of 12 to 18. The grammar that reads statements is the newest.
 */
const keywordSince = new Map([
  ["normalize", 13],
  ["json_array", 16],
  ["json_arrayagg", 16],
  ["json_object", 16],
  ["json_objectagg", 16],
  ["system_user", 16],
  ["json", 17],
  ["json_exists", 17],
  ["json_query", 17],
  ["json_scalar", 17],
  ["json_serialize", 17],
  ["json_table", 17],
  ["json_value", 17],
  ["merge_action", 17],
]);

/** The answer of the parser, where a syntax error may be none on `version`: the word there, or before it, is a plain name. */
export function orPlainName(
  result: ParseResult,
  text: string,
  tokens: readonly Token[],
  version: number,
): ParseResult {
  if (result.outcome !== "syntax error") return result;
  const found = tokens.findIndex(({ start }) => start >= result.at.start);
  const index = found < 0 ? tokens.length : found;
  for (const token of [tokens[index], tokens[index - 1]]) {
    if (token?.kind !== "word") continue;
    const word = textOf(text, token).toLowerCase();
    const since = keywordSince.get(word);
    if (since === undefined || since <= version) continue;
    const reason = `${word} is a name on PostgreSQL ${version}, and a keyword of the grammar that reads it from ${since} on`;
    return { outcome: "not understood", reason };
  }
  return result;
}
