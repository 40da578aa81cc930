import type { Insert } from "../../model/query.ts";
import { nameOf } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isNameToken, isWord, tokensIn } from "../../sql/tokens.ts";
import type { Ledger } from "./ledger.ts";
import { hasWords, lastName } from "./words.ts";

/** Where DO begins, behind what says which conflict is meant. */
export function endOfTarget({ world }: Ledger, { span }: Insert): number {
  const tokens = tokensIn(world.text, span.start, span.end);
  const at = tokens.findIndex((token) => isWord(world.text, token, "conflict"));
  return tokens.slice(at).find((token) => isWord(world.text, token, "do"))?.start ?? span.end;
}

/** ON CONFLICT ON CONSTRAINT name; null: it says it in another way, or not at all. */
export function conflictConstraint(ledger: Ledger, change: Insert): string | null {
  if (change.onConflict === null || !hasWords(ledger, change.span, "conflict", "on", "constraint"))
    return null;
  return lastName(ledger, { start: change.span.start, end: endOfTarget(ledger, change) });
}

/** The columns of ON CONFLICT (a, b); what else stands there, such as an expression, is left out. */
export function conflictColumns({ world }: Ledger, change: Insert): readonly string[] {
  if (change.onConflict === null) return [];
  const { text } = world;
  const tokens = tokensIn(text, change.span.start, change.span.end);
  const at = tokens.findIndex(
    (token, k) => isWord(text, token, "conflict") && isMark(text, tokens[k + 1], "("),
  );
  const names: string[] = [];
  let depth = 0;
  for (let k = at + 1; at !== -1 && k < tokens.length; k += 1) {
    const token = tokens[k] as Token;
    if (isMark(text, token, ")")) depth -= 1;
    if (depth === 0 && k > at + 1) break;
    const isHead = depth === 1 && (isMark(text, tokens[k - 1], "(") || isMark(text, tokens[k - 1], ","));
    if (isHead && isNameToken(token) && !isMark(text, tokens[k + 1], "(")) names.push(nameOf(text, token));
    if (isMark(text, token, "(")) depth += 1;
  }
  return names;
}
