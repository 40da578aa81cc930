import { createScanner, isSpace, scanToken } from "../sql/scanner.ts";
import type { Span } from "../text/span.ts";
import type { LineComment } from "./comments.ts";

/**
 * The borders of goose and sql-migrate in a whole text, ascending: a line that ends in a semicolon ends a statement, but
 * between the marks StatementBegin and StatementEnd, which make one statement of all that they hold.
 */
export function lineBorders(text: string, comments: readonly LineComment[], mark: string): number[] {
  const blocks = statementBlocks(comments, mark);
  const isInside = insideOf(blocks);
  const borders: number[] = [];
  const scanner = createScanner(text);
  for (let kind = scanToken(scanner); kind !== "end"; kind = scanToken(scanner)) {
    if (kind !== "punctuation" || text.charCodeAt(scanner.start) !== 59) continue;
    if (!isInside(scanner.start) && endsLine(text, scanner.end)) borders.push(scanner.end);
  }
  for (const { start, end } of blocks) borders.push(start, end);
  return borders.sort((a, b) => a - b);
}

/**
 * Where goose ends a statement in the middle of a body or string, ascending, one for each: it looks at lines, and knows of no
 * quotes. The server is sent half of it, and refuses. Programs that read the marks of sql-migrate cut by themselves, and better.
 */
export function cutsIn(text: string, comments: readonly LineComment[], mark: string): number[] {
  const isInside = insideOf(statementBlocks(comments, mark));
  const cuts: number[] = [];
  const scanner = createScanner(text);
  let lineEnd = -1;
  for (let kind = scanToken(scanner); kind !== "end"; kind = scanToken(scanner)) {
    if (kind !== "string" || isInside(scanner.start)) continue;
    // Looked for once in a line, however many strings are on it.
    if (lineEnd < scanner.start) lineEnd = lineEndAfter(text, scanner.start);
    if (lineEnd >= scanner.end) continue;
    const cut = firstCut(text, scanner);
    if (cut !== null) cuts.push(cut);
  }
  return cuts;
}

/** Whether an offset lies in a block. Asked with offsets that ascend, as the blocks do. */
function insideOf(blocks: readonly Span[]): (at: number) => boolean {
  let index = 0;
  return (at) => {
    while (index < blocks.length && (blocks[index]?.end ?? 0) <= at) index++;
    const block = blocks[index];
    return block !== undefined && block.start < at;
  };
}

function lineEndAfter(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}

/** The first line of a token, but for its last, whose last word before a comment ends in a semicolon. */
function firstCut(text: string, token: Span): number | null {
  let at = text.lastIndexOf("\n", token.start - 1) + 1;
  for (
    let end = text.indexOf("\n", token.start);
    end !== -1 && end < token.end;
    end = text.indexOf("\n", at)
  ) {
    const line = text
      .slice(at, end)
      .replace(/(?:^|\s)--.*/, "")
      .trimEnd();
    if (line.endsWith(";")) return at + line.length - 1;
    at = end + 1;
  }
  return null;
}

/** The borders inside of each span; spans ascending and apart. */
export function bordersOf(borders: readonly number[], spans: readonly Span[]): number[][] {
  let index = 0;
  return spans.map(({ start, end }) => {
    while ((borders[index] ?? Number.POSITIVE_INFINITY) < start) index++;
    const from = index;
    while ((borders[index] ?? Number.POSITIVE_INFINITY) <= end) index++;
    return borders.slice(from, index);
  });
}

function statementBlocks(comments: readonly LineComment[], mark: string): Span[] {
  const blocks: Span[] = [];
  let start = -1;
  for (const comment of comments) {
    const words = comment.body.trim().toLowerCase().split(/\s+/);
    if (words[0] !== mark) continue;
    if (words[1] === "statementbegin") start = comment.end;
    else if (words[1] === "statementend" && start !== -1) {
      blocks.push({ start, end: comment.start });
      start = -1;
    }
  }
  return blocks;
}

/** Whether nothing but white space or a comment follows on the line. */
function endsLine(text: string, offset: number): boolean {
  let at = offset;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return true;
    if (code === 45 && text.charCodeAt(at + 1) === 45) return true;
    if (!isSpace(code)) return false;
    at++;
  }
  return true;
}
