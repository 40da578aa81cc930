import { indexLines, positionAt } from "../text/lines.ts";
import type { Span } from "../text/span.ts";
import type { Directive } from "./suppression-directive.ts";

export interface FoundDirective {
  readonly comment: Span;
  readonly directive: Directive;
}

/**
 * What each directive covers. For a statement, in this order: the one that begins behind the comment on its line,
 * the one that ends before it on its line, the next one inside the statement that it stands in, that statement
 * itself, the next one. One sweep over comments and statements.
 */
export function coverStatements(
  text: string,
  found: readonly FoundDirective[],
  statements: readonly Span[],
): (Span | null)[] {
  const whole = { start: 0, end: text.length };
  const ordered = [...statements].sort((a, b) => a.start - b.start || b.end - a.end);
  const first = ordered[0]?.start ?? text.length;
  const open: { span: Span; closed: Span | null }[] = [{ span: whole, closed: null }];
  const rangeEnds = findRangeEnds(text, found);
  const lines = indexLines(text);
  const isHeader = headerFinder(text);
  const areOnOneLine = (from: number, to: number) =>
    positionAt(lines, from).line === positionAt(lines, to).line;
  let next = 0;
  return found.map(({ comment, directive }, k) => {
    if (directive.scope === "file") return whole;
    if (directive.scope === "range") return { start: comment.end, end: rangeEnds[k] ?? text.length };
    if (directive.scope === "header" && comment.start < first && isHeader(comment.end)) return whole;
    for (;;) {
      const top = open[open.length - 1];
      const coming = ordered[next];
      if (open.length > 1 && top !== undefined && top.span.end <= comment.start) {
        // What ends inside of another is the last thing that ended there.
        if (coming !== undefined && coming.start < top.span.end) open.push(opened(ordered, next++));
        else closeTop(open);
      } else if (coming !== undefined && coming.start <= comment.start) {
        while (open.length > 1 && (open[open.length - 1]?.span.end ?? 0) <= coming.start) closeTop(open);
        open.push(opened(ordered, next++));
      } else break;
    }
    const around = open[open.length - 1] ?? { span: whole, closed: null };
    const coming = ordered[next];
    const following = coming !== undefined && coming.end <= around.span.end ? coming : null;
    if (following !== null && areOnOneLine(comment.end, following.start)) return following;
    if (around.closed !== null && areOnOneLine(around.closed.end, comment.start)) return around.closed;
    if (following !== null) return following;
    return open.length > 1 ? around.span : null;
  });
}

function opened(ordered: readonly Span[], index: number): { span: Span; closed: Span | null } {
  const span = ordered[index];
  if (span === undefined) throw new Error("no statement at this index");
  return { span, closed: null };
}

function closeTop(open: { span: Span; closed: Span | null }[]): void {
  const top = open.pop();
  const outer = open[open.length - 1];
  if (top !== undefined && outer !== undefined) outer.closed = top.span;
}

/** For each start of a range where it ends: at the next end with the same ids, or with the text. */
function findRangeEnds(text: string, found: readonly FoundDirective[]): number[] {
  const nextEnd = new Map<string, number>();
  const ends: number[] = [];
  for (let k = found.length - 1; k >= 0; k--) {
    const entry = found[k];
    if (entry === undefined) continue;
    const ids = entry.directive.ids?.map(({ id }) => id).join() ?? "";
    if (entry.directive.scope === "end of range") nextEnd.set(ids, entry.comment.start);
    ends[k] = nextEnd.get(ids) ?? text.length;
  }
  return ends;
}

/**
 * Tells whether the comment lines that a comment belongs to are followed by an empty line. Asked with ascending ends of
 * comments: lines are read once, however many of them ask.
 */
function headerFinder(text: string): (end: number) => boolean {
  let readTo = -1;
  let isHeader = false;
  return (from) => {
    if (from > readTo) [readTo, isHeader] = readHeader(text, from);
    return isHeader;
  };
}

function readHeader(text: string, from: number): [readTo: number, isHeader: boolean] {
  let at = from;
  for (;;) {
    const end = text.indexOf("\n", at);
    if (end === -1) return [text.length, false];
    const lineEnd = text.indexOf("\n", end + 1);
    const line = text.slice(end + 1, lineEnd === -1 ? text.length : lineEnd).trim();
    if (line === "") return [end, true];
    if (!line.startsWith("--")) return [end, false];
    at = end + 1;
  }
}
