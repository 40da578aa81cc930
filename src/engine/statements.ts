import { isOwnFunction } from "../analysis/own-functions.ts";
import type { Schema } from "../analysis/schema.ts";
import type { ParseResult, Parser } from "../parse/parser.ts";
import { nameOf } from "../sql/names.ts";
import { createScanner, type Scanner, scanToken } from "../sql/scanner.ts";
import { type StatementText, splitInto } from "../sql/split.ts";
import { newStatementList, type StatementList } from "../sql/statement-list.ts";
import type { LexicalProblem, Token, TokenKind } from "../sql/token.ts";
import { statementTokens } from "../sql/tokens.ts";
import type { Span } from "../text/span.ts";
import { isBuiltIn } from "./doubt.ts";
import { runsMore } from "./psql-commands.ts";
import { mayBeDirective } from "./suppression-syntax.ts";

/** A statement of a unit, not parsed yet. */
interface UnitStatement {
  /** The text that its spans refer to: the file's, or one of the same length with placeholders filled. */
  readonly text: string;
  /** The same as its author wrote it; null where that is no different. */
  readonly written: string | null;
  readonly source: StatementText;
}

/** A statement as it is read for the loop, and forgotten behind it: the statements of a large file do not fit into memory. */
export interface ReadStatement extends UnitStatement {
  readonly tokens: readonly Token[];
  readonly result: ParseResult;
}

export interface UnitText {
  readonly statements: StatementList;
  /** Those that may be directives. */
  readonly comments: readonly Span[];
  readonly problems: readonly LexicalProblem[];
}

/** The statements of a stretch of text. Nothing is parsed yet. */
export function splitUnit(
  text: string,
  span: Span,
  breaks: readonly number[],
  written: string | null = null,
): UnitText {
  const { sink, problems } = splitInto(() => openSink(text, written), text, span.start, span.end, breaks);
  return { statements: sink.statements, comments: sink.comments, problems };
}

function openSink(text: string, written: string | null) {
  const statements = newStatementList();
  const comments: Span[] = [];
  return {
    statements,
    comments,
    statement(found: StatementText) {
      if (found.kind === "meta" && !runsMore(text.slice(found.start, found.end))) return;
      const end = written === null ? found.end : endAsWritten(found.end, text, written);
      statements.add(end === found.end ? found : { ...found, end });
    },
    comment(start: number, end: number) {
      if (mayBeDirective(text, start, end)) comments.push({ start, end });
    },
  };
}

/** A name that stands in for a placeholder is filled up with spaces: where a statement ends in one, they are part of it. */
function endAsWritten(from: number, filled: string, written: string): number {
  let end = from;
  for (let at = from; filled.charCodeAt(at) === 32; at++) {
    if (written.charCodeAt(at) !== 32) end = at + 1;
  }
  return end;
}

/** Whether a token is a name in the place of a placeholder, or holds one: what else is blank behind it only steers a template. */
function standsIn({ start, end }: Span, filled: string, written: string): boolean {
  for (let at = start; at < end; at++) if (filled.charCodeAt(at) !== written.charCodeAt(at)) return true;
  return false;
}

/** The tokens of a statement, and what the parser makes of them. */
export function readStatement(unit: UnitStatement, parser: Parser): ReadStatement {
  const { text, written, source } = unit;
  const read = statementTokens(text, source);
  // What a token stands in for belongs to it: what is printed of the statement is cut out of the text as it was written.
  const tokens =
    written === null
      ? read
      : read.map((token) =>
          standsIn(token, text, written) ? { ...token, end: endAsWritten(token.end, text, written) } : token,
        );
  return { tokens, ...unit, result: parser.parse({ text, statement: source, tokens }) };
}

/** First words of statements that change neither the schema nor what roles hold. */
const neutralWords = new Set(["insert", "update", "delete", "merge", "select", "values", "with", "comment"]);

/** Whether a statement of the history can be passed over: seen from its words, without parsing it. */
export function isSchemaNeutral({ text, source }: UnitStatement, schema: Schema): boolean {
  const scanner = createScanner(text, source.start, source.end);
  const word = nextWord(scanner);
  if (!neutralWords.has(word)) return false;
  // What is said of a column and its parts its successor has to know.
  if (word === "comment") return nextWord(scanner) !== "on" || !commentedParts.has(nextWord(scanner));
  return !((word === "select" || word === "with") && createsOrCalls(scanner, schema));
}

const commentedParts: ReadonlySet<string> = new Set(["column", "constraint", "index"]);

/** SELECT ... INTO makes a table, and what a routine makes is up to its body. */
function createsOrCalls(scanner: Scanner, schema: Schema): boolean {
  let before = "";
  for (let word = nextName(scanner); scanner.kind !== "end"; word = nextName(scanner)) {
    if (word === "into") return true;
    if (before !== "" && isMark(scanner, "(") && !isHarmless(before, schema)) return true;
    before = word;
  }
  return false;
}

/** Words that a parenthesis follows and that call nothing. */
const noCalls = new Set([
  ...[
    "select",
    "from",
    "where",
    "in",
    "values",
    "as",
    "and",
    "or",
    "not",
    "on",
    "using",
    "by",
    "having",
    "over",
  ],
  ...[
    "exists",
    "any",
    "all",
    "some",
    "when",
    "then",
    "else",
    "case",
    "filter",
    "within",
    "lateral",
    "array",
    "row",
  ],
  ...[
    "cast",
    "coalesce",
    "greatest",
    "least",
    "union",
    "except",
    "intersect",
    "join",
    "distinct",
    "between",
    "like",
  ],
]);

function isHarmless(name: string, schema: Schema): boolean {
  if (noCalls.has(name)) return true;
  return isBuiltIn(name) && !isOwnFunction(schema, name);
}

/** The next token as a name, if it is one; else "". */
function nextName(scanner: Scanner): string {
  const kind = nextKind(scanner);
  return kind === "word" || kind === "quoted" ? nameOf(scanner.text, scanner) : "";
}

function isMark({ text, start, end }: Scanner, mark: string): boolean {
  return end - start === mark.length && text.startsWith(mark, start);
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
