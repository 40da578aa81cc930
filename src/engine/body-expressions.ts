import type { World } from "../analysis/world.ts";
import type { Parser } from "../parse/parser.ts";
import { type EmbeddedStatement, parseEmbedded } from "../parse/plpgsql.ts";
import { nameOf } from "../sql/names.ts";
import type { Token } from "../sql/token.ts";
import { isMark, isNameToken, isWord, tokensIn } from "../sql/tokens.ts";

/**
 * An expression of a body, as `SELECT expression`, that reads rows or calls a routine whose body the history has. Null for others:
 * most only reckon with variables, and what the grammar does not take is left to those who judge the body.
 */
export function readExpression(sql: string, { schema }: World, parser: Parser): EmbeddedStatement | null {
  const tokens = tokensIn(sql);
  const isRoutine = (k: number) => {
    const token = tokens[k];
    if (!isNameToken(token) || !isMark(sql, tokens[k + 1], "(")) return false;
    const home = isMark(sql, tokens[k - 1], ".") ? tokens[k - 2] : undefined;
    const name = { schema: isNameToken(home) ? nameOf(sql, home) : null, name: nameOf(sql, token) };
    return schema.findFunctions(name).some(({ body }) => body !== null);
  };
  if (!readsRows(sql, tokens) && !tokens.some((_, k) => isRoutine(k))) return null;
  const [only, ...others] = parseEmbedded(parser, sql);
  return others.length === 0 && only?.result.outcome === "statement" ? only : null;
}

/** A subquery, or a FROM of its own: not that of IS DISTINCT FROM, nor one between the parentheses of extract() and its kin. */
function readsRows(sql: string, tokens: readonly Token[]): boolean {
  let depth = 0;
  return tokens.some((token, k) => {
    if (isMark(sql, token, "(")) depth++;
    else if (isMark(sql, token, ")")) depth--;
    if (k > 0 && isWord(sql, token, "select")) return true;
    return depth === 0 && isWord(sql, token, "from") && !isWord(sql, tokens[k - 1], "distinct");
  });
}
