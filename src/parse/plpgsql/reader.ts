import type { Token } from "../../sql/token.ts";
import { isMark, isWord, tokensIn } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import type { BodyText } from "./body-text.ts";
import { type Knowledge, wholeTexts } from "./knowledge.ts";
import type { EmbeddedSql } from "./step.ts";
import { closingEnd, findAssignments, isAnyIn } from "./variables.ts";

/** Deeper nesting than any person writes: a guard for the stack. */
export const MAX_DEPTH = 200;

/** Where a reading stands: the tokens of the body, without comments, and what is known of its variables. */
export interface Reader {
  readonly body: BodyText;
  readonly text: string;
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
  /** Once something could not be read, all that follows is opaque. */
  failure: string | null;
  /** Whether an opaque step stands for the failure already. */
  isTold: boolean;
  knowledge: Knowledge;
  /** Queries of cursors that DECLARE binds, by name. */
  readonly cursors: Map<string, EmbeddedSql>;
  /** The names that DECLARE and loops give to variables. */
  readonly variables: Set<string>;
  /** The tokens by which each variable is assigned in the whole body, but for what DECLARE gives. */
  readonly assignments: ReadonlyMap<string, readonly number[]>;
  /** Arrays of strings that DECLARE writes out, of variables that are not assigned again. */
  readonly lists: Map<string, readonly string[]>;
  /** How many tokens were read again, for the rounds of loops. */
  repeated: number;
  /** The stand-ins of what is unknown, by the text that they stand for. */
  readonly standIns: Map<string, string>;
}

/** A reader at the first token of a body, comments left out. */
export function createReader(body: BodyText): Reader {
  const tokens = tokensIn(body.text, body.from, body.limit);
  return {
    body,
    text: body.text,
    tokens,
    at: 0,
    depth: 0,
    failure: null,
    isTold: false,
    knowledge: new Map(),
    cursors: new Map(),
    variables: new Set(),
    assignments: findAssignments(body.text, tokens),
    lists: new Map(),
    repeated: 0,
    standIns: new Map(),
  };
}

/** Whether the next tokens are these words. */
export function looksAt(reader: Reader, ...words: string[]): boolean {
  return words.every((word, k) => isWord(reader.text, reader.tokens[reader.at + k], word));
}

/** Whether this punctuation or operator comes next, or `ahead` tokens further. */
export function looksAtMark(reader: Reader, mark: string, ahead = 0): boolean {
  return isMark(reader.text, reader.tokens[reader.at + ahead], mark);
}

/** Steps over the words if they come next. */
export function takes(reader: Reader, ...words: string[]): boolean {
  if (!looksAt(reader, ...words)) return false;
  reader.at += words.length;
  return true;
}

/** Steps over this punctuation or operator if it comes next. */
export function takesMark(reader: Reader, mark: string): boolean {
  if (!looksAtMark(reader, mark)) return false;
  reader.at++;
  return true;
}

/** Notes the first failure and moves to the end. */
export function fail(reader: Reader, reason: string): void {
  if (reader.failure !== null) return;
  const token = reader.tokens[reader.at];
  const found =
    token === undefined ? "the end" : `"${reader.text.slice(token.start, token.end).slice(0, 40)}"`;
  reader.failure = `${reason} at ${found}`;
}

/** Whether the body has been read to its end, or cannot be read further. */
export function isDone(reader: Reader): boolean {
  return reader.failure !== null || reader.at >= reader.tokens.length;
}

/** Steps over the words, which have to come next. */
export function expect(reader: Reader, ...words: string[]): void {
  if (reader.failure === null && !takes(reader, ...words))
    fail(reader, `expected ${words.join(" ").toUpperCase()}`);
}

/** Steps over the semicolon of a statement. */
export function expectSemicolon(reader: Reader): void {
  if (reader.failure === null && !takesMark(reader, ";")) fail(reader, "expected a semicolon");
}

/**
 * The index of the next token outside of parentheses that is a semicolon or one of the words; the end where
 * there is none. PL/pgSQL looks for the ends of its expressions in the same way.
 */
