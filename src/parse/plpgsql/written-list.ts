import { nameOf } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isNameToken, isWord } from "../../sql/tokens.ts";
import { assign, givenText, type Knowledge } from "./knowledge.ts";
import { isDone, type Reader } from "./reader.ts";
import type { BodyStep } from "./step.ts";
import { valueOfString } from "./string.ts";
import { readSum } from "./sums.ts";

/** A loop over strings or numbers that are written out: what its variable holds in each round. */
export interface WrittenList {
  readonly variable: string;
  readonly values: readonly string[];
}

/** Longer lists are not read round by round, nor is what makes many rounds of a long body. */
const MAX_VALUES = 64;
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
 * The strings of `ARRAY['a', 'b']`, with or without a cast, of a variable that holds such an array, or of `SELECT unnest(...)` of
 * either. Null where it is anything else.
 */
export function writtenStrings(reader: Reader, from: number, to: number): readonly string[] | null {
  const { text, tokens } = reader;
  const first = tokens[from];
  if (isWord(text, first, "select")) {
    const isAll = isMark(text, tokens[from + 1], "*") && isWord(text, tokens[from + 2], "from");
    const call = isAll ? from + 3 : from + 1;
    if (!isWord(text, tokens[call], "unnest") || !isMark(text, tokens[call + 1], "(")) return null;
    const end = indexOf(reader, ")", call, to);
    // Behind it a name may stand, and no condition.
    const rest = to - end - 1 - (isWord(text, tokens[end + 1], "as") ? 1 : 0);
    return end === -1 || rest > 1 ? null : writtenStrings(reader, call + 2, end);
  }
  if (isNameToken(first) && to === from + 1) return reader.lists.get(nameOf(text, first)) ?? null;
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
  list: WrittenList | null,
  readBody: () => BodyStep[],
): readonly [BodyStep[], ...BodyStep[][]] {
  const from = reader.at;
  const readRound = (value: string | null) => {
    reader.at = from;
    reader.knowledge = new Map(before);
    if (list !== null && value !== null) assign(reader.knowledge, list.variable, givenText(value));
    return readBody();
  };
  const values = list !== null && (reader.assignments.get(list.variable) ?? 0) === 0 ? list.values : [];
  const first = readRound(values[0] ?? null);
  if (values.length < 2 || reader.failure !== null || !runsOther(reader, from)) return [first];
  reader.repeated += (reader.at - from) * (values.length - 1);
  if (reader.repeated > MAX_REPEATED || isDone(reader)) return [readRound(null)];
  return [first, ...values.slice(1).map(readRound)];
}

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
