import { areWords, isWord, tokensIn } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";

/**
 * The body of a function that is written without quotes, as a quoted one would say it: `RETURN a + 1` and
 * `BEGIN ATOMIC SELECT a + 1; END`. Null where it reads relations: the server keeps hold of these, whatever they are called later.
 */
export function standardBody(text: string, span: Span): string | null {
  const tokens = tokensIn(text, span.start, span.end);
  const at = tokens.findIndex(
    (token, k) => isWord(text, token, "return") || areWords(text, tokens, k, "begin", "atomic"),
  );
  if (at === -1) return null;
  const isReturn = isWord(text, tokens[at], "return");
  const inside = isReturn ? tokens.slice(at + 1) : tokens.slice(at + 2, -1);
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined) return null;
  if (!isReturn && !isWord(text, first, "select")) return null;
  if (inside.some((token) => isWord(text, token, "from"))) return null;
  return `${isReturn ? "SELECT " : ""}${text.slice(first.start, last.end)}`;
}
