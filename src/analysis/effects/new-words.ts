import type { Statement } from "../../model/statement.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isWord, tokenize } from "../../sql/tokens.ts";
import type { Ledger } from "./ledger.ts";
import { needVersion } from "./ledger.ts";

/** Words in a row that the grammar has not always had: what they are called, since when, and what older servers say. */
const rows: readonly (readonly [words: string, what: string, since: number, sqlstate?: string])[] = [
  ["with ties", "FETCH FIRST ... WITH TIES", 13],
  ["group by distinct", "GROUP BY DISTINCT", 14],
  ["search depth first", "SEARCH of a recursive query", 14],
  ["search breadth first", "SEARCH of a recursive query", 14],
  [") cycle", "CYCLE of a recursive query", 14],
  ["is json", "IS JSON", 16],
  ["is not json", "IS JSON", 16],
  ["json_table (", "JSON_TABLE()", 17],
  // Older servers take these for functions.
  ["json_exists (", "JSON_EXISTS()", 17, "42883"],
  ["json_value (", "JSON_VALUE()", 17, "42883"],
  ["json_query (", "JSON_QUERY()", 17, "42883"],
  ["returning with (", "RETURNING WITH (OLD AS ...)", 18],
];

/** What stands first in a row: all but a few statements hold none of them, and are not worth a list of tokens. */
const first = /\b(?:ties|group|search|cycle|json\w*|returning)\b/i;

const queries: ReadonlySet<Statement["kind"]> = new Set([
  "select",
  "insert",
  "update",
  "delete",
  "merge",
  "create view",
  "create table as",
  "declare cursor",
] as const);

/** Refuses what only newer servers than the target understand of a query, seen from its words. */
export function checkWords(ledger: Ledger, statement: Statement): void {
  const { text, version } = ledger.world;
  if (version >= 18 || !queries.has(statement.kind)) return;
  const { start, end } = statement.span;
  if (!first.test(text.slice(start, end))) return;
  const tokens = tokenize(text, start, end).filter(({ kind }) => kind !== "comment");
  for (const [words, what, since, sqlstate] of rows)
    if (version < since && stands(text, tokens, words.split(" "))) needVersion(ledger, since, what, sqlstate);
}

function stands(text: string, tokens: readonly Token[], words: readonly string[]): boolean {
  const is = (token: Token | undefined, word: string) =>
    word === "(" || word === ")"
      ? isMark(text, token, word)
      : token !== undefined && isWord(text, token, word);
  return tokens.some((_, at) => words.every((word, k) => is(tokens[at + k], word)));
}
