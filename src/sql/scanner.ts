import { LONGEST_OPERATOR, startsComment, trimOperator } from "./operators.ts";
import type { LexicalProblem, TokenKind } from "./token.ts";

/**
 * The state of a scan: where it is, and the token just read (`kind`, `start`, `end`). One object is
 * reused for the whole text, so that splitting a file allocates nothing for each token.
 */
export interface Scanner {
  readonly text: string;
  readonly limit: number;
  readonly problems: LexicalProblem[];
  kind: TokenKind;
  start: number;
  end: number;
}

const SPACE = 1;
const NAME_START = 2;
const NAME_PART = 4;
const DIGIT = 8;
const OPERATOR = 16;

/** Character classes of PostgreSQL's scan.l; everything above ASCII may be part of a name there. */
const classes = buildClasses();

function buildClasses(): Uint8Array {
  const table = new Uint8Array(128);
  const mark = (characters: string, bits: number) => {
    for (const character of characters) table[character.charCodeAt(0)] = bits;
  };
  mark(" \t\n\r\f\v", SPACE);
  mark("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", NAME_START | NAME_PART);
  mark("0123456789", DIGIT | NAME_PART);
  mark("$", NAME_PART);
  mark("~!@#^&|`?+-*/%<>=", OPERATOR);
  return table;
}

function classOf(code: number): number {
  return code < 128 ? (classes[code] ?? 0) : NAME_START | NAME_PART;
}

/** Whether the UTF-16 unit is white space to the server: ASCII alone. */
export function isSpace(code: number): boolean {
  return code < 128 && classes[code] === SPACE;
}

/** Whether a word goes on with it. */
export function isNamePart(code: number): boolean {
  return (classOf(code) & NAME_PART) !== 0;
}

/** A scanner over a part of the text, before its first token; offsets in UTF-16 units. */
export function createScanner(text: string, from = 0, limit = text.length): Scanner {
  return { text, limit, problems: [], kind: "end", start: from, end: from };
}

/** Reads the next token into the scanner. At the end of the text its kind is `end`. */
export function scanToken(scanner: Scanner): TokenKind {
  const { text, limit } = scanner;
  let at = scanner.end;
  while (at < limit && isSpace(text.charCodeAt(at))) at++;
  scanner.start = at;
  if (at >= limit) {
    scanner.end = limit;
    scanner.kind = "end";
    return "end";
  }
  const code = text.charCodeAt(at);
  const bits = classOf(code);
  if (bits & NAME_START) return scanWord(scanner, at, code);
  if (bits & DIGIT) return finish(scanner, "number", endOfNumber(text, at, limit));
  if (bits & OPERATOR) return scanOperator(scanner, at, code);
  return scanMark(scanner, at, code);
}

function finish(scanner: Scanner, kind: TokenKind, end: number): TokenKind {
  scanner.end = end;
  scanner.kind = kind;
  return kind;
}

function scanWord(scanner: Scanner, at: number, code: number): TokenKind {
  const { text, limit } = scanner;
  const next = text.charCodeAt(at + 1);
  if (next === 39 /* ' */) {
    if (code === 69 || code === 101) return scanString(scanner, at + 1, true); // E''
    // B'', X'', N''
    if (code === 66 || code === 98 || code === 88 || code === 120 || code === 78 || code === 110)
      return scanString(scanner, at + 1, false);
  }
  if (next === 38 /* & */ && (code === 85 || code === 117)) {
    const quote = text.charCodeAt(at + 2);
    if (quote === 39) return scanString(scanner, at + 2, false);
    if (quote === 34) return scanQuoted(scanner, at + 2);
  }
  let end = at + 1;
  while (end < limit && classOf(text.charCodeAt(end)) & NAME_PART) end++;
  return finish(scanner, "word", end);
}

