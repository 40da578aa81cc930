import type { Span } from "../text/span.ts";

/** A stretch of text that gives way to a name, or to spaces where `name` is empty. */
export interface Replacement extends Span {
  readonly name: string;
}

/** Applies replacements in order; each keeps the length of what it replaces. */
export function applySameLength(text: string, replacements: readonly Replacement[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const replacement of replacements) {
    if (replacement.start < at) continue;
    parts.push(text.slice(at, replacement.start), render(text, replacement));
    at = replacement.end;
  }
  parts.push(text.slice(at));
  return parts.join("");
}

function render(text: string, { start, end, name }: Replacement): string {
  const length = end - start;
  if (name === "") return blank(text, start, end);
  const cut = name.slice(0, length);
  const joinsBehind = isNamePart(text.charCodeAt(end)) || /^(?:\$?\{|\$\()/.test(text.slice(end, end + 2));
  // A name begins where the placeholder does: what is inserted before it must not split it.
  return joinsBehind ? cut.padEnd(length, "_") : cut.padEnd(length);
}

/** Spaces, with the line ends kept: lines must not move either. */
function blank(text: string, start: number, end: number): string {
  let result = "";
  for (let at = start; at < end; at++) {
    const character = text[at] ?? " ";
    result += character === "\n" || character === "\r" ? character : " ";
  }
  return result;
}

function isNamePart(code: number): boolean {
  if (Number.isNaN(code)) return false;
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 95 ||
    code === 125 ||
    code > 127
  );
}
