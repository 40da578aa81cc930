import { endOfStringPart } from "../../sql/scanner.ts";
import type { Token } from "../../sql/token.ts";
import {
  BARE_LABEL,
  COLUMN_NAME,
  FIRST_KEYWORD,
  FUNCTION_NAME,
  keyword,
  keywordAt,
  LABEL,
  namesOf,
  PLAIN_NAME,
} from "./keywords.ts";

/**
 * Each token as one number, so that a reader compares numbers and not texts. Keywords have codes from `FIRST_KEYWORD`
 * on, marks and operators of one character that of the character, all others these.
 */
export const END = 0;
export const NAME = 1;
export const QUOTED = 2;
export const STRING = 3;
export const INTEGER = 4;
export const FLOAT = 5;
export const PARAMETER = 6;
/** Any operator that the grammar does not know by itself. */
export const OPERATOR = 7;
export const TYPECAST = 8;
export const ASSIGN = 9;
export const ARROW = 10;
export const LESS_EQUAL = 11;
export const GREATER_EQUAL = 12;
export const NOT_EQUAL = 13;
/** Words that the lexer takes for others before certain words: what stands here can be no name, and begins no form without it. */
export const NOT_BEFORE = 14;
export const NULLS_BEFORE = 15;
export const WITH_BEFORE = 16;
export const WITHOUT_BEFORE = 17;
const FORMAT_BEFORE = 18;

/** Marks that the readers ask for: their code is that of the character. */
export const PERCENT = 37;
export const OPEN = 40;
export const CLOSE = 41;
export const STAR = 42;
export const COMMA = 44;
export const MINUS = 45;
export const DOT = 46;
export const EQUALS = 61;
export const SQUARE = 91;
export const SQUARE_END = 93;

const allNames = COLUMN_NAME | FUNCTION_NAME | PLAIN_NAME | LABEL | BARE_LABEL;
namesOf[NAME] = allNames;
namesOf[QUOTED] = allNames;

/** Longer statements are left to the grammar, which knows what it can bear. */
const MAX_TOKENS = 300_000;
/** Longer operators are an error; nobody has any of this length. */
const LONGEST_OPERATOR = 8;

/** Which words change before which, as in base_yylex of PostgreSQL's parser.c. */
const changes: { readonly code: number; readonly before: ReadonlySet<number> }[] = [];
const change = (word: string, code: number, ...before: string[]) => {
  changes[keyword(word)] = { code, before: new Set(before.map(keyword)) };
};
change("not", NOT_BEFORE, "between", "in", "like", "ilike", "similar");
change("nulls", NULLS_BEFORE, "first", "last");
change("with", WITH_BEFORE, "time", "ordinality");
change("without", WITHOUT_BEFORE, "time");
change("format", FORMAT_BEFORE, "json");

let scratch = new Uint16Array(1024);

/**
 * The codes of the tokens, with an END behind the last one; null where any of them is not certainly what PostgreSQL's
 * lexer would make of it. The array is used again for the next statement.
 */
export function codeTokens(text: string, tokens: readonly Token[]): Uint16Array | null {
  const { length } = tokens;
  if (length > MAX_TOKENS) return null;
  if (scratch.length <= length + 4) scratch = new Uint16Array(length * 2 + 4);
  for (let index = 0; index < length; index++) {
    const token = tokens[index];
    const code = token === undefined ? -1 : codeOf(text, token);
    if (code < 0) return null;
    scratch[index] = code;
    const pairs = index > 0 && code >= FIRST_KEYWORD ? changes[scratch[index - 1] ?? 0] : undefined;
    if (pairs?.before.has(code)) scratch[index - 1] = pairs.code;
  }
  // Readers look a few tokens ahead.
  scratch.fill(END, length, length + 4);
  return scratch;
}

/** -1 where the token is odd. */
function codeOf(text: string, token: Token): number {
  const { start, end } = token;
  switch (token.kind) {
    case "word":
      return keywordAt(text, start, end) || (hasHalves(text, start, end) ? -1 : NAME);
    case "quoted":
      return isPlainlyQuoted(text, start, end, 34) && end - start > 2 && !hasHalves(text, start, end)
        ? QUOTED
        : -1;
    case "string":
      return isPlainString(text, start, end) && !hasHalves(text, start, end) ? STRING : -1;
    case "number":
      return codeOfNumber(text, start, end);
    case "parameter":
      return end - start <= 5 && !continues(text, end) ? PARAMETER : -1;
    case "operator":
      return codeOfOperator(text, start, end);
    case "punctuation":
      return codeOfMark(text, start, end);
  }
  return -1;
}

