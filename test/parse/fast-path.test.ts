import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import {
  BARE_LABEL,
  COLUMN_NAME,
  FIRST_KEYWORD,
  FUNCTION_NAME,
  keywordAt,
  namesOf,
} from "../../src/parse/fast-path/keywords.ts";
import { readFast } from "../../src/parse/fast-path.ts";
import { loadGrammarParser } from "../../src/parse/postgres.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { statementTokens } from "../../src/sql/tokens.ts";
import { independent } from "../properties/generators.ts";
import { expressions, types } from "./agreement-parts.ts";
import { checkFastPath, newTally, type Tally } from "./fast-path-check.ts";
import { allKeywords } from "./keywords.ts";
import { readAll } from "./reading.ts";

const grammar = await loadGrammarParser();

function sqlIn(folder: string): string[] {
  const root = new URL(folder, import.meta.url);
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => readFileSync(new URL(name, root), "utf8"));
}

function share({ sure, read }: Tally): number {
  return sure / read;
}

function checkAll(texts: readonly string[]): Tally {
  const tally = newTally();
  for (const text of texts) checkFastPath(grammar, text, tally);
  return tally;
}

describe("what is read without the grammar is what the grammar reads, and most of it is", () => {
  it("in the fixtures", () => {
    const tally = checkAll(sqlIn("../../fixtures/"));
    expect(tally.read).toBeGreaterThan(500);
    expect(share(tally)).toBeGreaterThan(0.9);
  });

  it("in every form of every statement", () => {
    const tally = checkAll(sqlIn("./forms/"));
    expect(tally.read).toBeGreaterThan(500);
    expect(share(tally)).toBeGreaterThan(0.3);
  });

  it("in what both parsers agree on", () => {
    const tally = checkAll(sqlIn("./"));
    expect(share(tally)).toBeGreaterThan(0.4);
  });

  it("in queries in brackets, which loops go through", () => {
    const queries = [
      "(SELECT a FROM t WHERE b = 1)",
      "(SELECT a FROM t ORDER BY b LIMIT 1)",
      "(SELECT a FROM t) UNION ALL (SELECT b FROM u)",
      "(WITH x AS (SELECT 1 AS a) SELECT a FROM x)",
      "(VALUES (1, 'a'), (2, 'b'))",
      "(SELECT 1) UNION (SELECT 2) EXCEPT SELECT 3",
    ];
    const tally = checkAll(queries);
    expect(tally).toEqual({ read: queries.length, sure: queries.length });
    // What is no query, and what may stand behind a bracket, is the grammar's.
    for (const other of [
      "(SELECT a FROM t",
      "(SELECT a FROM t) b",
      "(1 + 1)",
      "((SELECT 1))",
      "(SELECT 1) LIMIT 1",
    ])
      checkAll([other]);
  });

  it("in statements that people write", () => {
    const tally = checkAll([independent.join(";\n")]);
    expect(tally.sure).toBe(tally.read);
  });
});

const places = [
  "SELECT ? AS x FROM t",
  "SELECT a ?",
  "SELECT a FROM t JOIN u ON ? WHERE ? GROUP BY ? HAVING ? ORDER BY ? LIMIT ?",
  "SELECT a FROM f(?) WHERE x IN (?, ?) OR y BETWEEN ? AND ? OR z LIKE ? OR NOT ?",
  "SELECT CASE WHEN ? THEN ? ELSE ? END, ? + ?, ? = ?, ? AND ?, ? OR ?, -?, ? || ?, ?::text, (?), ARRAY[?]",
  "UPDATE t SET a = ? WHERE ?",
  "INSERT INTO t (a, b) VALUES (?, ?), (1, (?)) ON CONFLICT (a) DO UPDATE SET b = ?",
  "ALTER TABLE t ADD CONSTRAINT c CHECK (?)",
  "ALTER TABLE t ALTER a SET DEFAULT ?, ALTER b TYPE int USING ?",
  "CREATE TABLE t (a int CHECK (?), CHECK (?), b int GENERATED ALWAYS AS (?) STORED, c int DEFAULT ? NOT NULL)",
  "CREATE INDEX i ON t ((?), c) WHERE ?",
  "CREATE POLICY p ON t USING (?) WITH CHECK (?)",
];

describe.each(places)("expressions in %s", (place) => {
  const isDefault = place.includes("DEFAULT ?");

  test("are those of the grammar", () => {
    const tally = newTally();
    for (const expression of expressions) {
      checkFastPath(
        grammar,
        place.replaceAll("?", () => expression),
        tally,
      );
    }
    expect(tally.read).toBe(expressions.length);
    expect(share(tally)).toBeGreaterThan(place === "SELECT a ?" ? 0 : isDefault ? 0.3 : 0.45);
  });
});

