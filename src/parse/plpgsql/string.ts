import { isSpace } from "../../sql/scanner.ts";
import type { Token } from "../../sql/token.ts";
import type { Span } from "../../text/span.ts";

/** A decoded literal, and where each unit of its value starts in the text. */
interface DecodedString {
  readonly value: string;
  placeOf(offset: number): number;
}

/**
 * The inside of a literal, without quotes and prefix, and how it is quoted. Null for bit strings and `U&''`,
 * which nobody executes.
 */
function stringParts(
  text: string,
  token: Token,
): { readonly inner: Span; readonly style: "dollar" | "plain" | "escape" } | null {
  const { start, end } = token;
  const first = text.charCodeAt(start);
  if (first === 36) {
    const tag = text.indexOf("$", start + 1) + 1 - start;
    return { inner: { start: start + tag, end: end - tag }, style: "dollar" };
  }
  if (first === 39) return { inner: { start: start + 1, end: end - 1 }, style: "plain" };
  const prefix = first | 32;
  if ((prefix !== 101 && prefix !== 110) || text.charCodeAt(start + 1) !== 39) return null;
  return { inner: { start: start + 2, end: end - 1 }, style: prefix === 101 ? "escape" : "plain" };
}

/** What a literal stands for, or null. */
export function valueOfString(text: string, token: Token): DecodedString | null {
  const parts = stringParts(text, token);
  if (parts === null) return null;
  const { start, end } = parts.inner;
  if (parts.style !== "dollar") return decodeString(text, start, end, parts.style === "escape");
  return { value: text.slice(start, end), placeOf: (offset) => start + offset };
}

/** Decodes what lies between the quotes of `'...'` or `E'...'`: doubled quotes, continuation lines, escapes. */
export function decodeString(text: string, from: number, to: number, hasEscapes: boolean): DecodedString {
  const raw = text.slice(from, to);
  if (!raw.includes("'") && !(hasEscapes && raw.includes("\\"))) {
    return { value: raw, placeOf: (offset) => from + offset };
  }
  const units: string[] = [];
  const places: number[] = [];
  const push = (unit: string, at: number) => {
    units.push(unit);
    for (let k = 0; k < unit.length; k++) places.push(at);
  };
  let at = from;
  while (at < to) {
    const unit = text[at] ?? "";
    if (unit === "'" && text[at + 1] !== "'") at = nextPart(text, at + 1, to);
    else if (unit === "\\" && hasEscapes) {
      const escaped = readEscape(text, at);
      push(escaped.value, at);
      at += escaped.length;
    } else {
      push(unit, at);
      at += unit === "'" ? 2 : 1;
    }
  }
  return { value: units.join(""), placeOf: (offset) => places[offset] ?? to };
}

/** Behind the quote that opens the next line of a literal. */
function nextPart(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && text[at] !== "'") {
    if (text.startsWith("--", at)) while (at < to && text[at] !== "\n" && text[at] !== "\r") at++;
    else if (isSpace(text.charCodeAt(at))) at++;
    else return at;
  }
  return at + 1;
}

interface Escape {
  readonly value: string;
  /** How many units of the text spell it. */
  readonly length: number;
}

const simpleEscapes = new Map([
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

function readEscape(text: string, at: number): Escape {
  const letter = text[at + 1] ?? "";
  const simple = simpleEscapes.get(letter);
  if (simple !== undefined) return { value: simple, length: 2 };
  if (letter === "x") return readDigits(text, at, 2, 2, 16);
  if (letter === "u") return readDigits(text, at, 2, 4, 16);
  if (letter === "U") return readDigits(text, at, 2, 8, 16);
  if (letter >= "0" && letter <= "7") return readDigits(text, at, 1, 3, 8);
  return { value: letter, length: 2 };
}

function readDigits(text: string, at: number, skip: number, most: number, base: number): Escape {
  let digits = "";
  while (digits.length < most) {
    const digit = text[at + skip + digits.length] ?? "";
    if (Number.isNaN(Number.parseInt(digit, base))) break;
    digits += digit;
  }
  if (digits === "") return { value: text[at + 1] ?? "", length: 2 };
  const code = Number.parseInt(digits, base);
  return { value: code <= 0x10ffff ? String.fromCodePoint(code) : "", length: skip + digits.length };
}
