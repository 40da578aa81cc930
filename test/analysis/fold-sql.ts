import { emptySchema, foldSchema, type Schema } from "../../src/analysis/schema.ts";
import type { Statement } from "../../src/model/statement.ts";
import type { Parser } from "../../src/parse/parser.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { statementTokens } from "../../src/sql/tokens.ts";

/** The statements of a text; what PostgreSQL 18 cannot parse is left out. */
export function parseSql(parser: Parser, text: string): readonly Statement[] {
  return splitStatements(text).statements.flatMap((part) => {
    const result = parser.parse({ text, statement: part, tokens: statementTokens(text, part) });
    return result.outcome === "statement" ? [result.statement] : [];
  });
}

/** The schema after a text. */
export function foldSql(parser: Parser, text: string, version = 18, schema = emptySchema()): Schema {
  const origin = { unit: 0, transaction: 0, release: 0 };
  let result = schema;
  for (const statement of parseSql(parser, text))
    result = foldSchema(result, statement, { origin, searchPath: ["public"], version, text });
  return result;
}
