import { nameOf } from "../../sql/names.ts";
import { isMark } from "../../sql/tokens.ts";
import { mergeKnowledge } from "./knowledge.ts";
import {
  embedUntil,
  expect,
  expectSemicolon,
  fail,
  looksAtMark,
  loopInvariant,
  MAX_DEPTH,
  type Reader,
  spanOf,
  takes,
  takesMark,
} from "./reader.ts";
import { readForSource } from "./simple.ts";
import type { BodyStep } from "./step.ts";
import { mayEndRound, readRounds, type WrittenList, writtenNumbers, writtenStrings } from "./written-list.ts";

/** Reads the statements up to END. */
type ReadBody = (reader: Reader) => BodyStep[];

/** How the loops are read, by their first word. */
export function loopReaders(readBody: ReadBody): readonly [string, (reader: Reader) => BodyStep][] {
  return [
    ["loop", (reader) => readLoop(readBody, reader, reader.at, null)],
    ["while", (reader) => readWhile(readBody, reader)],
    ["for", (reader) => readFor(readBody, reader)],
    ["foreach", (reader) => readForeach(readBody, reader)],
  ];
}

/** From LOOP to END LOOP; `start` is the first token of the statement. */
function readLoop(
  readBody: ReadBody,
  reader: Reader,
  start: number,
  source: BodyStep | null,
  list: WrittenList | null = null,
): BodyStep {
  expect(reader, "loop");
  const from = reader.at;
  const before = loopInvariant(reader);
  if (++reader.depth > MAX_DEPTH) fail(reader, "nested too deeply");
  const [body, ...rounds] = readRounds(reader, before, list, () => readBody(reader));
  const isSure = list !== null && !mayEndRound(reader, from, reader.at);
  reader.depth--;
  reader.knowledge = mergeKnowledge([before, reader.knowledge]);
  expect(reader, "end", "loop");
  const span = spanOf(reader, start, reader.at);
  if (!looksAtMark(reader, ";")) reader.at++;
  expectSemicolon(reader);
  return {
    kind: "loop",
    span,
    source,
    body,
    ...(rounds.length > 0 && { rounds }),
    ...(isSure && { isSure: true as const }),
  };
}

function readWhile(readBody: ReadBody, reader: Reader): BodyStep {
  const start = reader.at++;
  const sql = embedUntil(reader, "loop");
  return readLoop(readBody, reader, start, { kind: "expression", span: sql.span, sql });
}

function readFor(readBody: ReadBody, reader: Reader): BodyStep {
  const start = reader.at++;
  const variable = readLoopVariables(reader);
  expect(reader, "in");
  const from = reader.at;
  const source = readForSource(reader);
  return readLoop(readBody, reader, start, source, writtenFor(reader, variable, from));
}

function readForeach(readBody: ReadBody, reader: Reader): BodyStep {
  const start = reader.at++;
  const variable = readLoopVariables(reader);
  if (takes(reader, "slice")) reader.at++;
  expect(reader, "in", "array");
  const from = reader.at;
  const sql = embedUntil(reader, "loop");
  const list = writtenFor(reader, variable, from);
  return readLoop(readBody, reader, start, { kind: "expression", span: sql.span, sql }, list);
}

/** The list between a token and the next to read, if the loop has one variable for it. */
function writtenFor(reader: Reader, variable: string | null, from: number): WrittenList | null {
  if (variable === null) return null;
  const values = writtenStrings(reader, from, reader.at) ?? writtenNumbers(reader, from, reader.at);
  return values === null ? null : { variable, values };
}

/** What a loop assigns is unknown in it. The name, if there is but one. */
function readLoopVariables(reader: Reader): string | null {
  const names: string[] = [];
  do {
    const token = reader.tokens[reader.at];
    if (token?.kind !== "word" && token?.kind !== "quoted") {
      fail(reader, "expected a variable");
      return null;
    }
    names.push(nameOf(reader.text, token));
    reader.knowledge.delete(nameOf(reader.text, token));
    reader.variables.add(nameOf(reader.text, token));
    reader.at++;
    while (isMark(reader.text, reader.tokens[reader.at], ".")) reader.at += 2;
  } while (takesMark(reader, ","));
  return names.length === 1 ? (names[0] ?? null) : null;
}
