import { nameOf } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isNameToken, isWord } from "../../sql/tokens.ts";
import { assign, givenText, type Knowledge } from "./knowledge.ts";
import { isDone, type Reader } from "./reader.ts";
import type { BodyStep } from "./step.ts";
import { valueOfString } from "./string.ts";
import { readSum } from "./sums.ts";

/** A loop over what is written out: what its variables, or the fields of its record, hold in each round, as far as it is known. */
export interface WrittenRounds {
  readonly variables: readonly string[];
  readonly rounds: readonly ReadonlyMap<string, string>[];
}

/** Longer lists are not read round by round, nor is what makes many rounds of a long body. */
export const MAX_VALUES = 64;
const MAX_REPEATED = 20_000;

/** The numbers of `1..16` or `0..n - 1` where n is known, as text. Null where it is no range, a long one, or one with steps. */
export function writtenNumbers(reader: Reader, from: number, to: number): readonly string[] | null {
  const middle = indexOf(reader, "..", from, to);
  if (middle === -1) return null;
  const first = readSum(reader, from, middle);
  const last = readSum(reader, middle + 1, to);
  if (first === null || last === null || last < first || last - first >= MAX_VALUES) return null;
  return Array.from({ length: last - first + 1 }, (_, k) => String(first + k));
}

/**
 * The strings of `ARRAY['a', 'b']` or `'{a,b}'`, with or without a cast, of `string_to_array('a,b', ',')`, or of a variable that holds
 * such an array. Null where it is anything else.
 */
export function writtenStrings(reader: Reader, from: number, to: number): readonly string[] | null {
  const { text, tokens } = reader;
  const first = tokens[from];
  if (isNameToken(first) && to === from + 1) return reader.lists.get(nameOf(text, first)) ?? null;
  if (first?.kind === "string")
    return isCastAtMost(reader, from + 1, to) ? arrayOf(valueAt(reader, from)) : null;
  if (isWord(text, first, "string_to_array")) return splitStrings(reader, from, to);
  if (!isWord(text, first, "array") || !isMark(text, tokens[from + 1], "[")) return null;
  const values: string[] = [];
  let k = from + 2;
  for (; k < to && !isMark(text, tokens[k], "]"); k++) {
    const token = tokens[k];
    if (isMark(text, token, ",")) continue;
    const value = token?.kind === "string" ? valueOfString(text, token) : null;
    if (value === null || values.length === MAX_VALUES) return null;
    values.push(value.value);
  }
  return k < to && values.length > 0 && isCastAtMost(reader, k + 1, to) ? values : null;
}

function valueAt({ text, tokens }: Reader, at: number): string | null {
  const token = tokens[at];
  return token?.kind === "string" ? (valueOfString(text, token)?.value ?? null) : null;
}

/** What `{a,b}` holds, if nothing in it is quoted or NULL. */
function arrayOf(value: string | null): readonly string[] | null {
  const inside = /^\{([^{}"\\]+)\}$/.exec(value ?? "")?.[1];
  const values = inside?.split(",").map((one) => one.trim()) ?? [];
  const isPlain = values.every((one) => one !== "" && one.toLowerCase() !== "null");
  return values.length > 0 && values.length <= MAX_VALUES && isPlain ? values : null;
}

/** `string_to_array('a,b', ',')`. */
function splitStrings(reader: Reader, from: number, to: number): readonly string[] | null {
  const { text, tokens } = reader;
  const [list, mark] = [valueAt(reader, from + 2), valueAt(reader, from + 4)];
  const marks = ["(", ",", ")"].every((one, k) => isMark(text, tokens[from + 1 + 2 * k], one));
  if (to !== from + 6 || !marks || list === null || mark === null || mark === "") return null;
  const values = list.split(mark);
  return values.length <= MAX_VALUES ? values : null;
}

/** Nothing, or `::text[]`. */
function isCastAtMost({ text, tokens }: Reader, from: number, to: number): boolean {
  if (from === to) return true;
  const isOfType = (token: Token) =>
    isNameToken(token) || [".", "[", "]"].some((mark) => isMark(text, token, mark));
  return isMark(text, tokens[from], "::") && tokens.slice(from + 1, to).every(isOfType);
}

function indexOf({ text, tokens }: Reader, mark: string, from: number, to: number): number {
  for (let k = from; k < to; k++) if (isMark(text, tokens[k], mark)) return k;
  return -1;
}

/** The rounds of a loop over a list, or its body once where there is none; the reader stands behind the last. */
export function readRounds(
  reader: Reader,
  before: Knowledge,
  list: WrittenRounds | null,
  readBody: () => BodyStep[],
): readonly [BodyStep[], ...BodyStep[][]] {
  const from = reader.at;
  const readRound = (held: ReadonlyMap<string, string>) => {
    reader.at = from;
    reader.knowledge = new Map(before);
    for (const [name, value] of held) assign(reader.knowledge, name, givenText(value));
    return readBody();
  };
  const isKept = list?.variables.every((name) => !reader.assignments.has(name)) ?? false;
  const [start = nothing, ...others] = list !== null && isKept ? list.rounds : [];
  const first = readRound(start);
  if (others.length === 0 || reader.failure !== null || !runsOther(reader, from)) return [first];
  reader.repeated += (reader.at - from) * others.length;
  if (reader.repeated > MAX_REPEATED || isDone(reader)) return [readRound(nothing)];
  return [first, ...others.map(readRound)];
}

const nothing: ReadonlyMap<string, string> = new Map();

/** Whether what was read from a token on runs what a variable may be a part of: static SQL is the same in each round. */
function runsOther({ text, tokens, at }: Reader, from: number): boolean {
  const words = ["execute", "perform", "call"];
  return tokens.slice(from, at).some((token) => words.some((word) => isWord(text, token, word)));
}

/** Whether a stretch of a body may end a round before its end. */
export function mayEndRound({ text, tokens }: Reader, from: number, to: number): boolean {
  const ends = ["exit", "continue", "return"];
  return tokens.slice(from, to).some((token) => ends.some((word) => isWord(text, token, word)));
}
