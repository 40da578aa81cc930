import { gapsIn } from "../locate/strings.ts";
import type { ParserInput } from "../parser.ts";

/**
 * The statement with spaces in the place of comments and psql meta-commands, so that offsets stay. libpg-query's lexer
 * hands comments to its grammar, which then rejects what PostgreSQL accepts: `NULLS /* x *\/ FIRST`, `WITH -- x` before
 * `TIME ZONE`, and a literal that goes on behind a comment.
 */
export function grammarText({ text, statement, tokens }: ParserInput): string {
  const parts: string[] = [];
  let copied = statement.start;
  let done = statement.start;
  const blank = (start: number, end: number) => {
    // A comment has two characters at least.
    if (end - start < 2 || text.slice(start, end).trim() === "") return;
    parts.push(text.slice(copied, start), blanks(text, start, end));
    copied = end;
  };
  for (const token of tokens) {
    blank(done, token.start);
    done = token.end;
    if (token.kind !== "string" || !hasDashes(text, token.start, token.end)) continue;
    for (const gap of gapsIn(text, token)) blank(gap.start, gap.end);
  }
  return parts.join("") + text.slice(copied, statement.end);
}

/** Spaces, and a line end at the end: behind one, a literal may go on. */
function blanks(text: string, start: number, end: number): string {
  const isLong = text.slice(start, end).includes("\n") || text.slice(start, end).includes("\r");
  return isLong ? `${" ".repeat(end - start - 1)}\n` : " ".repeat(end - start);
}

function hasDashes(text: string, start: number, end: number): boolean {
  return text.slice(start, end).includes("--");
}
