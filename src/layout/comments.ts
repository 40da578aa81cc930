import { createScanner, scanToken } from "../sql/scanner.ts";
import type { Span } from "../text/span.ts";

/** A comment from two dashes to the end of the line. */
export interface LineComment extends Span {
  /** What stands behind the two dashes, as it is. */
  readonly body: string;
  /** White space before it on its line; -1 if anything else stands there. */
  readonly indent: number;
}

/** All comments that start with two dashes, in order. What only looks like one, in a string or a function's body, is none. */
export function dashComments(text: string): LineComment[] {
  const comments: LineComment[] = [];
  const scanner = createScanner(text);
  for (let kind = scanToken(scanner); kind !== "end"; kind = scanToken(scanner)) {
    if (kind !== "comment" || !text.startsWith("--", scanner.start)) continue;
    const { start, end } = scanner;
    comments.push({ start, end, body: text.slice(start + 2, end), indent: indentOf(text, start) });
  }
  return comments;
}

/** Those that have a line to themselves: most tools look for their marks line by line. */
export function lineComments(text: string): LineComment[] {
  return dashComments(text).filter(({ indent }) => indent !== -1);
}

/** How much white space stands before an offset on its line, or -1 if anything else does. */
function indentOf(text: string, offset: number): number {
  let at = offset - 1;
  while (at >= 0) {
    const character = text[at];
    if (character === "\n" || character === "\r" || character === "\ufeff") break;
    if (character !== " " && character !== "\t") return -1;
    at--;
  }
  return offset - at - 1;
}

/** The first comment that has a line to itself and this text behind its dashes, white space around it aside. */
export function findMark(text: string, mark: string): LineComment | null {
  if (!text.includes(mark)) return null;
  return lineComments(text).find((comment) => comment.body.trim() === mark) ?? null;
}

/** Whether such a comment starts with the given text; without that text anywhere no closer look is worth it. */
export function hasMark(text: string, mark: RegExp): boolean {
  if (!mark.test(text)) return false;
  return lineComments(text).some((comment) => comment.body.trimStart().search(mark) === 0);
}

/** The offset just behind the line in which another offset lies. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end + 1;
}
