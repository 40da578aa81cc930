import type { ParseResult, Parser } from "../parse/parser.ts";
import { createScanner, type Scanner, scanToken } from "../sql/scanner.ts";
import { type StatementText, splitStatements } from "../sql/split.ts";
import type { LexicalProblem, Token, TokenKind } from "../sql/token.ts";
import { statementTokens } from "../sql/tokens.ts";
import type { Span } from "../text/span.ts";

/** A statement of a unit, not parsed yet. */
export interface UnitStatement {
  /** The text that its spans refer to: the file's, or one of the same length with placeholders filled. */
  readonly text: string;
  readonly span: Span;
  readonly source: StatementText;
}

/** A statement as it is read for the loop, and forgotten behind it: the statements of a large file do not fit into memory. */
export interface ReadStatement extends UnitStatement {
  readonly tokens: readonly Token[];
  readonly result: ParseResult;
}

export interface UnitText {
  readonly statements: readonly UnitStatement[];
  readonly comments: readonly Span[];
  readonly problems: readonly LexicalProblem[];
  /** psql meta-commands that stand alone: read by psql, not by the server. */
  readonly metas: number;
}

/** The statements of a stretch of text. Nothing is parsed yet. */
export function splitUnit(text: string, span: Span, breaks: readonly number[]): UnitText {
  const split = splitStatements(text, span.start, span.end, breaks);
  const statements: UnitStatement[] = [];
  let metas = 0;
  for (const source of split.statements) {
    if (source.kind === "meta") metas++;
    else statements.push({ text, span: { start: source.start, end: source.end }, source });
  }
  return { statements, comments: split.comments, problems: split.problems, metas };
}

export function readStatement({ text, span, source }: UnitStatement, parser: Parser): ReadStatement {
  const tokens = statementTokens(text, source);
  return { text, span, source, tokens, result: parser.parse({ text, statement: source, tokens }) };
}

/** First words of statements that change neither the schema nor what ALTER ROLE leaves behind. */
const neutralWords = new Set([
  "insert",
  "update",
  "delete",
  "merge",
  "select",
  "values",
  "with",
  "grant",
  "revoke",
  "comment",
]);

/** Whether a statement of the history can be passed over: seen from its first words, without reading on. */
export function isSchemaNeutral({ text, source }: UnitStatement): boolean {
  const scanner = createScanner(text, source.start, source.end);
  const word = nextWord(scanner);
  if (!neutralWords.has(word)) return false;
  // What is said of a column goes with it to its successor.
  if (word === "comment") return nextWord(scanner) !== "on" || nextWord(scanner) !== "column";
  return !((word === "select" || word === "with") && createsByInto(scanner));
}

/** SELECT ... INTO makes a table. */
function createsByInto(scanner: Scanner): boolean {
  for (let word = nextWord(scanner); scanner.kind !== "end"; word = nextWord(scanner))
    if (word === "into") return true;
  return false;
}

/** The next token in lower case, if it is a word; else "". */
function nextWord(scanner: Scanner): string {
  const kind = nextKind(scanner);
  return kind === "word" ? scanner.text.slice(scanner.start, scanner.end).toLowerCase() : "";
}

function nextKind(scanner: Scanner): TokenKind {
  let kind = scanToken(scanner);
  while (kind === "comment" || kind === "meta") kind = scanToken(scanner);
  return kind;
}
