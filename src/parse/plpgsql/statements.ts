import { nameOf } from "../../sql/names.ts";
import { isNameToken, isWord } from "../../sql/tokens.ts";
import { append } from "../../text/append.ts";
import { readDeclarations } from "./declarations.ts";
import { chosenText } from "./dynamic.ts";
import { assign, mergeKnowledge } from "./knowledge.ts";
import { loopReaders } from "./loops.ts";
import { passStatement, readCall, readPerform, readTransactionEnd, skipStatement } from "./plain.ts";
import {
  embedComparison,
  embedUntil,
  expect,
  expectSemicolon,
  fail,
  findEnd,
  isDone,
  looksAt,
  looksAtMark,
  loopInvariant,
  MAX_DEPTH,
  type Reader,
  spanOf,
  takes,
} from "./reader.ts";
import { readAssert, readAssignment, readCursor, readExecute, readRaise, readReturn } from "./simple.ts";
import { readStatic } from "./static.ts";
import { type BodyStep, type EmbeddedSql, leaves, type StepOf } from "./step.ts";
import { valueOfString } from "./string.ts";

/** Statements up to one of the words that end a list of them; what could not be read ends it too. */
function readStatements(reader: Reader, ...ends: string[]): BodyStep[] {
  const steps: BodyStep[] = [];
  while (!isDone(reader) && !ends.some((end) => looksAt(reader, end) && !isAssigned(reader))) {
    const start = reader.at;
    const step = readStatement(reader);
    if (reader.failure === null) {
      if (step !== null) steps.push(step);
      continue;
    }
    // What was read of a branch or a loop still counts; of a single statement nothing is sure.
    const isHalfRead = step !== null && holdsSteps(step);
    if (isHalfRead) steps.push(step);
    if (!reader.isTold) steps.push(tellFailure(reader, isHalfRead ? reader.at : start, reader.failure));
  }
  return steps;
}

function holdsSteps(step: BodyStep): boolean {
  if (step.kind === "branch") return step.arms.some((arm) => arm.length > 0);
  if (step.kind === "block") return step.body.length > 0 || step.handlers.length > 0;
  return step.kind === "loop" && step.body.length > 0;
}

/** The step that stands for all that follows a failure. */
export function tellFailure(reader: Reader, from: number, reason: string): BodyStep {
  reader.isTold = true;
  return { kind: "opaque", span: spanOf(reader, from, reader.tokens.length), reason };
}

/** Whether a variable is meant that bears the name of a keyword: `exception := 1`. */
function isAssigned(reader: Reader): boolean {
  return looksAtMark(reader, ":=", 1) || looksAtMark(reader, "=", 1);
}

function readStatement(reader: Reader): BodyStep | null {
  skipLabel(reader);
  const read = isAssigned(reader) ? undefined : readers.get(wordAt(reader));
  return read === undefined ? (readAssignment(reader) ?? readStatic(reader)) : read(reader);
}

function wordAt(reader: Reader): string {
  const token = reader.tokens[reader.at];
  return token?.kind === "word" ? nameOf(reader.text, token) : "";
}

/** Steps over `<<label>>`. */
export function skipLabel(reader: Reader): void {
  if (looksAtMark(reader, "<<") && looksAtMark(reader, ">>", 2)) reader.at += 3;
}

const readers = new Map<string, (reader: Reader) => BodyStep | null>([
  ["if", readIf],
  ["case", readCase],
  ...loopReaders((reader) => readStatements(reader, "end")),
  ["declare", readBlock],
  ["begin", readBlock],
  ["perform", readPerform],
  ["execute", readExecute],
  ["call", readCall],
  ["return", readReturn],
  ["open", readCursor],
  ["raise", readRaise],
  ["commit", readTransactionEnd],
  ["rollback", readTransactionEnd],
  ["null", passStatement],
  ["exit", passStatement],
  ["continue", passStatement],
  ["fetch", skipStatement],
  ["move", skipStatement],
  ["close", skipStatement],
  ["assert", readAssert],
  ["get", skipStatement],
]);

/** A block with its label read already: [DECLARE ...] BEGIN ... [EXCEPTION ...] END. */
export function readBlock(reader: Reader): StepOf<"block"> {
  const start = reader.at;
  if (++reader.depth > MAX_DEPTH) fail(reader, "nested too deeply");
  const body: BodyStep[] = [];
  if (takes(reader, "declare")) append(body, readDeclarations(reader));
  expect(reader, "begin");
  const before = loopInvariant(reader);
  append(body, readStatements(reader, "end", "exception"));
  const ways = [reader.knowledge];
  const handlers: StepOf<"block">["handlers"][number][] = [];
  if (takes(reader, "exception")) {
    while (!isDone(reader) && takes(reader, "when")) {
      const conditions = readConditions(reader);
      reader.knowledge = new Map(before);
      handlers.push({ conditions, body: readStatements(reader, "when", "end") });
      ways.push(reader.knowledge);
    }
  }
  reader.knowledge = mergeKnowledge(ways);
  expect(reader, "end");
  const end = reader.at;
  closeLabelled(reader);
  reader.depth--;
  return { kind: "block", span: spanOf(reader, start, end), body, handlers };
}

