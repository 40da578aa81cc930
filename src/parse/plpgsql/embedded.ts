import { type StatementText, splitStatements } from "../../sql/split.ts";
import type { Token } from "../../sql/token.ts";
import { statementTokens } from "../../sql/tokens.ts";
import type { ParseResult, Parser } from "../parser.ts";

/** A statement in the SQL of a body, and what a parser makes of it. All spans are places in that SQL. */
export interface EmbeddedStatement {
  readonly source: StatementText;
  readonly tokens: readonly Token[];
  readonly result: ParseResult;
}

/** The statements of some SQL of a body, read when they are asked for: a dynamic string may hold several, or none. */
export function* parseEmbedded(parser: Parser, sql: string): Generator<EmbeddedStatement> {
  for (const source of splitStatements(sql).statements) {
    if (source.kind !== "sql") continue;
    const tokens = statementTokens(sql, source);
    yield { source, tokens, result: parser.parse({ text: sql, statement: source, tokens }) };
  }
}
