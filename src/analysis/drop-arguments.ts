import type { Drop } from "../model/statement.ts";
import type { Token } from "../sql/token.ts";
import { isMark, isWord, tokensIn } from "../sql/tokens.ts";

/** How many arguments DROP FUNCTION lists for the k-th of its names; null where it lists none. */
export function argumentsDropped(text: string, { names, span }: Drop, k: number): number | null {
  const end = names[k + 1]?.span.start ?? span.end;
  return argumentsListed(text, names[k]?.span.end ?? end, end);
}

/** How many arguments stand in the list that opens there; null where none does. */
export function argumentsListed(text: string, start: number, end: number): number | null {
  const tokens = tokensIn(text, start, end);
  if (!isMark(text, tokens[0], "(")) return null;
  let depth = 0;
  let count = 0;
  for (const [k, token] of tokens.entries()) {
    if (isMark(text, token, "(") || isMark(text, token, "[")) depth += 1;
    else if (isMark(text, token, ")") || isMark(text, token, "]")) depth -= 1;
    if (depth === 0) break;
    const opens = depth === 1 && (k === 0 || isMark(text, token, ","));
    if (opens && !isMark(text, tokens[k + 1], ")") && !isResult(text, tokens, k + 1)) count += 1;
  }
  return count;
}

/** `OUT total integer`: what comes back does not tell functions apart. */
function isResult(text: string, tokens: readonly Token[], k: number): boolean {
  const [token, next] = [tokens[k], tokens[k + 1]];
  return (
    token !== undefined && isWord(text, token, "out") && !isMark(text, next, ",") && !isMark(text, next, ")")
  );
}
