import { isMark, isWord, tokensIn } from "../sql/tokens.ts";
import type { Span } from "../text/span.ts";
import { integerEnds } from "./facts/integers.ts";

/** Between which numbers a sequence goes, and which way. A part that is null is not known. */
export interface SequenceRange {
  readonly type: string | null;
  readonly isDescending: boolean | null;
  /** As text: a history that is kept is JSON. */
  readonly low: string | null;
  readonly high: string | null;
}

/** What the options of CREATE or ALTER SEQUENCE, or of an identity column, say. */
interface SequenceOptions {
  readonly type: string | null;
  readonly increment: bigint | null;
  readonly cache: bigint | null;
  readonly low: bigint | null;
  readonly high: bigint | null;
  /** NO MINVALUE, NO MAXVALUE: as if nothing had been said. */
  readonly noLow: boolean;
  readonly noHigh: boolean;
  readonly start: bigint | null;
  readonly restart: bigint | null;
}

const types: ReadonlyMap<string, string> = new Map([
  ["smallint", "int2"],
  ["int2", "int2"],
  ["int", "int4"],
  ["int4", "int4"],
  ["integer", "int4"],
  ["bigint", "int8"],
  ["int8", "int8"],
]);

/** Reads the options in a stretch of text that holds nothing else. */
export function readSequenceOptions(text: string, { start, end }: Span): SequenceOptions {
  const tokens = tokensIn(text, start, end);
  const at = (word: string) => tokens.findIndex((token) => isWord(text, token, word));
  const numberAfter = (word: string): bigint | null => {
    const found = at(word);
    if (found < 0) return null;
    let k = found + 1;
    if (isWord(text, tokens[k], "by") || isWord(text, tokens[k], "with")) k += 1;
    const isNegative = isMark(text, tokens[k], "-");
    const token = tokens[isNegative ? k + 1 : k];
    if (token?.kind !== "number") return null;
    const numeral = text.slice(token.start, token.end);
    if (!/^\d+$/.test(numeral)) return null;
    return isNegative ? -BigInt(numeral) : BigInt(numeral);
  };
  const isNo = (word: string) => isWord(text, tokens[at(word) - 1], "no");
  const type = tokens[at("as") + 1];
  const isTyped = at("as") >= 0 && type !== undefined;
  return {
    type: isTyped ? (types.get(text.slice(type.start, type.end).toLowerCase()) ?? null) : null,
    increment: numberAfter("increment"),
    cache: numberAfter("cache"),
    low: numberAfter("minvalue"),
    high: numberAfter("maxvalue"),
    noLow: isNo("minvalue"),
    noHigh: isNo("maxvalue"),
    start: numberAfter("start"),
    restart: numberAfter("restart"),
  };
}

/** Nothing is known of it. */
export const unknownRange: SequenceRange = { type: null, isDescending: null, low: null, high: null };

/** The range of a sequence after its options. `before`: null where it is made, of this type unless the options name one. */
export function rangeAfter(
  before: SequenceRange | null,
  options: SequenceOptions,
  type = "int8",
): SequenceRange {
  const own = options.type ?? (before === null ? type : before.type);
  const { increment } = options;
  const isDescending = increment === null ? (before === null ? false : before.isDescending) : increment < 0n;
  const end = integerEnds.get(own ?? "") ?? null;
  const was = integerEnds.get(before?.type ?? "") ?? null;
  // With another type a bound that was that of the type becomes that of the new one.
  const isOfType = (bound: string | null | undefined, limit: bigint | null) =>
    options.type !== null && limit !== null && bound === String(limit);
  const most = end === null ? null : end - 1n;
  const least = end === null ? null : -end;
  const bound = (
    given: bigint | null,
    isImplied: boolean,
    kept: string | null | undefined,
    implied: bigint | null,
  ) => {
    const value = given ?? (isImplied ? implied : null);
    return value !== null ? String(value) : isImplied ? null : (kept ?? null);
  };
  const isNew = before === null;
  const isHighImplied = isNew || options.noHigh || isOfType(before.high, was === null ? null : was - 1n);
  const isLowImplied = isNew || options.noLow || isOfType(before.low, was === null ? null : -was);
  const [highest, lowest] = isDescending === null ? [null, null] : isDescending ? [-1n, least] : [most, 1n];
  return {
    type: own,
    isDescending,
    high: bound(options.high, isHighImplied, before?.high, highest),
    low: bound(options.low, isLowImplied, before?.low, lowest),
  };
}
