import type { Token } from "./token.ts";
import { lookBack, textOf } from "./tokens.ts";

/** Types in which a literal is no more than its letters. `character varying` and `character(n)` begin alike. */
const textTypes = new Set(["text", "varchar", "character", "char", "bpchar", "name", "citext"]);

/** What may lie between an operator, or IN, and one of several literals to its right. */
const between = new Set(["(", "[", ",", "array", "any", "all", "some"]);

/** Words that compare, beside the operators. */
const comparing = new Set(["in", "like", "ilike"]);

/**
 * Tells of a literal, by its place in tokens without comments, whether it is compared or cast as text, whatever the column behind
 * it is: `status::text IN ('new', 'old')`. False where the tokens do not tell. Linear, however many literals a list has.
 */
export function textLiterals(text: string, tokens: readonly Token[]): (k: number) => boolean {
  const word = (at: number) => {
    const token = tokens[at];
    return token === undefined ? "" : textOf(text, token).toLowerCase();
  };
  const before = lookBack(tokens, (token, at) => token.kind === "string" || between.has(word(at)));
  /** What stands before the lists, by where it ends: each is looked at once. */
  const known = new Map<number, boolean>();
  return (k) => {
    if (word(k + 1) === "::") return textTypes.has(word(k + 2)) && word(k + 3) !== "::";
    let at = before(k);
    if (tokens[at]?.kind === "operator") at -= 1;
    else if (comparing.has(word(at))) at -= word(at - 1) === "not" ? 2 : 1;
    else return false;
    const found = known.get(at) ?? isText(word, at);
    known.set(at, found);
    return found;
  };
}

/** Whether what ends at this token is text by its own cast: `x::text`, `(x)::varchar(9)`, `(x::text)`, `CAST(x AS text)`. */
function isText(word: (at: number) => string, end: number): boolean {
  if (word(end) !== ")") return isCast(word, end);
  if (isText(word, end - 1) && !isCall(word, openingOf(word, end))) return true;
  return isCast(word, openingOf(word, end) - 1);
}

function isCast(word: (at: number) => string, end: number): boolean {
  const start = word(end) === "varying" ? end - 1 : end;
  return textTypes.has(word(start)) && (word(start - 1) === "::" || word(start - 1) === "as");
}

/** CAST is no function: what stands last in it is the type. */
function isCall(word: (at: number) => string, opening: number): boolean {
  const before = word(opening - 1);
  return (
    /^[\w"]/.test(before) && !["cast", "and", "or", "not", "where", "when", "check", "on"].includes(before)
  );
}

function openingOf(word: (at: number) => string, closing: number): number {
  let depth = 0;
  let at = closing;
  for (; at > 0; at -= 1) {
    if (word(at) === ")") depth += 1;
    else if (word(at) === "(") depth -= 1;
    if (depth === 0) break;
  }
  return at;
}