function scanMark(scanner: Scanner, at: number, code: number): TokenKind {
  const { text, limit } = scanner;
  switch (code) {
    case 39: // '
      return scanString(scanner, at, false);
    case 34: // "
      return scanQuoted(scanner, at);
    case 36: // $
      return scanDollar(scanner, at);
    case 92: // \
      return finish(scanner, "meta", endOfLine(text, at, limit));
    case 46: // .
      if (classOf(text.charCodeAt(at + 1)) & DIGIT)
        return finish(scanner, "number", endOfNumber(text, at, limit));
      return finish(scanner, "punctuation", text.charCodeAt(at + 1) === 46 ? at + 2 : at + 1);
    case 58: {
      const next = text.charCodeAt(at + 1);
      return finish(scanner, "punctuation", next === 58 || next === 61 ? at + 2 : at + 1);
    }
    case 40: // (
    case 41: // )
    case 44: // ,
    case 59: // ;
    case 91: // [
    case 93: // ]
      return finish(scanner, "punctuation", at + 1);
    case 0:
      scanner.problems.push({ problem: "null character", start: at, end: at + 1 });
      return finish(scanner, "invalid", at + 1);
    default:
      return finish(scanner, "invalid", at + 1);
  }
}

/** Also 0x1F, 0o17, 0b1, 1_000, as from PostgreSQL 16 on. */
function endOfNumber(text: string, at: number, limit: number): number {
  let end = at;
  const second = text.charCodeAt(at + 1) | 32;
  if (text.charCodeAt(at) === 48 && (second === 120 || second === 111 || second === 98)) {
    end = at + 2;
    while (end < limit && isHexDigitOrUnderscore(text.charCodeAt(end))) end++;
    return end;
  }
  end = endOfDigits(text, end, limit);
  // `1..10` is a range of PL/pgSQL: the dots are no part of the number.
  if (text.charCodeAt(end) === 46 && text.charCodeAt(end + 1) !== 46) end = endOfDigits(text, end + 1, limit);
  if ((text.charCodeAt(end) | 32) === 101 /* e */) {
    const sign = text.charCodeAt(end + 1);
    const digits = sign === 43 || sign === 45 ? end + 2 : end + 1;
    if (digits < limit && classOf(text.charCodeAt(digits)) & DIGIT) end = endOfDigits(text, digits, limit);
  }
  return Math.min(end, limit);
}

function endOfDigits(text: string, at: number, limit: number): number {
  let end = at;
  while (end < limit) {
    const code = text.charCodeAt(end);
    const isSeparator = code === 95 && end > at && (classOf(text.charCodeAt(end + 1)) & DIGIT) !== 0;
    if (!isSeparator && !(code < 128 && (classes[code] ?? 0) & DIGIT)) break;
    end++;
  }
  return end;
}

function isHexDigitOrUnderscore(code: number): boolean {
  const lower = code | 32;
  return (code >= 48 && code <= 57) || (lower >= 97 && lower <= 102) || code === 95;
}

/** `quote` is the place of the opening quote; a prefix lies before it. */
function scanString(scanner: Scanner, quote: number, escapes: boolean): TokenKind {
  const { text, limit } = scanner;
  let at = quote + 1;
  for (;;) {
    const close = endOfStringPart(text, at, limit, escapes);
    if (close === -1) {
      scanner.problems.push({ problem: "unterminated string", start: scanner.start, end: limit });
      return finish(scanner, "string", limit);
    }
    // 'a' <newline> 'b' is one literal, and the second part keeps the escapes of the first.
    const next = continuation(text, close, limit);
    if (next === -1) return finish(scanner, "string", close);
    at = next + 1;
  }
}

/** The offset behind the closing quote of a string, or -1 where it has none. */
export function endOfStringPart(text: string, from: number, limit: number, escapes: boolean): number {
  let at = from;
  while (at < limit) {
    const code = text.charCodeAt(at);
    if (escapes && code === 92) at += 2;
    else if (code !== 39) at++;
    else if (text.charCodeAt(at + 1) === 39 && at + 1 < limit) at += 2;
    else return at + 1;
  }
  return -1;
}