test("types are those of the grammar", () => {
  const tally = newTally();
  for (const type of types) {
    checkFastPath(grammar, `CREATE TABLE t (a ${type}, b ${type} NOT NULL)`, tally);
    checkFastPath(grammar, `CREATE FUNCTION f(a ${type}) RETURNS ${type} LANGUAGE sql AS 'SELECT 1'`, tally);
    checkFastPath(grammar, `SELECT f(a::${type}), CAST(b AS ${type}) + 1, f((c)::${type})`, tally);
    checkFastPath(grammar, `SELECT ${type} '1', a::${type} b, a::${type} AS b`, tally);
  }
  expect(share(tally)).toBeGreaterThan(0.5);
});

/** Whether the grammar accepts a text as one statement. */
function accepts(sql: string): boolean {
  return readAll(grammar, sql).every(({ result }) => result.outcome === "statement");
}

describe("keywords", () => {
  const known = allKeywords();

  it("are all of PostgreSQL's", () => {
    expect(known.length).toBe(namesOf.length - FIRST_KEYWORD);
    expect(known.length).toBe(494);
  });

  it.each(known)("%s is a name of what the grammar says", (word) => {
    const uses = namesOf[keywordAt(word, 0, word.length)] ?? 0;
    expect((uses & COLUMN_NAME) !== 0).toBe(accepts(`CREATE TABLE ${word} (a int)`));
    expect((uses & FUNCTION_NAME) !== 0).toBe(accepts(`DROP FUNCTION ${word}()`));
    expect((uses & BARE_LABEL) !== 0).toBe(accepts(`SELECT 1 ${word}`));
    expect(keywordAt(word.toUpperCase(), 0, word.length)).toBe(keywordAt(word, 0, word.length));
    expect(keywordAt(`${word}x`, 0, word.length + 1)).not.toBe(keywordAt(word, 0, word.length));
  });
});

describe("what is odd is left to the grammar", () => {
  test.each([
    "SELECT 'a",
    'SELECT "a',
    "SELECT $a$x",
    'SELECT U&"\\0061"',
    "SELECT U&'\\0061'",
    "SELECT E'\\x41'",
    "SELECT E'\\u0061'",
    "SELECT E'\\101'",
    "SELECT operator()",
    "SELECT a IN (((SELECT 1)))",
    "SELECT a = ANY (((SELECT 1)))",
    "(SELECT 1) LIMIT 1",
    "CREATE VIEW v AS (SELECT 1 LIMIT 1) LIMIT 2",
    "SELECT 'a'\n'b'",
    "SELECT B'01'",
    "SELECT 1_000",
    "SELECT 0x1F",
    "SELECT 1a",
    "SELECT $1a",
    'SELECT ""',
    'DROP TABLE "\ud800"',
    "SELECT '\ud800'",
    "SELECT a::t\ud800",
    "SELECT $$\udc00$$",
    "SELECT 1 /* \0 */ + 1",
    "SELECT 'a\0'",
    "SELECT {{ x }}",
    "SELECT 1 \\x\n + 1",
    `SELECT ${"(".repeat(60)}1${")".repeat(60)}`,
    `SELECT 1${" + 1".repeat(300)}`,
    `SELECT ${"a".repeat(64)}`,
    "ALTER TABLE t OWNER TO none",
    "CREATE TABLE t (a int COLLATE x COLLATE y)",
    "ALTER TABLE t ADD CONSTRAINT c CHECK (a) DEFERRABLE",
    "ALTER TABLE t ADD CONSTRAINT c UNIQUE (a) NOT DEFERRABLE INITIALLY DEFERRED",
    "CREATE TABLE t (a int GENERATED BY DEFAULT AS (1) STORED)",
    "CREATE TABLE t (a int) PARTITION BY tree (a)",
    "CREATE TABLE t (a int REFERENCES u ON UPDATE SET NULL (a))",
    "CREATE TRIGGER t BEFORE INSERT OR INSERT ON t EXECUTE FUNCTION f()",
    "CREATE FUNCTION f(OUT a int) RETURNS TABLE (b int) LANGUAGE sql AS ''",
    "CREATE TABLE t (a float(99))",
    "SELECT a = b = c",
    "SELECT a < b < c",
    "SELECT a LIKE b LIKE c",
    "SELECT interval '1' day",
    "SELECT char 'x'",
    "DROP TABLE a.b.c.d",
    "ALTER TABLE t ADD a int DEFAULT DEFAULT",
    "",
  ])("%j", (text) => {
    for (const statement of splitStatements(text).statements) {
      expect(readFast({ text, statement, tokens: statementTokens(text, statement) })).toBe(null);
    }
  });
});
