import type { Token } from "../sql/token.ts";
import { textOf } from "../sql/tokens.ts";
import { casesIn, outermostCases } from "./case-values.ts";

/** What gives the columns of a query the types of others: of a table, or of the query beside it. */
const typing: ReadonlySet<string> = new Set(["insert", "union", "intersect", "except"]);

/**
 * Tells of a literal, by its place in the tokens of a statement, whether it is surely text since a query gives it as a column by
 * itself: `SELECT 'new' AS state`, or `CASE ... THEN 'new' ELSE 'old' END AS state` where all that CASE gives are literals. The
 * tokens are gone through once, when first asked.
 */
export function givenAsText(text: string, tokens: readonly Token[]): (k: number) => boolean {
  let asText: ReadonlySet<number> | null = null;
  return (k) => {
    asText ??= textTargets(
      tokens.map((token) => textOf(text, token).toLowerCase()),
      tokens,
    );
    return asText.has(k);
  };
}

function textTargets(words: readonly string[], tokens: readonly Token[]): ReadonlySet<number> {
  const found = new Set<number>();
  if (words.some((word) => typing.has(word))) return found;
  const isTarget = (first: number, last: number) =>
    (words[first - 1] === "select" || words[first - 1] === ",") &&
    (words[last + 1] === "as" || words[last + 1] === "from");
  const isLiteral = (at: number) => tokens[at]?.kind === "string";
  for (const at of tokens.keys()) if (isLiteral(at) && isTarget(at, at)) found.add(at);
  const isPlain = (at: number) => isLiteral(at) || words[at] === "null";
  for (const [at, { first, last }] of outermostCases(words, casesIn(words), isPlain))
    if (isTarget(first, last)) found.add(at);
  return found;
}
