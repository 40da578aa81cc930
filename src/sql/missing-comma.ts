import type { Token } from "./token.ts";
import { areWords, isMark, isNameToken, isWord, textOf } from "./tokens.ts";

/** Whether a list most likely goes on at this token, of which the comma before it is missing. */
export function lacksComma(text: string, tokens: readonly Token[], at: number): boolean {
  const [last, own, next] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (last === undefined || own === undefined || isMark(text, last, ",") || isMark(text, last, "("))
    return false;
  const starts = (...words: string[]) => areWords(text, tokens, 0, ...words);
  // SET a = 1 b = 2, but not WHERE a = 1 b = 2.
  if (starts("update"))
    return isNameToken(own) && isMark(text, next, "=") && !hasBefore(text, tokens, at, "where");
  // VALUES (1, 2) (3, 4)
  if (starts("insert") && isMark(text, own, "("))
    return isMark(text, last, ")") && hasBefore(text, tokens, at, "values");
  if (depthAt(text, tokens, at) !== 1) return false;
  if (starts("insert"))
    return isNameToken(own) && isNameToken(last) && !hasBefore(text, tokens, at, "values");
  // A column begins a line of its own, with its name and its type.
  if (starts("create", "table")) {
    const isNewLine = text.slice(last.end, own.start).includes("\n");
    return isNewLine && isNameToken(own) && next !== undefined && types.has(textOf(text, next).toLowerCase());
  }
  return starts("create", "type") && own.kind === "string" && last.kind === "string";
}

/** Types that columns have most often. */
const types: ReadonlySet<string> = new Set(
  (
    "bigint bigserial boolean bool bytea char character citext date decimal double float int int4 int8 integer interval json " +
    "jsonb numeric real serial smallint text time timestamp timestamptz uuid varchar"
  ).split(" "),
);

/** How many parentheses are open in front of the token. */
function depthAt(text: string, tokens: readonly Token[], at: number): number {
  let depth = 0;
  for (const token of tokens.slice(0, at)) {
    if (isMark(text, token, "(")) depth += 1;
    else if (isMark(text, token, ")")) depth -= 1;
  }
  return depth;
}

function hasBefore(text: string, tokens: readonly Token[], at: number, word: string): boolean {
  return tokens.slice(0, at).some((token) => isWord(text, token, word));
}
