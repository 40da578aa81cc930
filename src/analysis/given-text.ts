import type { Token } from "../sql/token.ts";
import { textOf } from "../sql/tokens.ts";

/** What gives the columns of a query the types of others: of a table, or of the query beside it. */
const typing: ReadonlySet<string> = new Set(["insert", "union", "intersect", "except"]);

/** Of a CASE in the tokens: where it stands, and where the values begin that it gives. */
interface Case {
  readonly first: number;
  /** -1: it is not closed. */
  last: number;
  readonly given: number[];
}

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
    (words[first - 1] === "select" || words[first - 1] === ",") && words[last + 1] === "as";
  const isLiteral = (at: number) => tokens[at]?.kind === "string";
  for (const at of tokens.keys()) if (isLiteral(at) && isTarget(at, at)) found.add(at);
  for (const { first, last, given } of casesIn(words))
    if (isTarget(first, last) && given.every((at) => isLiteral(at) && ends.has(words[at + 1] ?? "")))
      for (const at of given) found.add(at);
  return found;
}

/** What stands behind a value that CASE gives. */
const ends: ReadonlySet<string> = new Set(["when", "else", "end"]);

function casesIn(words: readonly string[]): readonly Case[] {
  const all: Case[] = [];
  const open: Case[] = [];
  for (const [at, word] of words.entries()) {
    if (word === "case") {
      const found: Case = { first: at, last: -1, given: [] };
      all.push(found);
      open.push(found);
    } else if (word === "then" || word === "else") open.at(-1)?.given.push(at + 1);
    else if (word === "end") {
      const found = open.pop();
      if (found !== undefined) found.last = at;
    }
  }
  return all.filter(({ last }) => last !== -1);
}
