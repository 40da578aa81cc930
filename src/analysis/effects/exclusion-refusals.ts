import type { ExclusionConstraint } from "../../model/table.ts";
import { isWord, tokensIn } from "../../sql/tokens.ts";
import { fail, type Ledger } from "./ledger.ts";

/** Rows that exclude one another do so both ways: an index of these methods has but one operator for that. */
export function refuseOperators(ledger: Ledger, { method, span, elements }: ExclusionConstraint): void {
  if (method !== "btree" && method !== "hash") return;
  // A class of the user's may have operators of its own.
  if (elements.some(({ operatorClass }) => operatorClass !== null)) return;
  const { text } = ledger.world;
  const tokens = tokensIn(text, span.start, span.end);
  for (const [k, token] of tokens.entries()) {
    const operator = tokens[k + 1];
    if (!isWord(text, token, "with") || operator?.kind !== "operator") continue;
    const name = text.slice(operator.start, operator.end);
    if (name !== "=")
      fail(ledger, "42809", `an index of method ${method} excludes rows by = only, and not by ${name}`);
  }
}
