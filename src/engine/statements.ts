import type { ParseResult, Parser } from "../parse/parser.ts";
import { type StatementText, splitStatements } from "../sql/split.ts";
import type { LexicalProblem, Token } from "../sql/token.ts";
import { areWords, isWord, statementTokens } from "../sql/tokens.ts";
import type { Span } from "../text/span.ts";

/** A statement of a unit, parsed when first asked for. */
export interface UnitStatement {
  /** The text that its spans refer to: the file's, or one of the same length with placeholders filled. */
  readonly text: string;
  readonly span: Span;
  readonly source: StatementText;
  tokens(): readonly Token[];
  result(): ParseResult;
}

export interface UnitText {
  readonly statements: readonly UnitStatement[];
  readonly comments: readonly Span[];
  readonly problems: readonly LexicalProblem[];
  /** psql meta-commands that stand alone: read by psql, not by the server. */
  readonly metas: number;
}

/** The statements of a stretch of text. Nothing is parsed yet. */
export function readStatements(
  text: string,
  span: Span,
  breaks: readonly number[],
  parser: Parser,
): UnitText {
  const split = splitStatements(text, span.start, span.end, breaks);
  const statements: UnitStatement[] = [];
  let metas = 0;
  for (const statement of split.statements) {
    if (statement.kind === "meta") metas++;
    else statements.push(lazyStatement(text, statement, parser));
  }
  return { statements, comments: split.comments, problems: split.problems, metas };
}

function lazyStatement(text: string, source: StatementText, parser: Parser): UnitStatement {
  let tokens: readonly Token[] | null = null;
  let result: ParseResult | null = null;
  const read = () => {
    tokens ??= statementTokens(text, source);
    return tokens;
  };
  return {
    text,
    span: { start: source.start, end: source.end },
    source,
    tokens: read,
    result() {
      result ??= parser.parse({ text, statement: source, tokens: read() });
      return result;
    },
  };
}

/** First words of statements that change neither the schema nor what ALTER ROLE leaves behind. */
const neutralWords = [
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
];

/** Whether a statement of the history can be passed over: seen from its first token, without parsing it. */
export function isSchemaNeutral(statement: UnitStatement): boolean {
  const first = statement.tokens()[0];
  if (areWords(statement.text, statement.tokens(), 0, "comment", "on", "column")) return false;
  return neutralWords.some((word) => isWord(statement.text, first, word)) && !createsByInto(statement);
}

/** SELECT ... INTO makes a table. */
function createsByInto(statement: UnitStatement): boolean {
  const tokens = statement.tokens();
  if (!isWord(statement.text, tokens[0], "select") && !isWord(statement.text, tokens[0], "with"))
    return false;
  return tokens.some((token) => isWord(statement.text, token, "into"));
}
