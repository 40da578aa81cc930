import type { Token } from "../sql/token.ts";
import { textOf } from "../sql/tokens.ts";

/** What gives the columns of a query the types of others: of a table, or of the query beside it. */
const typing: ReadonlySet<string> = new Set(["insert", "union", "intersect", "except"]);

/**
 * Tells of a literal, by its place in the tokens of a statement, whether it is surely text since a query gives it as a column by
 * itself: `SELECT 'new' AS state`, or `CASE ... THEN 'new' ELSE 'old' END AS state` where all that CASE gives are literals.
 */
export function givenAsText(text: string, tokens: readonly Token[]): (k: number) => boolean {
  const words = tokens.map((token) => textOf(text, token).toLowerCase());
  if (words.some((word) => typing.has(word))) return () => false;
  const isTarget = (first: number, last: number) =>
    (words[first - 1] === "select" || words[first - 1] === ",") && words[last + 1] === "as";
  return (k) => {
    if (isTarget(k, k)) return true;
    const found = gives(words[k - 1]) ? caseAround(words, k) : null;
    if (found === null || !isTarget(found.first, found.last)) return false;
    return found.given.every((at) => tokens[at]?.kind === "string" && ends.has(words[at + 1] ?? ""));
  };
}

/** What stands behind a value that CASE gives. */
const ends: ReadonlySet<string> = new Set(["when", "else", "end"]);

function gives(word: string | undefined): boolean {
  return word === "then" || word === "else";
}

/** The CASE that a token stands in, and where the values begin that it gives; null where it is not closed. */
function caseAround(words: readonly string[], k: number) {
  let first = k;
  for (let depth = 1; first > 0 && depth > 0; ) {
    first -= 1;
    depth += words[first] === "end" ? 1 : words[first] === "case" ? -1 : 0;
  }
  const given: number[] = [];
  for (let at = first, depth = 0; at < words.length; at += 1) {
    if (words[at] === "case") depth += 1;
    else if (words[at] === "end") depth -= 1;
    else if (depth === 1 && gives(words[at])) given.push(at + 1);
    if (depth === 0) return words[first] === "case" ? { first, last: at, given } : null;
  }
  return null;
}
