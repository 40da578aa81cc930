import { nameOf } from "../../sql/names.ts";
import { isMark } from "../../sql/tokens.ts";
import { forget, mergeKnowledge } from "./knowledge.ts";
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
import {
  mayEndRound,
  readRounds,
  type WrittenRounds,
  writtenNumbers,
  writtenStrings,
} from "./written-list.ts";
import { type WrittenRows, writtenRows } from "./written-rows.ts";

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
  list: WrittenRounds | null = null,
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
  const variables = readLoopVariables(reader);
  expect(reader, "in");
  const from = reader.at;
  const source = readForSource(reader);
  return readLoop(readBody, reader, start, source, writtenFor(reader, variables, from));
}

function readForeach(readBody: ReadBody, reader: Reader): BodyStep {
  const start = reader.at++;
  const variables = readLoopVariables(reader);
  if (takes(reader, "slice")) reader.at++;
  expect(reader, "in", "array");
  const from = reader.at;
  const sql = embedUntil(reader, "loop");
  const list = writtenFor(reader, variables, from);
  return readLoop(readBody, reader, start, { kind: "expression", span: sql.span, sql }, list);
}

/** The list between a token and the next to read, if the loop has variables for it. */
function writtenFor(reader: Reader, variables: readonly string[], from: number): WrittenRounds | null {
  const [variable, ...others] = variables;
  if (variable === undefined) return null;
  const values = writtenStrings(reader, from, reader.at) ?? writtenNumbers(reader, from, reader.at);
  if (values !== null)
    return others.length > 0 ? null : { variables, rounds: values.map((one) => new Map([[variable, one]])) };
  const list = writtenRows(reader, from, reader.at);
  return list === null ? null : { variables, rounds: roundsOf(list, variable, others) };
}

/** A row goes to one variable for each column, or to the fields of a record. */
function roundsOf({ columns, rows }: WrittenRows, variable: string, others: readonly string[]) {
  return rows.map((row) => {
    const round = new Map<string, string>();
    const [only] = row;
    // The whole first: it takes the fields with it.
    if (typeof only === "string" && row.length === 1) round.set(variable, only);
    row.forEach((value, k) => {
      const name = others.length > 0 ? [variable, ...others][k] : `${variable}.${columns[k]}`;
      if (value !== null && name !== undefined) round.set(name, value);
    });
    return round;
  });
}

/** What a loop assigns is unknown in it. The names; none where the loop assigns fields. */
function readLoopVariables(reader: Reader): readonly string[] {
  const names: string[] = [];
  let hasField = false;
  do {
    const token = reader.tokens[reader.at];
    if (token?.kind !== "word" && token?.kind !== "quoted") {
      fail(reader, "expected a variable");
      return [];
    }
    const name = nameOf(reader.text, token);
    names.push(name);
    forget(reader.knowledge, name);
    reader.variables.add(name);
    reader.at++;
    for (; isMark(reader.text, reader.tokens[reader.at], "."); reader.at += 2) hasField = true;
  } while (takesMark(reader, ","));
  return hasField ? [] : names;
}
