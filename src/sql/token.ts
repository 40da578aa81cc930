import type { Span } from "../text/span.ts";

/**
 * What a token is. White space is not a token: it is what lies between two spans.
 *
 * - `word`: a keyword or an unquoted name; `quoted`: a name in double quotes, also `U&"..."`
 * - `string`: every quoted literal (`'...'`, `E'...'`, `B''`, `X''`, `U&''`, `N''`, `$tag$...$tag$`), with its continuation lines
 * - `number`, `parameter` (`$1`), `operator`, `punctuation` (`( ) [ ] , ; . : :: := ..`)
 * - `comment`: to the end of the line, or in nested slash-stars
 * - `meta`: a psql meta-command to the end of its line; `data`: the lines behind COPY ... FROM stdin, with the closing `\.`
 * - `invalid`: what PostgreSQL's lexer has no rule for
 */
export type TokenKind =
  | "word"
  | "quoted"
  | "string"
  | "number"
  | "parameter"
  | "operator"
  | "punctuation"
  | "comment"
  | "meta"
  | "data"
  | "invalid"
  | "end";

export interface Token extends Span {
  readonly kind: TokenKind;
}

/** What the lexer alone can tell to be wrong. */
export interface LexicalProblem extends Span {
  readonly problem:
    | "unterminated string"
    | "unterminated dollar quote"
    | "unterminated quoted name"
    | "unterminated comment"
    | "unterminated body"
    | "unterminated data"
    | "empty quoted name"
    | "null character";
}
