import { continuation, endOfStringPart } from "../../sql/scanner.ts";
import type { Token } from "../../sql/token.ts";
import type { Span } from "../../text/span.ts";
import { type Cursor, tokenAt } from "./cursor.ts";

/** Where the text of a string literal lies inside its quotes: of a dollar-quoted one, or of the first part of '...'. */
export function insideOf(text: string, token: Token): Span {
  const { start, end } = token;
  if (text.charCodeAt(start) === 36) {
    const tag = text.indexOf("$", start + 1) + 1 - start;
    return { start: start + tag, end: Math.max(start + tag, end - tag) };
  }
  const quote = text.indexOf("'", start);
  return { start: quote + 1, end: Math.max(quote + 1, end - 1) };
}

/** What lies between the parts of a literal that goes on behind a line end: from one quote to the next. */
export function gapsIn(text: string, token: Token): Span[] {
  if (text.charCodeAt(token.start) === 36) return [];
  const gaps: Span[] = [];
  const hasEscapes = isEscapeString(text, token);
  let from = insideOf(text, token).start;
  for (;;) {
    const end = endOfStringPart(text, from, token.end, hasEscapes);
    const next = end === -1 ? -1 : continuation(text, end, token.end);
    if (next === -1) return gaps;
    gaps.push({ start: end, end: next });
    from = next + 1;
  }
}

function isEscapeString(text: string, token: Token): boolean {
  const first = text[token.start];
  return first === "e" || first === "E";
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** The value of the string literal at the cursor, which moves behind it; "" where there is none. */
export function readString(cursor: Cursor): string {
  const token = tokenAt(cursor);
  if (token === undefined || token.kind !== "string") return "";
  cursor.at++;
  return stringValue(cursor.text, token);
}

/** What a string literal says: quotes, doubled quotes, E'' escapes and continuation lines resolved. */
export function stringValue(text: string, token: Token): string {
  const inside = insideOf(text, token);
  if (text.charCodeAt(token.start) === 36) return text.slice(inside.start, inside.end);
  const hasEscapes = isEscapeString(text, token);
  const gaps = gapsIn(text, token);
  let value = "";
  for (let at = inside.start; at < token.end; ) {
    const character = text[at] ?? "";
    if (character === "'") {
      // A doubled quote, or the end of a part.
      const gap = gaps[0];
      if (gap !== undefined && gap.start === at + 1) {
        gaps.shift();
        at = gap.end + 1;
      } else if (at + 1 < token.end) {
        value += "'";
        at += 2;
      } else break;
    } else if (character === "\\" && hasEscapes) {
      const escaped = readEscape(text, at + 1);
      value += escaped.value;
      at = escaped.end;
    } else {
      value += character;
      at++;
    }
  }
  return value;
}

function readEscape(text: string, at: number): { value: string; end: number } {
  const character = text[at] ?? "";
  const known = escapes.get(character);
  if (known !== undefined) return { value: known, end: at + 1 };
  if (character === "x") return readNumber(text, at + 1, 2, 16);
  if (character === "u") return readNumber(text, at + 1, 4, 16);
  if (character === "U") return readNumber(text, at + 1, 8, 16);
  if (character >= "0" && character <= "7") return readNumber(text, at, 3, 8);
  return { value: character, end: at + 1 };
}

function readNumber(text: string, from: number, most: number, base: number): { value: string; end: number } {
  let end = from;
  let code = 0;
  while (end < from + most) {
    const digit = Number.parseInt(text[end] ?? "", base);
    if (Number.isNaN(digit)) break;
    code = code * base + digit;
    end++;
  }
  return { value: code <= 0x10ffff ? String.fromCodePoint(code) : "", end };
}
