import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Expression } from "../../src/model/expression.ts";
import { renderExpression, typeSql } from "../../src/model/render.ts";
import type { Statement } from "../../src/model/statement.ts";
import { loadParser } from "../../src/parse/load.ts";
import type { Parser } from "../../src/parse/parser.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { statementTokens } from "../../src/sql/tokens.ts";

let parser: Parser;

beforeAll(async () => {
  parser = await loadParser("postgres");
});

function parse(text: string): Statement[] {
  return splitStatements(text).statements.flatMap((statement) => {
    if (statement.kind === "meta") return [];
    const result = parser.parse({ text, statement, tokens: statementTokens(text, statement) });
    return result.outcome === "statement" ? [result.statement] : [];
  });
}

/** The expression of `SELECT <sql>`. */
function parseExpression(sql: string): Expression | null {
  const [statement] = parse(`SELECT ${sql};`);
  if (statement?.kind !== "select" || statement.query.kind !== "select") return null;
  return statement.query.targets[0]?.value ?? null;
}

/** Every expression in a value, however deep. */
function expressionsIn(value: unknown, found: Expression[] = []): Expression[] {
  if (Array.isArray(value)) for (const item of value) expressionsIn(item, found);
  else if (typeof value === "object" && value !== null) {
    if ("kind" in value && isExpression(value as { kind: unknown })) found.push(value as Expression);
    else for (const item of Object.values(value)) expressionsIn(item, found);
  }
  return found;
}

const kinds = new Set([
  "constant",
  "call",
  "cast",
  "operator",
  "and",
  "or",
  "is null",
  "is boolean",
  "in",
  "between",
  "case",
  "coalesce",
  "array",
  "any",
]);

function isExpression(value: { kind: unknown }): boolean {
  return kinds.has(String(value.kind)) && !("span" in value) && !("columns" in value);
}

describe("an expression of the model as SQL", () => {
  const folder = join(import.meta.dirname, "../parse/forms");
  it.each(readdirSync(folder).filter((name) => name.endsWith(".sql")))(
    "parses to the same tree: %s",
    (name) => {
      const all = parse(readFileSync(join(folder, name), "utf8")).flatMap((statement) =>
        expressionsIn(statement),
      );
      expect(all.length).toBeGreaterThan(20);
      let rendered = 0;
      for (const expression of all) {
        const sql = renderExpression(expression);
        if (sql === null) continue;
        expect(parseExpression(sql), sql).toEqual(expression);
        rendered++;
      }
      expect(rendered / all.length).toBeGreaterThan(0.8);
    },
  );

  it.each([
    "(1 + 2) * 3",
    "1 - (2 - 3)",
    "NOT (a OR b) AND c",
    "NOT (NOT a)",
    "(a IS NULL) IS NOT TRUE",
    "a NOT BETWEEN SYMMETRIC 1 AND 2 + 3",
    "- (- 1)",
    "a.b.c::varchar(10)[]",
    "'it''s'::\"My Type\"",
    "E'a\\\\b\\nc'",
    '"Fn"("select", \'x\')',
    "CASE a WHEN 1 THEN 'x' ELSE NULL END",
    "CASE WHEN a > 1 THEN b END",
    "coalesce(a, b, greatest(c, 1))",
    "ARRAY[1, 2]::int[]",
    "a = ANY (b)",
    "a IS DISTINCT FROM b",
    "CURRENT_TIMESTAMP",
    "nextval('orders_id_seq'::regclass)",
    "(ROW(a, b)) = (ROW(1, 2))",
    "true AND 1.50 > .5e-3",
    "(a IN (1, 2)) = (b NOT IN (3))",
  ])("keeps %s", (sql) => {
    const expression = parseExpression(sql);
    const again = expression === null ? null : renderExpression(expression);
    expect(again).not.toBeNull();
    expect(parseExpression(again ?? "")).toEqual(expression);
  });

  it.each(["(SELECT 1)", "sum(a) OVER ()", "B'101'", "$1"])("leaves %s to words", (sql) => {
    const expression = parseExpression(sql);
    expect(expression === null ? "nothing" : renderExpression(expression)).toBeNull();
  });

  it("gives each type a name that means the same", () => {
    for (const type of [
      "int",
      "varchar(20)",
      "numeric(10, 2)",
      "text[]",
      '"char"',
      "timestamptz",
      'app."My Type"',
      "interval",
      "bit(3)",
      "time",
    ]) {
      const expression = parseExpression(`NULL::${type}`);
      if (expression?.kind !== "cast") throw new Error(type);
      expect(parseExpression(`NULL::${typeSql(expression.type)}`)).toEqual(expression);
    }
  });
});
