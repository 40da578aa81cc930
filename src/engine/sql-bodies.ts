import type { BodyStatement } from "../analysis/effects/ledger.ts";
import type { Parser } from "../parse/parser.ts";
import { parseBody } from "../parse/plpgsql.ts";
import { splitStatements } from "../sql/split.ts";
import { statementTokens } from "../sql/tokens.ts";
import type { Span } from "../text/span.ts";

/** The statements of the body of an SQL function, as far as they can be read; `body` lies inside the quotes. */
export function readSqlBody(parser: Parser, text: string, body: Span): readonly BodyStatement[] {
  return parseBody(text, body, "sql").flatMap((step) => {
    if (step.kind !== "sql") return [];
    const { sql } = step.sql;
    return splitStatements(sql).statements.flatMap((statement) => {
      if (statement.kind !== "sql") return [];
      const result = parser.parse({ text: sql, statement, tokens: statementTokens(sql, statement) });
      return result.outcome === "statement" ? [{ statement: result.statement, text: sql }] : [];
    });
  });
}
