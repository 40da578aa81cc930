import { append } from "../../text/append.ts";
import type { KnownText, Piece } from "./knowledge.ts";

interface Specifier {
  readonly type: string;
  /** From 1, as in `%2$I`; null: the next one. */
  readonly position: number | null;
  readonly end: number;
}

/** More pieces than any statement that a person writes. */
const MAX_RESULT = 1024;

/**
 * The result of format(): the known text of the pattern with each specifier filled in. `fill` is given the
 * number of the argument (the pattern is 0) and the type: `s`, `I` or `L`. Null where the pattern
 * does not hold; its unknown parts stay as they are.
 */
export function formatPieces(
  pattern: KnownText,
  fill: (index: number, type: string) => KnownText | null,
): KnownText | null {
  const pieces: Piece[] = [];
  let next = 1;
  for (const piece of pattern) {
    const { text } = piece;
    if (pieces.length > MAX_RESULT) return null;
    if (piece.kind !== "known") {
      pieces.push(piece);
      continue;
    }
    let from = 0;
    let at = text.indexOf("%");
    while (at !== -1) {
      if (at > from) pieces.push(slicePiece(piece, from, at));
      const specifier = readSpecifier(text, at);
      if (specifier === null) return null;
      if (specifier.type === "%") pieces.push(slicePiece(piece, at, at + 1));
      else {
        const index = specifier.position ?? next;
        const value = fill(index, specifier.type);
        if (value === null) return null;
        append(pieces, value);
        next = index + 1;
      }
      from = specifier.end;
      at = text.indexOf("%", from);
    }
    if (from < text.length) pieces.push(slicePiece(piece, from, text.length));
  }
  return pieces;
}

function slicePiece(piece: Piece, from: number, to: number): Piece {
  return {
    kind: piece.kind,
    text: piece.text.slice(from, to),
    placeOf: (offset) => piece.placeOf(from + offset),
  };
}

/** `%[position$][-][width]type`. A width taken from an argument is nobody's way to write SQL: null. */
function readSpecifier(text: string, percent: number): Specifier | null {
  let at = percent + 1;
  let position: number | null = null;
  const digits = endOfDigits(text, at);
  if (digits > at && text[digits] === "$") {
    position = Number.parseInt(text.slice(at, digits), 10);
    at = digits + 1;
  }
  if (text[at] === "-") at++;
  at = endOfDigits(text, at);
  const type = text[at] ?? "";
  return type !== "" && "%sIL".includes(type) ? { type, position, end: at + 1 } : null;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at++;
  return at;
}
