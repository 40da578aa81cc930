import { nameOf } from "../../sql/names.ts";
import { isMark, isNameToken, isWord } from "../../sql/tokens.ts";
import { evaluate } from "./dynamic.ts";
import { assign, choicesOf, type KnownText, textOfPieces } from "./knowledge.ts";
import {
  embedExpression,
  embedStatement,
  expectSemicolon,
  findEnd,
  looksAt,
  type Reader,
  spanOf,
  takes,
} from "./reader.ts";
import { endOfTargets } from "./static.ts";
import type { BodyStep, EmbeddedSql, StepOf } from "./step.ts";
import { valueOfString } from "./string.ts";

/** `target := expression`, also with `=`, fields and subscripts. Null where the statement is something else. */
export function readAssignment(reader: Reader): BodyStep | null {
  const start = reader.at;
  const operator = findOperator(reader, start);
  if (operator === null) return null;
  reader.at = findEnd(reader);
  const target = reader.tokens[start];
  const sql = embedExpression(reader, operator + 1, reader.at);
  if (target !== undefined) {
    const isWhole = operator === start + 1;
    const value = isWhole ? evaluate(reader, operator + 1, reader.at) : null;
    assign(reader.knowledge, nameOf(reader.text, target), value);
  }
  const span = spanOf(reader, start, reader.at);
  expectSemicolon(reader);
  return { kind: "expression", span, sql };
}

/** No SQL statement starts with a name and then `:=`, `=`, a dot or a bracket. */
function findOperator(reader: Reader, start: number): number | null {
  const { text, tokens } = reader;
  const kind = tokens[start]?.kind;
  if (kind !== "word" && kind !== "quoted" && kind !== "parameter") return null;
  let depth = 0;
  for (let k = start + 1; k < tokens.length; k++) {
    const token = tokens[k];
    if (isMark(text, token, "[")) depth++;
    else if (isMark(text, token, "]")) depth--;
    else if (depth > 0) continue;
    else if (isMark(text, token, ":=") || isMark(text, token, "=")) return k;
    else if (isMark(text, token, ".")) k++;
    else return null;
  }
  return null;
}

/** `ASSERT condition [, message]`. */
export function readAssert(reader: Reader): BodyStep {
  const start = reader.at++;
  const from = reader.at;
  reader.at = findEnd(reader);
  const sql = embedExpression(reader, from, reader.at);
  const span = spanOf(reader, start, reader.at);
  expectSemicolon(reader);
  return { kind: "expression", span, sql };
}

/** EXECUTE expression [INTO targets] [USING values], in either order. Where a branch decides of its string, it is one itself. */
export function readExecute(reader: Reader): BodyStep {
  const start = reader.at;
  reader.at++;
  const { step, value } = readString(reader, start);
  expectSemicolon(reader);
  const strings = value === null ? [] : choicesOf(value);
  if (strings.length < 2) return step;
  const arms = strings.map((string): BodyStep[] => [{ ...step, ...stringOf(reader, string) }]);
  return { kind: "branch", span: step.span, conditions: [], arms, hasElse: true };
}

/** The string behind EXECUTE, with what follows it up to the semicolon or one of the words. */
function readDynamic(reader: Reader, start: number, ...ends: string[]): BodyStep {
  return readString(reader, start, ...ends).step;
}

function readString(
  reader: Reader,
  start: number,
  ...ends: string[]
): { readonly step: StepOf<"execute">; readonly value: KnownText | null } {
  const from = reader.at;
  const to = findEnd(reader, ["into", "using", ...ends]);
  const value = evaluate(reader, from, to);
  const expression = spanOf(reader, from, to);
  reader.at = to;
  let into = false;
  for (;;) {
    if (takes(reader, "into")) {
      into = true;
      reader.at = endOfTargets(reader, reader.at, reader.tokens.length);
    } else if (takes(reader, "using")) reader.at = findEnd(reader, ["into", ...ends]);
    else break;
  }
  const span = spanOf(reader, start, reader.at);
  return { step: { kind: "execute", span, expression, ...stringOf(reader, value), into }, value };
}

function stringOf(reader: Reader, value: KnownText | null): Pick<StepOf<"execute">, "sql" | "isCertain"> {
  const sql = value === null ? null : embedPieces(reader, value);
  return { sql, isCertain: value?.every((piece) => piece.kind !== "anything") ?? false };
}

/** A built string as SQL whose parts keep their places. */
function embedPieces(reader: Reader, value: KnownText): EmbeddedSql {
  const ends: number[] = [];
  let end = 0;
  for (const piece of value) {
    end += piece.text.length;
    ends.push(end);
  }
  const toFile = (offset: number) => {
    let low = 0;
    let high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) > offset) high = middle;
      else low = middle + 1;
    }
    const place = value[low]?.placeOf(offset - (ends[low - 1] ?? 0)) ?? 0;
    return reader.body.toFile(place);
  };
  const sql = textOfPieces(value);
  const open = value.filter(({ kind }) => kind === "anything").map(({ text }) => text);
  const span = { start: toFile(0), end: toFile(Math.max(0, sql.length - 1)) + 1 };
  return { sql, span, toFile, ...(open.length > 0 && { open }) };
}

