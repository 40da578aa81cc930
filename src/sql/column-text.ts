import { applyEdits } from "../text/edits.ts";
import type { Edit } from "../text/span.ts";
import { nameOf, quoteName } from "./names.ts";
import type { Token } from "./token.ts";
import { isMark, isNameToken, isWord, tokensIn } from "./tokens.ts";

/**
 * The definition of an index or a constraint with another column in the place of one. Null where the column does not stand
 * in it: then names have changed since it was written.
 */
export function replaceColumn(definition: string, from: string, to: string): string | null {
  const tokens = tokensIn(definition);
  const edits: Edit[] = tokens.flatMap((token, k) =>
    isColumn(definition, tokens, k, from)
      ? [{ start: token.start, end: token.end, text: quoteName(to) }]
      : [],
  );
  return edits.length === 0 ? null : applyEdits(definition, edits).text;
}

/** Whether all of the columns stand in the definition as it was written. */
export function namesAll(definition: string, columns: readonly string[]): boolean {
  const tokens = tokensIn(definition);
  return columns.every((column) => tokens.some((_, k) => isColumn(definition, tokens, k, column)));
}

function isColumn(text: string, tokens: readonly Token[], k: number, column: string): boolean {
  const token = tokens[k];
  if (!isNameToken(token)) return false;
  if (nameOf(text, token) !== column) return false;
  const before = tokens[k - 1];
  const next = tokens[k + 1];
  // A function, a schema, a type, or a word of the grammar.
  if (isMark(text, next, "(") || isMark(text, next, ".") || next?.kind === "string") return false;
  if (isMark(text, before, "::")) return false;
  return !["as", "nulls", "using", "collate"].some((word) => isWord(text, before, word));
}
