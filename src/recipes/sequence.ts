import type { AlterSequence } from "../model/statement.ts";
import type { Context } from "../rule.ts";
import { quoteLiteral } from "../sql/names.ts";
import { isWord, tokensIn } from "../sql/tokens.ts";

/** `RESTART WITH 100` as a call of setval(), which blocks nobody; null where the statement does anything else. */
export function setvalOf(statement: AlterSequence, context: Context): string | null {
  if (statement.options.length !== 1 || statement.options[0] !== "restart") return null;
  const text = context.sourceText;
  const tokens = tokensIn(text, statement.sequence.span.end, statement.span.end);
  const restart = tokens.findIndex((token) => isWord(text, token, "restart"));
  const rest = tokens.slice(restart + 1).filter((token) => !isWord(text, token, "with"));
  const [first] = rest;
  const last = rest.at(-1);
  if (restart < 0 || first === undefined || last === undefined) return null;
  return `SELECT setval(${quoteLiteral(context.nameOf(statement.sequence))}, ${text.slice(first.start, last.end)}, false);`;
}