/** What stands between IN and LOOP: a query, EXECUTE, a cursor or a range of numbers. */
export function readForSource(reader: Reader): BodyStep {
  const start = reader.at;
  if (takes(reader, "execute")) return readDynamic(reader, start, "loop");
  const end = findEnd(reader, ["loop"]);
  const first = reader.tokens[start];
  const isName = isNameToken(first);
  const cursor = isName ? reader.cursors.get(nameOf(reader.text, first)) : undefined;
  reader.at = end;
  const span = spanOf(reader, start, end);
  const isCursor = isName && (end === start + 1 || isMark(reader.text, reader.tokens[start + 1], "("));
  if (isCursor && cursor !== undefined) return { kind: "sql", span, sql: cursor, into: false };
  if (!isQuery(reader, start, end)) {
    const from = looksAtReverse(reader, start) ? start + 1 : start;
    return { kind: "expression", span, sql: embedRange(reader, from, end) };
  }
  return { kind: "sql", span, sql: embedStatement(reader, start, end), into: false };
}

function looksAtReverse(reader: Reader, index: number): boolean {
  const token = reader.tokens[index];
  return token?.kind === "word" && nameOf(reader.text, token) === "reverse";
}

function isQuery(reader: Reader, from: number, to: number): boolean {
  return !reader.tokens.slice(from, to).some((token) => isMark(reader.text, token, ".."));
}

/** `1..n BY 2` as `SELECT 1, n , 2`: each mark gives way to one as long. */
function embedRange(reader: Reader, from: number, to: number): EmbeddedSql {
  const range = embedExpression(reader, from, to);
  const origin = (reader.tokens[from]?.start ?? 0) - "SELECT ".length;
  const parts: string[] = [];
  let done = 0;
  for (const token of reader.tokens.slice(from, to)) {
    if (!isMark(reader.text, token, "..") && !isWord(reader.text, token, "by")) continue;
    parts.push(range.sql.slice(done, token.start - origin));
    done = token.end - origin;
  }
  parts.push(range.sql.slice(done));
  return { ...range, sql: parts.join(", ") };
}

/** RETURN, RETURN NEXT, RETURN QUERY and RETURN QUERY EXECUTE. */
export function readReturn(reader: Reader): BodyStep {
  const start = reader.at++;
  if (takes(reader, "query", "execute")) {
    const step = readDynamic(reader, start);
    expectSemicolon(reader);
    return step;
  }
  const isQuery = takes(reader, "query");
  const isNext = !isQuery && takes(reader, "next");
  const from = reader.at;
  reader.at = findEnd(reader);
  const span = spanOf(reader, start, reader.at);
  if (isQuery) {
    const sql = embedStatement(reader, from, reader.at);
    expectSemicolon(reader);
    return { kind: "sql", span, sql, into: false };
  }
  const sql = reader.at > from ? embedExpression(reader, from, reader.at) : null;
  expectSemicolon(reader);
  return { kind: isNext ? "expression" : "return", span, sql };
}

/** OPEN cursor [FOR query | FOR EXECUTE string]: the query runs as it is opened. */
export function readCursor(reader: Reader): BodyStep | null {
  const start = reader.at++;
  const name = reader.tokens[reader.at];
  const end = findEnd(reader);
  const queryAt = findEnd(reader, ["for"]);
  let step: BodyStep | null = null;
  if (queryAt < end) {
    reader.at = queryAt + 1;
    if (takes(reader, "execute")) step = readDynamic(reader, start);
    else
      step = {
        kind: "sql",
        span: spanOf(reader, start, end),
        sql: embedStatement(reader, queryAt + 1, end),
        into: false,
      };
  } else {
    const isName = isNameToken(name);
    const sql = isName ? reader.cursors.get(nameOf(reader.text, name)) : undefined;
    if (sql !== undefined) step = { kind: "sql", span: spanOf(reader, start, end), sql, into: false };
  }
  reader.at = end;
  expectSemicolon(reader);
  return step;
}

const levels = ["debug", "log", "info", "notice", "warning", "exception"];

/** `RAISE`, of which only the level matters, and which error it is. */
export function readRaise(reader: Reader): BodyStep {
  const start = reader.at++;
  const named = levels.find((word) => looksAt(reader, word));
  const from = named === undefined ? reader.at : reader.at + 1;
  reader.at = findEnd(reader);
  const span = spanOf(reader, start, reader.at);
  const condition = raisedCondition(reader, from, reader.at);
  expectSemicolon(reader);
  return { kind: "raise", span, level: named ?? "exception", condition };
}

/** `RAISE 'words'`, `RAISE unique_violation`, `RAISE SQLSTATE '22012'`, and `USING ERRCODE = '22012'` behind any of them. */
function raisedCondition({ text, tokens }: Reader, from: number, to: number): string | null {
  if (from >= to) return null;
  const textAt = (k: number) => {
    const token = tokens[k];
    return token?.kind === "string" ? (valueOfString(text, token)?.value ?? null) : null;
  };
  const errcode = tokens.slice(from, to).findIndex((token) => isWord(text, token, "errcode"));
  if (errcode !== -1) return textAt(from + errcode + 2);
  const first = tokens[from];
  if (isWord(text, first, "sqlstate")) return textAt(from + 1);
  const isBare = first?.kind === "word" && !isWord(text, first, "using");
  return isBare ? nameOf(text, first) : "raise_exception";
}
