import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { ParseResult, Parser } from "../../src/parse/parser.ts";
import { loadPgsqlAstParser } from "../../src/parse/pgsql-ast.ts";
import { loadGrammarParser } from "../../src/parse/postgres.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { statementTokens, textOf, tokenize } from "../../src/sql/tokens.ts";
import { expressions, types } from "./agreement-parts.ts";

let first: Parser;
let second: Parser;

beforeAll(async () => {
  first = await loadGrammarParser();
  second = await loadPgsqlAstParser();
});

function readStatements(file: string): string[] {
  const text = readFileSync(new URL(file, import.meta.url), "utf8");
  return splitStatements(text).statements.map((statement) => textOf(text, statement));
}

/** What a parser makes of the last statement of a text. */
function parseLast(parser: Parser, text: string): ParseResult {
  const statement = splitStatements(text).statements.at(-1);
  if (statement === undefined) throw new Error("no statement");
  return parser.parse({ text, statement, tokens: statementTokens(text, statement) });
}

function expectAgreement(text: string): void {
  const model = parseLast(second, text);
  expect(model.outcome === "not understood" ? model.reason : model.outcome).toBe("statement");
  expect(model).toEqual(parseLast(first, text));
}

/** The same statement spelt in other ways. */
const spellings: readonly (readonly [string, (sql: string) => string])[] = [
  ["as it is", (sql) => sql],
  ["behind another one, with characters of all lengths", (sql) => `SELECT 'é😀';\n${sql}`],
  ["in capitals", (sql) => respell(sql, "", (word) => word.toUpperCase())],
  ["in small letters", (sql) => respell(sql, "", (word) => word.toLowerCase())],
  ["with comments between its words", (sql) => respell(sql, " /* ; ' */ -- x\n", (word) => word)],
];

/** Changes the unquoted words, and puts something between all tokens. */
function respell(sql: string, between: string, change: (word: string) => string): string {
  let result = "";
  let done = 0;
  for (const token of tokenize(sql)) {
    const gap = sql.slice(done, token.start);
    const raw = textOf(sql, token);
    // Behind a prefix such as E or N a gap would part the string from it; there is none inside a token.
    result += gap + (done === 0 ? "" : between) + (token.kind === "word" ? change(raw) : raw);
    done = token.end;
  }
  return result;
}

const statements = readStatements("./agreement.sql");

describe.each(spellings)("both parsers agree on statements %s", (_, spell) => {
  test.each(statements)("%s", (sql) => {
    expectAgreement(spell(sql));
  });
});

const places = [
  "SELECT ? AS x FROM t",
  "SELECT a FROM t JOIN u ON ? WHERE ? ORDER BY ?",
  "UPDATE t SET a = ? WHERE ?",
  "INSERT INTO t (a, b) VALUES (?, ?), (1, (?))",
  "ALTER TABLE t ADD CONSTRAINT c CHECK (?)",
  "CREATE TABLE t (a int CHECK (?), CHECK (?), b int GENERATED ALWAYS AS (?) STORED)",
  "CREATE INDEX i ON t ((?), c) WHERE ?",
  "CREATE VIEW v AS SELECT f(?, (?)) FROM t WHERE a = 1 AND (?)",
];

describe.each(places)("both parsers agree on expressions in %s", (place) => {
  // Queries stand in no CHECK and no index for the server, but the grammar takes them.
  test.each(expressions)("%s", (expression) => {
    expectAgreement(place.replaceAll("?", () => expression));
  });
});

describe("both parsers agree on expressions of DEFAULT", () => {
  // Without brackets DEFAULT takes no AND, OR, NOT, IN, LIKE, BETWEEN and IS NULL.
  test.each(expressions)("%s", (expression) => {
    expectAgreement(`ALTER TABLE t ALTER COLUMN a SET DEFAULT ${expression}`);
    expectAgreement(`CREATE TABLE t (a int DEFAULT (${expression}) NOT NULL, b int DEFAULT 1)`);
  });
});

describe("both parsers agree on types", () => {
  test.each(types)("%s", (type) => {
    expectAgreement(`CREATE TABLE t (a ${type}, b ${type} NOT NULL)`);
    expectAgreement(`ALTER TABLE t ADD COLUMN a ${type} DEFAULT NULL, ALTER COLUMN b TYPE ${type}`);
    expectAgreement(`CREATE FUNCTION f(a ${type}) RETURNS ${type} LANGUAGE sql AS 'SELECT 1'`);
    expectAgreement(`SELECT f(a::${type}), CAST(b AS ${type}) + 1, f((c)::${type})`);
  });
});

describe("the second parser does not understand, and says so", () => {
  test.each(readStatements("./agreement-unread.sql"))("%s", (sql) => {
    expect(parseLast(first, sql).outcome).toBe("statement");
    expect(parseLast(second, sql).outcome).toBe("not understood");
  });
});