export function findEnd(reader: Reader, words: readonly string[] = [], from = reader.at): number {
  let depth = 0;
  for (let k = from; k < reader.tokens.length; k++) {
    const token = reader.tokens[k];
    if (token === undefined) break;
    if (token.kind === "punctuation") {
      const mark = reader.text.charCodeAt(token.start);
      if (mark === 40 || mark === 91) depth++;
      else if (mark === 41 || mark === 93) depth--;
      else if (mark === 59 && depth <= 0) return k;
    } else if (depth <= 0 && token.kind === "word") {
      if (words.some((word) => isWord(reader.text, token, word))) return k;
    }
  }
  return reader.tokens.length;
}

/** The place in the file of the tokens from one index to just before another. */
export function spanOf(reader: Reader, from: number, to: number): Span {
  const inText = textSpan(reader, from, to);
  return { start: reader.body.toFile(inText.start), end: reader.body.toFile(inText.end) };
}

/** The same in the text that the reader reads. */
export function textSpan(reader: Reader, from: number, to: number): Span {
  const first = reader.tokens[from];
  const last = reader.tokens[to - 1];
  if (first === undefined || last === undefined || to <= from) {
    const place = first?.start ?? reader.body.limit;
    return { start: place, end: place };
  }
  return { start: first.start, end: last.end };
}

/** The static SQL of the tokens, with a stretch of them (INTO and its targets) blank. */
export function embedStatement(
  reader: Reader,
  from: number,
  to: number,
  blank: Span | null = null,
): EmbeddedSql {
  const { start, end } = textSpan(reader, from, to);
  let sql = reader.text.slice(start, end);
  if (blank !== null) {
    sql =
      sql.slice(0, blank.start - start) + " ".repeat(blank.end - blank.start) + sql.slice(blank.end - start);
  }
  const toFile = (offset: number) => reader.body.toFile(start + offset);
  return { sql, span: spanOf(reader, from, to), toFile, ...valuesIn(reader) };
}

const SELECT = "SELECT ";

/** The expression of the tokens as a query. What lies in the added SELECT is placed at the expression's start. */
export function embedExpression(reader: Reader, from: number, to: number): EmbeddedSql {
  const { start, end } = textSpan(reader, from, to);
  const place = (offset: number) => reader.body.toFile(start + Math.max(0, offset - SELECT.length));
  const sql = SELECT + reader.text.slice(start, end);
  return { sql, span: spanOf(reader, from, to), toFile: place, ...valuesIn(reader) };
}

/** The expression up to a word. */
export function embedUntil(reader: Reader, word: string): EmbeddedSql {
  const start = reader.at;
  reader.at = findEnd(reader, [word]);
  return embedExpression(reader, start, reader.at);
}

/** CASE value WHEN a, b as `SELECT value IN (a, b)`. */
export function embedComparison(value: EmbeddedSql, when: EmbeddedSql): EmbeddedSql {
  const head = `${value.sql} IN (`;
  const shift = SELECT.length - head.length;
  const inList = (offset: number) => when.toFile(Math.min(offset + shift, when.sql.length - 1));
  return {
    sql: `${head}${when.sql.slice(SELECT.length)})`,
    span: when.span,
    toFile: (offset) => (offset < value.sql.length ? value.toFile(offset) : inList(offset)),
  };
}

/** PERFORM as the SELECT that it is: the two words differ by one letter, which the blank behind makes up for. */
export function embedPerform(reader: Reader, from: number, to: number): EmbeddedSql {
  const { start, end } = textSpan(reader, from, to);
  const shift = (offset: number) => (offset === SELECT.length - 2 ? offset + 1 : offset);
  return {
    sql: SELECT + reader.text.slice(start + SELECT.length, end),
    span: spanOf(reader, from, to),
    toFile: (offset) => reader.body.toFile(start + shift(offset)),
    ...valuesIn(reader),
  };
}

/** Of a body that knows more, each statement would keep them all. */
const MAX_HANDED_ON = 32;

function valuesIn({ knowledge }: Reader): Pick<EmbeddedSql, "values"> {
  const isFew = knowledge.size > 0 && knowledge.size <= MAX_HANDED_ON;
  return isFew ? { values: wholeTexts(knowledge) } : {};
}

/** What still holds when the stretch up to its END may have run in part or before: of variables that it assigns nothing. */
export function loopInvariant(reader: Reader): Knowledge {
  const { text, tokens, at, assignments } = reader;
  const end = closingEnd(text, tokens, at);
  const kept: Knowledge = new Map();
  for (const [variable, value] of reader.knowledge) {
    if (!isAnyIn(assignments.get(variable) ?? [], at, end)) kept.set(variable, value);
  }
  return kept;
}