/** Where the next part of a literal opens: white space and `--` comments with a line end in them, then a quote. Otherwise -1. */
export function continuation(text: string, from: number, limit: number): number {
  let at = from;
  let sawLineEnd = false;
  while (at < limit) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) sawLineEnd = true;
    else if (code === 45 && text.charCodeAt(at + 1) === 45) {
      at = endOfLine(text, at, limit);
      continue;
    } else if (!isSpace(code)) return code === 39 && sawLineEnd ? at : -1;
    at++;
  }
  return -1;
}

function scanQuoted(scanner: Scanner, quote: number): TokenKind {
  const { text, limit } = scanner;
  let at = quote + 1;
  while (at < limit) {
    at = text.indexOf('"', at);
    if (at === -1 || at >= limit) break;
    if (text.charCodeAt(at + 1) !== 34 || at + 1 >= limit) {
      if (at === quote + 1)
        scanner.problems.push({ problem: "empty quoted name", start: scanner.start, end: at + 1 });
      return finish(scanner, "quoted", at + 1);
    }
    at += 2;
  }
  scanner.problems.push({ problem: "unterminated quoted name", start: scanner.start, end: limit });
  return finish(scanner, "quoted", limit);
}

function scanDollar(scanner: Scanner, at: number): TokenKind {
  const { text, limit } = scanner;
  if (classOf(text.charCodeAt(at + 1)) & DIGIT && at + 1 < limit)
    return finish(scanner, "parameter", endOfDigits(text, at + 1, limit));
  let tagEnd = at + 1;
  if (classOf(text.charCodeAt(tagEnd)) & NAME_START) {
    while (tagEnd < limit && text.charCodeAt(tagEnd) !== 36 && classOf(text.charCodeAt(tagEnd)) & NAME_PART)
      tagEnd++;
  }
  if (tagEnd >= limit || text.charCodeAt(tagEnd) !== 36) return finish(scanner, "invalid", at + 1);
  const tag = text.slice(at, tagEnd + 1);
  // Not looked for behind the limit: a text of many parts would be read once for each of them.
  const close = text.slice(0, limit).indexOf(tag, tagEnd + 1);
  if (close === -1) {
    scanner.problems.push({ problem: "unterminated dollar quote", start: at, end: limit });
    return finish(scanner, "string", limit);
  }
  return finish(scanner, "string", close + tag.length);
}

function scanOperator(scanner: Scanner, at: number, code: number): TokenKind {
  const { text, limit } = scanner;
  const next = text.charCodeAt(at + 1);
  if (code === 45 && next === 45) return finish(scanner, "comment", endOfLine(text, at, limit));
  if (code === 47 && next === 42) return scanBlockComment(scanner, at);
  let end = at + 1;
  const stop = Math.min(limit, at + LONGEST_OPERATOR);
  while (end < stop && (classes[text.charCodeAt(end)] ?? 0) & OPERATOR && !startsComment(text, end)) end++;
  return finish(scanner, "operator", trimOperator(text, at, end));
}

function scanBlockComment(scanner: Scanner, start: number): TokenKind {
  const { text, limit } = scanner;
  let depth = 1;
  let at = start + 2;
  while (at < limit) {
    const code = text.charCodeAt(at);
    const next = at + 1 < limit ? text.charCodeAt(at + 1) : 0;
    if (code === 47 && next === 42) {
      depth++;
      at += 2;
    } else if (code === 42 && next === 47) {
      depth--;
      at += 2;
      if (depth === 0) return finish(scanner, "comment", at);
    } else at++;
  }
  scanner.problems.push({ problem: "unterminated comment", start, end: limit });
  return finish(scanner, "comment", limit);
}

/** The place of the line end (or the limit), without the line end itself. */
export function endOfLine(text: string, at: number, limit: number): number {
  let end = at;
  while (end < limit) {
    const code = text.charCodeAt(end);
    if (code === 10 || code === 13) break;
    end++;
  }
  return end;
}
