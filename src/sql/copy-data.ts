import type { Span } from "../text/span.ts";
import { endOfLine, type Scanner } from "./scanner.ts";

/** Whether psql's \\copy in a span reads the lines behind it. */
export function copiesFromStdin(text: string, span: Span): boolean {
  const words = text.slice(span.start, span.end).toLowerCase().split(/\s+/);
  const from = words.lastIndexOf("from");
  const source = words[from + 1];
  return from !== -1 && (source === "stdin" || source === "pstdin");
}

/** Whether the rest of the text is known to hold no end of data: it is searched for it once. */
export interface CopySearch {
  isVain: boolean;
}

/**
 * Data starts on the next line and ends with a line `\.`. Without that line there is no data: the file is
 * not one that psql could run, and what follows is worth reading.
 */
export function skipCopyData(scanner: Scanner, copies: CopySearch): Span | null {
  const { text, limit } = scanner;
  const start = nextLine(text, endOfLine(text, scanner.end, limit), limit);
  let at = copies.isVain ? limit : start;
  while (at < limit) {
    const end = endOfLine(text, at, limit);
    if (end - at === 2 && text.charCodeAt(at) === 92 && text.charCodeAt(at + 1) === 46) {
      scanner.end = end;
      return { start, end };
    }
    at = nextLine(text, end, limit);
  }
  copies.isVain = true;
  if (start < limit)
    scanner.problems.push({ problem: "unterminated data", start: scanner.start, end: scanner.end });
  return null;
}

function nextLine(text: string, lineEnd: number, limit: number): number {
  const isCrLf = text.charCodeAt(lineEnd) === 13 && text.charCodeAt(lineEnd + 1) === 10;
  return Math.min(lineEnd + (isCrLf ? 2 : 1), limit);
}
