import { nameOf } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isWord } from "../../sql/tokens.ts";

/** What stands between the parentheses behind WITH, not within others; the query of CREATE TABLE AS has a WITH of its own. */
export function optionList(text: string, tokens: readonly Token[]): readonly Token[] {
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    if (isMark(text, token, "(")) depth += 1;
    if (isMark(text, token, ")")) depth -= 1;
    if (depth > 0) continue;
    if (isWord(text, token, "as")) return [];
    if (!isWord(text, token, "with") || !isMark(text, tokens[at + 1], "(")) continue;
    // FOR VALUES WITH (MODULUS 4, REMAINDER 0)
    if (isWord(text, tokens[at - 1], "values")) continue;
    const close = tokens.findIndex((one, k) => k > at && isMark(text, one, ")"));
    return tokens.slice(at + 2, close === -1 ? tokens.length : close);
  }
  return [];
}

/** The names in such a list, in lower case; `toast.autovacuum_enabled` is one. */
export function optionNames(text: string, list: readonly Token[]): readonly string[] {
  const names: string[] = [];
  let isHead = true;
  for (const [at, token] of list.entries()) {
    if (isHead) {
      const end = isMark(text, list[at + 1], ".") ? list[at + 2] : undefined;
      const parts = end === undefined ? [token] : [token, end];
      names.push(parts.map((part) => nameOf(text, part)).join("."));
    }
    isHead = isMark(text, token, ",");
  }
  return names;
}
