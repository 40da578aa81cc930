import type { FoldContext, Schema } from "../../src/analysis/schema.ts";
import { emptySchema, foldSchema } from "../../src/analysis/schema.ts";
import type { Parser } from "../../src/parse/parser.ts";
import { loadPostgresParser } from "../../src/parse/postgres.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { statementTokens } from "../../src/sql/tokens.ts";

let parser: Parser | undefined;

/** Folds a text over a schema, statement by statement. @throws Error where a statement does not parse. */
export async function replay(
  text: string,
  options: Partial<FoldContext> = {},
  from: Schema = emptySchema(),
): Promise<Schema> {
  parser ??= await loadPostgresParser();
  let schema = from;
  const context: FoldContext = {
    origin: { unit: 0, transaction: 0, release: 0 },
    searchPath: ["public"],
    version: 18,
    ...options,
    text,
  };
  for (const statement of splitStatements(text).statements) {
    const result = parser.parse({ text, statement, tokens: statementTokens(text, statement) });
    if (result.outcome !== "statement") {
      throw new Error(`${result.outcome}: ${text.slice(statement.start, statement.end)}`);
    }
    schema = foldSchema(schema, result.statement, context);
  }
  return schema;
}
