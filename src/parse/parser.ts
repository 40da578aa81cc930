import type { Statement } from "../model/statement.ts";
import type { StatementText } from "../sql/split.ts";
import type { Token } from "../sql/token.ts";
import type { Span } from "../text/span.ts";

/** What a parser is given: the whole text (spans refer to it), the statement in it, and its tokens. */
export interface ParserInput {
  readonly text: string;
  readonly statement: StatementText;
  /** Without comments and meta-commands, never empty. */
  readonly tokens: readonly Token[];
}

export type ParseResult =
  | { readonly outcome: "statement"; readonly statement: Statement }
  /** PostgreSQL's grammar rejects it. `at` is the token at which it gave up. */
  | { readonly outcome: "syntax error"; readonly message: string; readonly at: Span }
  /** This parser cannot read it; that says nothing about whether PostgreSQL could. */
  | { readonly outcome: "not understood"; readonly reason: string };

export type ParserName = "postgres" | "pgsql-ast-parser";

export interface Parser {
  readonly name: ParserName;
  parse(input: ParserInput): ParseResult;
}
