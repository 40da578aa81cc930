import type { Statement } from "../../src/model/statement.ts";
import type { ParseResult, Parser } from "../../src/parse/parser.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { statementTokens } from "../../src/sql/tokens.ts";

export interface Reading {
  /** The statement's own text. */
  readonly sql: string;
  readonly result: ParseResult;
}

/** Every statement of a text, as the parser reads it. */
export function readAll(parser: Parser, text: string): Reading[] {
  return splitStatements(text)
    .statements.filter((statement) => statement.kind === "sql")
    .map((statement) => {
      const tokens = statementTokens(text, statement);
      return {
        sql: text.slice(statement.start, statement.end),
        result: parser.parse({ text, statement, tokens }),
      };
    });
}

/** The one statement of a text that must be understood. */
export function readOne(parser: Parser, text: string): Statement {
  const readings = readAll(parser, text);
  const [reading] = readings;
  if (readings.length !== 1 || reading?.result.outcome !== "statement") {
    throw new Error(`not one statement: ${text}: ${JSON.stringify(reading?.result)}`);
  }
  return reading.result.statement;
}

/** A model with the source text in the place of each span, so that a test shows what is meant. */
export function withTexts(text: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => withTexts(text, each));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const { start, end } = value as { start?: number; end?: number };
  if (entries.length === 2 && start !== undefined && end !== undefined) return text.slice(start, end);
  return Object.fromEntries(entries.map(([key, each]) => [key, withTexts(text, each)]));
}

/** Calls `visit` for every object in a model. */
export function walkModel(value: unknown, visit: (object: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) for (const each of value) walkModel(each, visit);
  else if (typeof value === "object" && value !== null) {
    visit(value as Record<string, unknown>);
    for (const each of Object.values(value)) walkModel(each, visit);
  }
}