/** The outermost block may lack its semicolon. */
function closeLabelled(reader: Reader): void {
  const token = reader.tokens[reader.at];
  if (isNameToken(token)) reader.at++;
  if (reader.at < reader.tokens.length) expectSemicolon(reader);
  else if (reader.depth > 1) expectSemicolon(reader);
}

function readConditions(reader: Reader): string[] {
  const end = findEnd(reader, ["then"]);
  const { text } = reader;
  const conditions = reader.tokens
    .slice(reader.at, end)
    .filter((token) => !isWord(text, token, "or") && !isWord(text, token, "sqlstate"))
    .map((token) =>
      token.kind === "string" ? (valueOfString(text, token)?.value ?? "") : nameOf(text, token),
    );
  reader.at = end;
  expect(reader, "then");
  return conditions;
}

function readIf(reader: Reader): BodyStep {
  const start = reader.at;
  const conditions: EmbeddedSql[] = [];
  const arms: BodyStep[][] = [];
  const readArm = armsOf(reader, arms);
  do {
    reader.at++;
    conditions.push(readUntil(reader, "then"));
    readArm("elsif", "elseif", "else", "end");
  } while (!isDone(reader) && (looksAt(reader, "elsif") || looksAt(reader, "elseif")));
  return closeBranch(reader, start, "if", conditions, arms, readArm);
}

function readCase(reader: Reader): BodyStep {
  const start = reader.at++;
  const conditions: EmbeddedSql[] = [];
  const arms: BodyStep[][] = [];
  const readArm = armsOf(reader, arms);
  const value = looksAt(reader, "when") ? null : embedUntil(reader, "when");
  while (!isDone(reader) && takes(reader, "when")) {
    const when = readUntil(reader, "then");
    conditions.push(value === null ? when : embedComparison(value, when));
    readArm("when", "else", "end");
  }
  return closeBranch(reader, start, "case", conditions, arms, readArm);
}

type ReadArm = ((...ends: string[]) => void) & { ways: Reader["knowledge"][]; before: Reader["knowledge"] };

/** Every arm starts with what was known before the branch. */
function armsOf(reader: Reader, arms: BodyStep[][]): ReadArm {
  const before = reader.knowledge;
  const ways: Reader["knowledge"][] = [];
  const readArm = (...ends: string[]) => {
    reader.knowledge = new Map(before);
    if (++reader.depth > MAX_DEPTH) fail(reader, "nested too deeply");
    arms.push(readStatements(reader, ...ends));
    reader.depth--;
    ways.push(reader.knowledge);
  };
  return Object.assign(readArm, { ways, before });
}

function closeBranch(
  reader: Reader,
  start: number,
  word: string,
  conditions: readonly EmbeddedSql[],
  arms: BodyStep[][],
  readArm: ReadArm,
): BodyStep {
  const hasElse = takes(reader, "else");
  if (hasElse) readArm("end");
  // Without ELSE a CASE that matches nothing fails, and an IF goes on.
  else if (word === "if") readArm.ways.push(readArm.before);
  // What holds behind it holds on the ways that come so far.
  const ways = readArm.ways.filter((_, k) => arms[k]?.some(leaves) !== true);
  reader.knowledge = mergeKnowledge(ways.length > 0 ? ways : readArm.ways);
  keepChoices(reader, start, ways);
  expect(reader, "end", word);
  const span = spanOf(reader, start, reader.at);
  expectSemicolon(reader);
  return { kind: "branch", span, conditions, arms, hasElse };
}

/** What variables hold that a branch gives other values on each of its ways. */
function keepChoices(reader: Reader, branch: number, ways: readonly Reader["knowledge"][]): void {
  for (const variable of ways[0]?.keys() ?? []) {
    if (reader.knowledge.has(variable)) continue;
    const values = ways.flatMap((way) => [way.get(variable)]).filter((value) => value !== undefined);
    const value = values.length === ways.length ? chosenText(reader, variable, branch, values) : null;
    if (value !== null) assign(reader.knowledge, variable, value);
  }
}

/** The same, with the word. */
function readUntil(reader: Reader, word: string): EmbeddedSql {
  const expression = embedUntil(reader, word);
  expect(reader, word);
  return expression;
}
