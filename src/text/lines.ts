/** A place for people and machines: line and column from 1, in UTF-16 units; offset from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** Where each line of a text begins. LF, CRLF and a lone CR each end a line. */
export interface LineIndex {
  readonly text: string;
  readonly starts: readonly number[];
}

/** The index of a text. Its lines are counted when first asked for: of most files nobody asks. */
export function indexLines(text: string): LineIndex {
  let starts: readonly number[] | null = null;
  return {
    text,
    get starts() {
      starts ??= lineStarts(text);
      return starts;
    },
  };
}

function lineStarts(text: string): number[] {
  // Editors show no byte order mark: the first line begins behind it.
  const starts = [text.startsWith("\ufeff") ? 1 : 0];
  const hasReturns = text.includes("\r");
  let at = nextLineEnd(text, 0, hasReturns);
  while (at !== -1) {
    const isCrLf = text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10;
    const next = at + (isCrLf ? 2 : 1);
    starts.push(next);
    at = nextLineEnd(text, next, hasReturns);
  }
  return starts;
}

function nextLineEnd(text: string, from: number, hasReturns: boolean): number {
  if (!hasReturns) return text.indexOf("\n", from);
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at;
  }
  return -1;
}

/** The position of an offset; offsets outside the text are moved to its border. */
export function positionAt(lines: LineIndex, offset: number): Position {
  const inside = Math.max(0, Math.min(offset, lines.text.length));
  const { starts } = lines;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= inside) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: Math.max(inside - (starts[low] ?? 0), 0) + 1, offset: inside };
}

/** The text of a line (from 1) without its line end. */
export function lineText(lines: LineIndex, line: number): string {
  const start = lines.starts[line - 1];
  if (start === undefined) return "";
  let end = lines.starts[line] ?? lines.text.length;
  while (end > start && (lines.text[end - 1] === "\n" || lines.text[end - 1] === "\r")) end--;
  return lines.text.slice(start, end);
}

/** The offset of a line and column (both from 1); what lies outside is moved to the border. */
export function offsetAt(lines: LineIndex, line: number, column: number): number {
  const start = lines.starts[Math.max(0, line - 1)];
  if (start === undefined) return lines.text.length;
  return Math.min(start + Math.max(0, column - 1), lines.text.length);
}
