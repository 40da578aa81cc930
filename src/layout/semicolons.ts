import { createScanner, isSpace, scanToken } from "../sql/scanner.ts";
import type { Span } from "../text/span.ts";
import { lineComments } from "./comments.ts";

/**
 * The borders of goose and sql-migrate: a line that ends in a semicolon ends a statement, but between the marks
 * StatementBegin and StatementEnd, which make one statement of all that they hold.
 */
export function lineBorders(text: string, span: Span, mark: string): number[] {
  const blocks = statementBlocks(text, mark);
  const borders = new Set<number>();
  for (const block of blocks) {
    if (block.start >= span.start && block.end <= span.end) borders.add(block.start).add(block.end);
  }
  let block = 0;
  const scanner = createScanner(text, span.start, span.end);
  for (let kind = scanToken(scanner); kind !== "end"; kind = scanToken(scanner)) {
    if (kind !== "punctuation" || text.charCodeAt(scanner.start) !== 59) continue;
    while (block < blocks.length && (blocks[block]?.end ?? 0) <= scanner.start) block++;
    const isInside = block < blocks.length && (blocks[block]?.start ?? 0) < scanner.start;
    if (!isInside && endsLine(text, scanner.end)) borders.add(scanner.end);
  }
  return [...borders].sort((a, b) => a - b);
}

function statementBlocks(text: string, mark: string): Span[] {
  const blocks: Span[] = [];
  let start = -1;
  for (const comment of lineComments(text)) {
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
