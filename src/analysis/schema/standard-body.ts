import { nameOf } from "../../sql/names.ts";
import { areWords, isMark, isNameToken, isWord, tokensIn } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import type { KeptNames } from "../table-parts.ts";

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

/** Words before the name of a relation, and functions that are called with one of these words. */
const before: readonly string[] = ["from", "join", "into", "update"];
const withFrom: readonly string[] = ["extract", "substring", "trim", "overlay", "position"];

/** What a body names that is written without quotes; null: there is none. */
export function keptNames(text: string, span: Span): KeptNames | null {
  const all = tokensIn(text, span.start, span.end);
  const at = all.findIndex(
    (token, k) => isWord(text, token, "return") || areWords(text, all, k, "begin", "atomic"),
  );
  if (at === -1) return null;
  const tokens = all.slice(at + 1);
  const common = new Set(
    tokens.flatMap((token, k) =>
      areWords(text, tokens, k + 1, "as") && isMark(text, tokens[k + 2], "(") ? [nameOf(text, token)] : [],
    ),
  );
  const relations: { schema: string | null; name: string }[] = [];
  const opened: number[] = [];
  for (const [k, token] of tokens.entries()) {
    if (isMark(text, token, "(")) opened.push(k);
    else if (isMark(text, token, ")")) opened.pop();
    if (!before.some((word) => isWord(text, token, word))) continue;
    const called = tokens[(opened.at(-1) ?? 0) - 1];
    if (called !== undefined && withFrom.some((word) => isWord(text, called, word))) continue;
    if (isWord(text, tokens[k - 1], "distinct")) continue;
    const from = isWord(text, tokens[k + 1], "only") ? k + 2 : k + 1;
    const [first, mark, second] = tokens.slice(from, from + 3);
    if (first === undefined || !isNameToken(first)) continue;
    const isQualified = isMark(text, mark, ".") && second !== undefined;
    if (isMark(text, isQualified ? tokens[from + 3] : mark, "(") && !isWord(text, token, "into")) continue;
    const name = nameOf(text, isQualified ? second : first);
    if (isQualified) relations.push({ schema: nameOf(text, first), name });
    else if (!common.has(name)) relations.push({ schema: null, name });
  }
  return { relations, names: tokens.filter(isNameToken).map((token) => nameOf(text, token)) };
}
