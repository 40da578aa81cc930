import { isMark, isWord } from "../../sql/tokens.ts";
import type { Reader } from "./reader.ts";

/** The stretches between the marks outside of parentheses and CASE. */
export function splitAt(reader: Reader, from: number, to: number, mark: string): [number, number][] {
  const parts: [number, number][] = [];
  let start = from;
  let depth = 0;
  for (let k = from; k < to; k++) {
    const token = reader.tokens[k];
    if (isMark(reader.text, token, "(") || isMark(reader.text, token, "[")) depth++;
    else if (isMark(reader.text, token, ")") || isMark(reader.text, token, "]")) depth--;
    else if (isWord(reader.text, token, "case")) depth++;
    else if (isWord(reader.text, token, "end")) depth--;
    else if (depth === 0 && isMark(reader.text, token, mark)) {
      parts.push([start, k]);
      start = k + 1;
    }
  }
  parts.push([start, to]);
  return parts;
}

/** The index of the mark that closes the one at `open`. */
export function closingOf(reader: Reader, open: number): number {
  let depth = 0;
  for (let k = open; k < reader.tokens.length; k++) {
    const token = reader.tokens[k];
    if (isMark(reader.text, token, "(")) depth++;
    else if (isMark(reader.text, token, ")") && --depth === 0) return k;
  }
  return -1;
}

/** The indexes of the tokens that stand outside of brackets; a bracket that opens stands outside itself. */
export function outerTokens(reader: Reader, from: number, to: number): number[] {
  const outer: number[] = [];
  let depth = 0;
  for (let k = from; k < to; k++) {
    const token = reader.tokens[k];
    if (isMark(reader.text, token, ")") || isMark(reader.text, token, "]")) depth--;
    else if (depth === 0) outer.push(k);
    if (isMark(reader.text, token, "(") || isMark(reader.text, token, "[")) depth++;
  }
  return outer;
}
