import type { Diagnostic } from "../engine/report.ts";
import { type LineIndex, lineText, positionAt } from "../text/lines.ts";
import { plain, widthOf } from "./plain.ts";

/** One row of an excerpt: a line of the file, or the marks under it. */
interface ExcerptRow {
  readonly kind: "code" | "marks" | "gap";
  /** The line's number; empty under it. */
  readonly gutter: string;
  readonly text: string;
}

/** An underline is shown on this many lines at the most. */
const markedLines = 3;

/**
 * The lines that a finding is about, ready to print: the first line of its statement where that is another one,
 * then the underlined lines. Lines that are too wide are cut around the underline.
 */
export function renderExcerpt(lines: LineIndex, diagnostic: Diagnostic, width: number): ExcerptRow[] {
  const { start, end } = diagnostic;
  const rows: ExcerptRow[] = [];
  const head = positionAt(lines, diagnostic.statement.start).line;
  const last = Math.min(end.line, start.line + markedLines - 1);
  const gutter = (line: number) => String(line);
  if (head < start.line) {
    rows.push({ kind: "code", gutter: gutter(head), text: cut(lineText(lines, head), 0, 0, width).text });
    if (head + 1 < start.line) rows.push({ kind: "gap", gutter: "", text: "" });
  }
  for (let line = start.line; line <= last; line++) {
    const text = lineText(lines, line);
    const from = line === start.line ? start.column - 1 : text.length - text.trimStart().length;
    const to = line === end.line ? end.column - 1 : text.trimEnd().length;
    if (line !== start.line && to <= from) continue;
    const { text: shown, offset, length } = cut(text, from, to, width);
    rows.push({ kind: "code", gutter: gutter(line), text: shown });
    rows.push({ kind: "marks", gutter: "", text: " ".repeat(offset) + "~".repeat(Math.max(1, length)) });
  }
  if (last < end.line) rows.push({ kind: "gap", gutter: "", text: "" });
  return rows;
}

/** A line made safe and cut to the width; offset and length of the marked part in columns. */
function cut(
  line: string,
  from: number,
  to: number,
  width: number,
): { text: string; offset: number; length: number } {
  // Two spaces for a tab, and a window of code units first: a line may be as long as a file.
  const room = Math.max(20, width - 2);
  let first = 0;
  if (from > room / 2 && line.length > room) {
    first = Math.max(0, Math.min(from - Math.floor(room / 4), line.length - room));
  }
  const window = line.slice(first, first + room);
  const isCut = first + room < line.length;
  const lead = first > 0 ? "\u2026" : "";
  const before = plain(expandTabs(window.slice(0, Math.max(0, from - first))));
  const marked = plain(expandTabs(window.slice(Math.max(0, from - first), Math.max(0, to - first))));
  return {
    text: `${lead}${plain(expandTabs(window))}${isCut ? "\u2026" : ""}`.trimEnd(),
    offset: widthOf(lead + before),
    length: widthOf(marked),
  };
}

function expandTabs(text: string): string {
  return text.replaceAll("\t", "  ");
}
