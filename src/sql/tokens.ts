import type { Span } from "../text/span.ts";
import { createScanner, scanToken } from "./scanner.ts";
import type { StatementText } from "./split.ts";
import type { Token } from "./token.ts";

/** All tokens of a stretch of text, comments too. Joined with what lies between them they are the text again. */
export function tokenize(text: string, from = 0, limit = text.length): Token[] {
  const scanner = createScanner(text, from, limit);
  const tokens: Token[] = [];
  for (;;) {
    const kind = scanToken(scanner);
    if (kind === "end") return tokens;
    tokens.push({ kind, start: scanner.start, end: scanner.end });
  }
}

/** The tokens of a stretch of text without its comments: what is written between them says nothing to PostgreSQL. */
export function tokensIn(text: string, from = 0, limit = text.length): Token[] {
  return tokenize(text, from, limit).filter(({ kind }) => kind !== "comment");
}

/** The tokens that a parser would see: no comments, no psql meta-commands. */
export function statementTokens(text: string, statement: StatementText): Token[] {
  const scanner = createScanner(text, statement.start, statement.end);
  const tokens: Token[] = [];
  for (let kind = scanToken(scanner); kind !== "end"; kind = scanToken(scanner)) {
    if (kind !== "comment" && kind !== "meta") tokens.push({ kind, start: scanner.start, end: scanner.end });
  }
  return tokens;
}

/** The text for a server: meta-commands inside it give way to spaces, so that offsets stay. */
export function statementSql(text: string, statement: StatementText): string {
  let sql = "";
  let at = statement.start;
  for (const meta of statement.metas) {
    sql += text.slice(at, meta.start) + " ".repeat(meta.end - meta.start);
    at = meta.end;
  }
  return sql + text.slice(at, statement.end);
}

/** What is written at the span. */
export function textOf(text: string, span: Span): string {
  return text.slice(span.start, span.end);
}

/** Whether the token is this unquoted word; `word` in lower case. */
export function isWord(text: string, token: Token | undefined, word: string): boolean {
  if (token === undefined || token.kind !== "word" || token.end - token.start !== word.length) return false;
  return text.slice(token.start, token.end).toLowerCase() === word;
}

/** Whether the token may be a name: a word, or a name in quotes. */
export function isNameToken(token: Token | undefined): token is Token & { kind: "word" | "quoted" } {
  return token?.kind === "word" || token?.kind === "quoted";
}

/** Whether the token is exactly this text (punctuation or an operator). */
export function isMark(text: string, token: Token | undefined, mark: string): boolean {
  return (
    token !== undefined &&
    (token.kind === "punctuation" || token.kind === "operator") &&
    token.end - token.start === mark.length &&
    text.startsWith(mark, token.start)
  );
}

/** Whether the tokens from `index` on are these words, in order; words in lower case. */
export function areWords(text: string, tokens: readonly Token[], index: number, ...words: string[]): boolean {
  return words.every((word, k) => isWord(text, tokens[index + k], word));
}

/** Tells the last token before another one that is not passed over; -1: none. The tokens are gone through once, when first asked. */
export function lookBack(
  tokens: readonly Token[],
  isPassed: (token: Token, at: number) => boolean,
): (k: number) => number {
  let found: number[] | null = null;
  return (k) => {
    if (found === null) {
      found = [-1];
      for (const [at, token] of tokens.entries()) found.push(isPassed(token, at) ? (found[at] ?? -1) : at);
    }
    return found[k] ?? -1;
  };
}
