import { nameOf } from "../../sql/names.ts";
import { isMark, isNameToken, isWord } from "../../sql/tokens.ts";
import { textOfPieces } from "./knowledge.ts";
import type { Reader } from "./reader.ts";

/** Beyond this a number is none that loops count partitions with. */
const largest = 1_000_000_000_000;

/** The whole number that `i - 1` or `2 * i + 1` comes to, where every number in it is known; null for anything else. */
export function readSum(reader: Reader, from: number, to: number): number | null {
  const end = { at: from };
  const sum = readTerms(reader, end, to);
  return sum !== null && end.at === to ? sum : null;
}

/** What is read so far ends at the token `at`. */
interface Place {
  at: number;
}

function readTerms(reader: Reader, place: Place, to: number): number | null {
  let sum = readProduct(reader, place, to);
  for (let sign = signAt(reader, place, to, "+-"); sign !== null && sum !== null; ) {
    place.at += 1;
    const term = readProduct(reader, place, to);
    sum = term === null ? null : inRange(sign === "+" ? sum + term : sum - term);
    sign = signAt(reader, place, to, "+-");
  }
  return sum;
}

function readProduct(reader: Reader, place: Place, to: number): number | null {
  let product = readFactor(reader, place, to);
  while (product !== null && signAt(reader, place, to, "*") !== null) {
    place.at += 1;
    const factor = readFactor(reader, place, to);
    product = factor === null ? null : inRange(product * factor);
  }
  return product;
}

function readFactor(reader: Reader, place: Place, to: number): number | null {
  const token = reader.tokens[place.at];
  if (token === undefined || place.at >= to) return null;
  place.at += 1;
  if (isMark(reader.text, token, "(")) return readInner(reader, place, to);
  if (token.kind === "number") return wholeNumber(reader.text.slice(token.start, token.end));
  if (token.kind !== "word" && token.kind !== "parameter") return null;
  const length = readLength(reader, place, to);
  if (length !== null) return length;
  const name = token.kind === "word" ? nameOf(reader.text, token) : reader.text.slice(token.start, token.end);
  return wholeNumber(textOfPieces(reader.knowledge.get(name) ?? []));
}

/** `array_length(names, 1)` and `cardinality(names)`, with the reader behind the first word. */
function readLength({ text, tokens, lists }: Reader, place: Place, to: number): number | null {
  const [call, open, name] = [tokens[place.at - 1], tokens[place.at], tokens[place.at + 1]];
  const isLong = isWord(text, call, "array_length");
  if (!isLong && !isWord(text, call, "cardinality")) return null;
  const end = place.at + (isLong ? 4 : 2);
  const isWhole = isMark(text, open, "(") && isNameToken(name) && isMark(text, tokens[end], ")") && end < to;
  if (!isWhole || (isLong && text.slice(tokens[end - 1]?.start, tokens[end - 1]?.end) !== "1")) return null;
  const length = lists.get(nameOf(text, name))?.length ?? null;
  if (length !== null) place.at = end + 1;
  return length;
}

function readInner(reader: Reader, place: Place, to: number): number | null {
  // Guards the stack against `((((`.
  if (reader.depth > 100) return null;
  reader.depth++;
  const inner = readTerms(reader, place, to);
  reader.depth--;
  if (!isMark(reader.text, reader.tokens[place.at], ")") || place.at >= to) return null;
  place.at += 1;
  return inner;
}

function signAt(reader: Reader, { at }: Place, to: number, signs: string): string | null {
  if (at >= to) return null;
  return [...signs].find((sign) => isMark(reader.text, reader.tokens[at], sign)) ?? null;
}

function wholeNumber(text: string): number | null {
  return /^-?\d{1,13}$/.test(text) ? inRange(Number(text)) : null;
}

function inRange(value: number): number | null {
  return Math.abs(value) > largest ? null : value;
}
