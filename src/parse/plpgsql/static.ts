import { nameOf } from "../../sql/names.ts";
import { isMark, isWord } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import { forget } from "./knowledge.ts";
import { embedStatement, expectSemicolon, fail, type Reader, textSpan } from "./reader.ts";
import type { BodyStep } from "./step.ts";

/** A static SQL statement up to its semicolon. INTO and its targets are PL/pgSQL's and go blank. */
export function readStatic(reader: Reader): BodyStep {
  const start = reader.at;
  const first = reader.tokens[start];
  if (first?.kind !== "word" && !isMark(reader.text, first, "(")) fail(reader, "expected a statement");
  const end = endOfStatic(reader);
  const into = findInto(reader, start, end);
  reader.at = end;
  const sql = embedStatement(reader, start, end, into);
  expectSemicolon(reader);
  return { kind: "sql", span: sql.span, sql, into: into !== null };
}

/** Semicolons count outside of parentheses and of BEGIN ATOMIC ... END only. */
function endOfStatic(reader: Reader): number {
  const { text, tokens } = reader;
  const hasBody = createsRoutine(reader);
  let depth = 0;
  let bodies = 0;
  for (let k = reader.at; k < tokens.length; k++) {
    const token = tokens[k];
    if (isMark(text, token, "(") || isMark(text, token, "[")) depth++;
    else if (isMark(text, token, ")") || isMark(text, token, "]")) depth--;
    else if (isMark(text, token, ";") && depth <= 0 && bodies === 0) return k;
    else if (hasBody && depth <= 0) {
      if (isWord(text, token, "atomic") && isWord(text, tokens[k - 1], "begin")) bodies++;
      else if (bodies > 0 && isWord(text, token, "case")) bodies++;
      else if (bodies > 0 && isWord(text, token, "end")) bodies--;
    }
  }
  return tokens.length;
}

function createsRoutine(reader: Reader): boolean {
  const { text, tokens, at } = reader;
  if (!isWord(text, tokens[at], "create")) return false;
  const what = isWord(text, tokens[at + 1], "or") ? tokens[at + 3] : tokens[at + 1];
  return isWord(text, what, "function") || isWord(text, what, "procedure");
}

/**
 * INTO [STRICT] target, ...: any INTO but those of INSERT INTO, MERGE INTO and IMPORT FOREIGN SCHEMA ... INTO, as
 * PL/pgSQL itself decides.
 */
function findInto(reader: Reader, from: number, to: number): Span | null {
  const { text, tokens } = reader;
  if (isWord(text, tokens[from], "import")) return null;
  for (let k = from; k < to; k++) {
    if (!isWord(text, tokens[k], "into")) continue;
    if (isWord(text, tokens[k - 1], "insert") || isWord(text, tokens[k - 1], "merge")) continue;
    return textSpan(reader, k, endOfTargets(reader, k + 1, to));
  }
  return null;
}

/** The targets behind INTO: a record, or names with commas between them. What they held is unknown from here on. */
export function endOfTargets(reader: Reader, from: number, to: number): number {
  const { text, tokens } = reader;
  let at = isWord(text, tokens[from], "strict") ? from + 1 : from;
  while (at < to) {
    const target = tokens[at];
    if (target?.kind !== "word" && target?.kind !== "quoted" && target?.kind !== "parameter") return at;
    forget(reader.knowledge, nameOf(text, target));
    at++;
    while (at < to && isMark(text, tokens[at], ".")) at += 2;
    if (isMark(text, tokens[at], "[")) at = closingBracket(reader, at, to) + 1;
    if (!isMark(text, tokens[at], ",")) return at;
    at++;
  }
  return to;
}

function closingBracket(reader: Reader, open: number, to: number): number {
  let depth = 0;
  for (let k = open; k < to; k++) {
    if (isMark(reader.text, reader.tokens[k], "[")) depth++;
    else if (isMark(reader.text, reader.tokens[k], "]") && --depth === 0) return k;
  }
  return to - 1;
}