/** Whether half a character stands alone: the grammar is given another one in its place. */
function hasHalves(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < 0xd800 || code > 0xdfff) continue;
    const next = text.charCodeAt(at + 1);
    if (code > 0xdbff || at + 1 >= end || next < 0xdc00 || next > 0xdfff) return true;
    at++;
  }
  return false;
}

/** Whether all marks inside are doubled and the last one closes. */
function isPlainlyQuoted(text: string, start: number, end: number, mark: number): boolean {
  if (end - start < 2 || text.charCodeAt(start) !== mark || text.charCodeAt(end - 1) !== mark) return false;
  for (let at = start + 1; at < end - 1; at++) {
    const code = text.charCodeAt(at);
    if (code !== mark) continue;
    at++;
    if (at >= end - 1 || text.charCodeAt(at) !== mark) return false;
  }
  return true;
}

function isPlainString(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  if (first === 39) return isPlainlyQuoted(text, start, end, 39);
  if (first === 36) return isDollarQuoted(text, start, end);
  return (first === 69 || first === 101) && isEscapeString(text, start, end);
}

function isDollarQuoted(text: string, start: number, end: number): boolean {
  const tag = text.indexOf("$", start + 1) + 1 - start;
  return end - start >= 2 * tag && text.startsWith(text.slice(start, start + tag), end - tag);
}

/** E'' with the escapes that everybody knows, in one part. */
function isEscapeString(text: string, start: number, end: number): boolean {
  if (endOfStringPart(text, start + 2, end, true) !== end) return false;
  for (let at = start + 2; at < end - 1; at++) {
    const code = text.charCodeAt(at);
    if (code === 92 && !"nrtbf\\'".includes(text[++at] ?? "x")) return false;
  }
  return true;
}

/** Digits with a point and an exponent; bigger integers are floats to PostgreSQL. */
function codeOfNumber(text: string, start: number, end: number): number {
  if (continues(text, end) || text.charCodeAt(end) === 46) return -1;
  let isInteger = true;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) continue;
    const isSign = (code === 43 || code === 45) && (text.charCodeAt(at - 1) | 32) === 101;
    if (code !== 46 && (code | 32) !== 101 && !isSign) return -1;
    isInteger = false;
  }
  // `1.e5` and `.5` are numbers, but rare ones.
  if (!isInteger) return isDigit(text, start) && isDigit(text, end - 1) ? FLOAT : -1;
  if (end - start <= 9) return INTEGER;
  return end - start <= 10 && Number(text.slice(start, end)) <= 0x7fffffff ? INTEGER : FLOAT;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** Whether a name begins right behind a number: junk, to PostgreSQL 15 and later. */
function continues(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  const isLetter = (code | 32) >= 97 && (code | 32) <= 122;
  return isLetter || code === 95 || code === 36 || code > 127 || (code >= 48 && code <= 57);
}

function codeOfOperator(text: string, start: number, end: number): number {
  const first = text.charCodeAt(start);
  if (end - start === 1) return "<>=+-*/%^".includes(text[start] ?? "") ? first : OPERATOR;
  if (end - start > LONGEST_OPERATOR) return -1;
  if (end - start > 2) return OPERATOR;
  const second = text.charCodeAt(start + 1);
  if (second === 61 /* = */) {
    if (first === 60) return LESS_EQUAL;
    if (first === 62) return GREATER_EQUAL;
    if (first === 33) return NOT_EQUAL;
  }
  if (second === 62 /* > */) {
    if (first === 60) return NOT_EQUAL;
    if (first === 61) return ARROW;
  }
  return OPERATOR;
}

function codeOfMark(text: string, start: number, end: number): number {
  const first = text.charCodeAt(start);
  if (end - start === 1) return first < FIRST_KEYWORD ? first : -1;
  if (first !== 58) return -1;
  return text.charCodeAt(start + 1) === 58 ? TYPECAST : ASSIGN;
}
