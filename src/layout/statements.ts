import { splitStatements } from "../sql/split.ts";
import { tokenize } from "../sql/tokens.ts";
import type { Span } from "../text/span.ts";

/** A statement and its first words, in lower case: enough to tell what some tools look for. */
export interface StatementHead extends Span {
  readonly words: readonly string[];
}

const WORDS = 8;
const REACH = 400;

/** The statements of a stretch of text with their first words. */
export function statementHeads(text: string, span: Span): StatementHead[] {
  const { statements } = splitStatements(text, span.start, span.end);
  return statements
    .filter((statement) => statement.kind === "sql")
    .map(({ start, end }) => ({ start, end, words: firstWords(text, start, end) }));
}

function firstWords(text: string, start: number, end: number): string[] {
  const words: string[] = [];
  // The head of a long statement is enough: a function's body is not worth a second scan.
  for (const token of tokenize(text, start, Math.min(end, start + REACH))) {
    if (token.kind === "word") words.push(text.slice(token.start, token.end).toLowerCase());
    else if (token.kind === "punctuation" && words.length < 2) words.push(text.slice(token.start, token.end));
    if (words.length === WORDS) break;
  }
  return words;
}

/** CREATE [UNIQUE] INDEX CONCURRENTLY. */
export function createsIndexConcurrently(words: readonly string[]): boolean {
  const rest = words[0] === "create" ? words.slice(words[1] === "unique" ? 2 : 1) : [];
  return rest[0] === "index" && rest[1] === "concurrently";
}

/** DROP INDEX CONCURRENTLY. */
export function dropsIndexConcurrently(words: readonly string[]): boolean {
  return words[0] === "drop" && words[1] === "index" && words[2] === "concurrently";
}

/** Whether the file itself begins or ends transactions. */
export function controlsTransaction(words: readonly string[]): boolean {
  const [first, second] = words;
  if (first === "begin" || first === "commit" || first === "rollback" || first === "abort" || first === "end")
    return true;
  return (first === "start" || first === "prepare") && second === "transaction";
}
