import { describe, expect, it } from "vitest";
import { loadPostgresParser } from "../../src/parse/postgres.ts";
import { readAll, readOne, withTexts } from "./reading.ts";

const parser = await loadPostgresParser();

function read(text: string): unknown {
  return withTexts(text, readOne(parser, text));
}

function rejected(text: string): { message: string; at: string } {
  const [reading] = readAll(parser, text);
  if (reading?.result.outcome !== "syntax error") throw new Error(`accepted: ${text}`);
  const { message, at } = reading.result;
  return { message, at: text.slice(at.start, at.end) };
}

describe("positions", () => {
  it("are those of the user's text, whatever the encoding", () => {
    const text = "/* 日本 😀 */ ALTER TABLE \"é😀\" ADD COLUMN ü text DEFAULT '😀' || 'é' NOT NULL";
    expect(read(text)).toMatchObject({
      head: "ALTER TABLE",
      table: { name: { name: "é😀", quoted: true, span: '"é😀"' } },
      actions: [
        {
          head: "ADD COLUMN",
          column: {
            name: { name: "ü", span: "ü" },
            default: { span: "'😀' || 'é'" },
            notNull: { span: "NOT NULL" },
          },
        },
      ],
    });
  });

  it("of the actions do not mind commas inside of them", () => {
    const text =
      "ALTER TABLE t ADD CHECK (f(a, b) IN (1, 2)), ALTER c TYPE numeric(1, 2) USING g(c, 1), DROP COLUMN d";
    expect(read(text)).toMatchObject({
      actions: [
        {
          span: "ADD CHECK (f(a, b) IN (1, 2))",
          head: "ADD CHECK",
          constraint: { expression: { span: "f(a, b) IN (1, 2)" } },
        },
        {
          span: "ALTER c TYPE numeric(1, 2) USING g(c, 1)",
          head: "ALTER c TYPE",
          type: { span: "numeric(1, 2)" },
          using: { span: "g(c, 1)" },
        },
        { span: "DROP COLUMN d", head: "DROP COLUMN" },
      ],
    });
  });

  it("of a clause leave out the brackets that it demands, and no others", () => {
    const text =
      "CREATE TABLE t (a int CHECK ((a > 0)), b int GENERATED ALWAYS AS ((a) + 1) STORED, c int DEFAULT (1))";
    expect(read(text)).toMatchObject({
      columns: [
        { constraints: [{ span: "CHECK ((a > 0))", expression: { span: "(a > 0)" } }] },
        { generated: { span: "(a) + 1" } },
        { default: { span: "(1)" } },
      ],
    });
  });

  it.each([
    ["5 NOT NULL", "5"],
    ["NULL NULL", "NULL"],
    ["1 + NULL UNIQUE", "1 + NULL"],
    ["NULL::text COLLATE x", "NULL::text"],
    ["CASE WHEN b IS NULL THEN NULL ELSE c END NOT NULL", "CASE WHEN b IS NULL THEN NULL ELSE c END"],
    ["1 IS NOT DISTINCT FROM NULL NOT NULL", "1 IS NOT DISTINCT FROM NULL"],
    ["s.unique() UNIQUE", "s.unique()"],
    ["f(NOT a) CHECK (b)", "f(NOT a)"],
    ["generated GENERATED ALWAYS AS IDENTITY", "generated"],
    ["x REFERENCES o", "x"],
    ["x CONSTRAINT c NOT NULL", "x"],
  ])("of DEFAULT %s", (clause, span) => {
    expect(read(`ALTER TABLE t ADD COLUMN a text DEFAULT ${clause}`)).toMatchObject({
      actions: [{ column: { default: { span } } }],
    });
  });

  it.each([
    ["CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", "CREATE UNIQUE INDEX"],
    ["DROP MATERIALIZED VIEW IF EXISTS m", "DROP MATERIALIZED VIEW"],
    ["CREATE OR REPLACE FUNCTION f() RETURNS int RETURN 1", "CREATE OR REPLACE FUNCTION"],
    ["CREATE USER MAPPING FOR u SERVER s", "CREATE USER MAPPING"],
    ["CREATE USER u", "CREATE USER"],
    ["WITH x AS (SELECT 1) DELETE FROM t", "DELETE FROM"],
    ["VACUUM FULL t", "VACUUM FULL"],
    ["REINDEX (VERBOSE) TABLE t", "REINDEX (VERBOSE) TABLE"],
    ["LOCK t", "LOCK"],
    ["REFRESH MATERIALIZED VIEW CONCURRENTLY m", "REFRESH MATERIALIZED VIEW"],
  ])("of the head of %s", (text, head) => {
    expect(read(text)).toMatchObject({ head });
  });

  it.each([
    ["$$ a $$", " a "],
    ["$fn$ $$ $fn$", " $$ "],
    ["'a ''b'''", "a ''b''"],
    ["E'a\\nb'", "a\\nb"],
  ])("of a body are inside its quotes: %s", (body, inside) => {
    expect(read(`DO ${body}`)).toMatchObject({ body: inside });
    expect(read(`DO ${body} LANGUAGE 'plpgsql'`)).toMatchObject({ body: inside, language: "plpgsql" });
    expect(read(`CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS ${body}`)).toMatchObject({
      body: inside,
    });
  });

  it("reach into common tables that change data", () => {
    const text = "WITH x AS (DELETE FROM s.o AS q WHERE q.a = 1 RETURNING *) UPDATE t SET b = 2 WHERE c";
    expect(read(text)).toMatchObject({
      kind: "update",
      head: "UPDATE",
      where: { span: "c" },
      with: [
        {
          name: "x",
          query: { kind: "delete", head: "DELETE FROM", table: { span: "s.o" }, where: { span: "q.a = 1" } },
        },
      ],
    });
  });
});

describe("names", () => {
  const long = "a".repeat(80);

  it("are cut as the server cuts them, wherever they stand: so they are equal where it takes them for equal", () => {
    const cut = "a".repeat(63);
    expect(read(`CREATE INDEX ${long}_i ON ${long}_t (lower(${long}_c))`)).toMatchObject({
      index: { name: cut, span: `${long}_i` },
      table: { name: { name: cut } },
      elements: [{ expression: { arguments: [{ path: [cut] }] } }],
    });
    expect(read(`SELECT "${"é".repeat(40)}" FROM ${long}`)).toMatchObject({
      query: { targets: [{ value: { path: ["é".repeat(31)] } }], from: [{ name: cut }] },
    });
  });

  it("are decoded", () => {
    expect(
      read('ALTER TABLE U&"\\0061\\+00004e" DROP COLUMN U&"d!0061t" UESCAPE \'!\' CASCADE'),
    ).toMatchObject({
      table: { name: { name: "aN" } },
      actions: [{ column: { name: "dat", span: "U&\"d!0061t\" UESCAPE '!'" }, cascade: true }],
    });
  });

  it("of types are PostgreSQL's own", () => {
    const types = {
      int: "int4",
      bigint: "int8",
      "character varying(5)": "varchar",
      char: "bpchar",
      '"char"': "char",
      "double precision": "float8",
      "float(24)": "float4",
      decimal: "numeric",
      "timestamp with time zone": "timestamptz",
      "pg_catalog.int4": "int4",
      serial: "serial",
      '"integer"': "integer",
      boolean: "bool",
    };
    for (const [spelling, name] of Object.entries(types)) {
      expect(read(`ALTER TABLE t ADD a ${spelling}`)).toMatchObject({
        actions: [{ column: { type: { schema: null, name, span: spelling } } }],
      });
      expect(read(`SELECT a::${spelling}`)).toMatchObject({
        query: { targets: [{ value: { kind: "cast", type: { schema: null, name } } }] },
      });
    }
  });

  it("of an interval's fields are no modifiers", () => {
    expect(read("ALTER TABLE t ADD a interval day to second(3)")).toMatchObject({
      actions: [
        { column: { type: { name: "interval", modifiers: ["3"], span: "interval day to second(3)" } } },
      ],
    });
    expect(read("SELECT a::interval day, b::interval(2)")).toMatchObject({
      query: { targets: [{ value: { type: { modifiers: [] } } }, { value: { type: { modifiers: ["2"] } } }] },
    });
  });
});

describe("expressions", () => {
  const expression = (text: string) => {
    const statement = readOne(parser, `SELECT ${text}`);
    return (
      statement.kind === "select" && statement.query.kind === "select" && statement.query.targets[0]?.value
    );
  };

  it.each([
    ["a != b", "a <> b"],
    ["(a) = ((b))", "a = b"],
    ["a AND b AND c", "(a AND b) AND c"],
    ["a ISNULL", "a IS NULL"],
    ["CAST(a AS integer)", "a::int4"],
    ["a IN (SELECT 1)", "a = ANY (SELECT 1)"],
    ["A.B", 'a."b"'],
    ["'a'", "$$a$$"],
  ])("%s is %s", (left, right) => {
    expect(expression(left)).toEqual(expression(right));
  });

  it.each([
    ["now()", { kind: "call", schema: null, name: "now" }],
    ["pg_catalog.now()", { kind: "call", schema: "pg_catalog", name: "now" }],
    ["CURRENT_TIMESTAMP(3)", { kind: "call", schema: null, name: "current_timestamp", arguments: [] }],
    ["NULLIF(a, b)", { kind: "call", schema: null, name: "nullif" }],
    ["EXTRACT(year FROM a)", { kind: "call", schema: null, name: "extract" }],
    ["count(*) OVER ()", { kind: "call", name: "count", isWindow: true }],
    ["a LIKE 'x'", { kind: "operator", name: "~~" }],
    ["a NOT ILIKE 'x'", { kind: "operator", name: "!~~*" }],
    ["- a", { kind: "operator", name: "-", left: null }],
    ["-1", { kind: "constant", type: "integer", value: "-1" }],
    ["true", { kind: "constant", type: "boolean", value: "true" }],
    ["a NOT IN (1)", { kind: "in", negated: true }],
    ["a = ANY (b)", { kind: "any", operator: "=" }],
    ["EXISTS (SELECT 1)", { kind: "subquery", use: "exists" }],
    ["a[:]", { kind: "subscript", indices: [] }],
    ["XMLELEMENT(NAME x, f(a))", { kind: "special", arguments: [{ kind: "call", name: "f" }] }],
  ])("%s", (text, expected) => {
    expect(expression(text)).toMatchObject(expected);
  });
});

describe("what has no kind of its own", () => {
  it.each([
    ["CREATE TEXT SEARCH CONFIGURATION c (COPY = x)", "create text search configuration"],
    ["CREATE USER u", "create role"],
    ["ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO u", "alter default privileges"],
    ["CREATE OR REPLACE TRUSTED LANGUAGE l HANDLER h", "create language"],
    ["NOTIFY x", "notify"],
    ["CREATE EVENT TRIGGER g ON ddl_command_start EXECUTE FUNCTION f()", "create event trigger"],
  ])("%s is other", (text, command) => {
    expect(read(text)).toMatchObject({ kind: "other", command });
  });

  it("DECLARE has the query of its cursor", () => {
    expect(read("DECLARE c CURSOR FOR SELECT id FROM t")).toMatchObject({
      kind: "declare cursor",
      query: { kind: "select", from: [{ kind: "relation", name: "t" }] },
    });
  });
});

describe("comments", () => {
  it.each([
    ["SELECT a FROM t ORDER BY a NULLS /* x */ FIRST", "SELECT a FROM t ORDER BY a NULLS FIRST"],
    ["SELECT a::timestamp WITH -- x\n TIME ZONE", "SELECT a::timestamp WITH TIME ZONE"],
    ["SELECT 'a' -- it's\n 'b'", "SELECT 'ab'"],
    ["SELECT E'a'\n-- x\n'\\'b'", "SELECT E'a\\'b'"],
    ["SELECT /* é😀 */ 1", "SELECT 1"],
  ])("%j is %j", (left, right) => {
    const query = (text: string) => {
      const statement = readOne(parser, text);
      return statement.kind === "select" ? statement.query : null;
    };
    expect(query(left)).toEqual(query(right));
  });

  it("do not move an error", () => {
    expect(rejected("SELECT /* é😀 */ 1 -- é\n FROM /* 日本 */ FROM")).toMatchObject({ at: "FROM" });
    const text = "SELECT /* é😀 */ 1 FROM /* 日本 */ FROM t";
    const [reading] = readAll(parser, text);
    expect(reading?.result).toMatchObject({ at: { start: text.lastIndexOf("FROM") } });
  });

  it("with a NUL are no SQL either", () => {
    expect(rejected("SELECT 1 /* \0 */ + 2").at).toBe("\0");
  });

  it("between the parts of a literal are no part of its value", () => {
    expect(read("CREATE TYPE e AS ENUM ('a' -- it's\n 'b', 'c''d'\n\n'e')")).toMatchObject({
      values: ["ab", "c'de"],
    });
  });
});

describe("a syntax error", () => {
  it.each([
    ["SELECT 1 FROM FROM t", 'syntax error at or near "FROM"', "FROM"],
    ["ALTER TABLE t ADD", "syntax error at end of input", "ADD"],
    ["SELECT 'é😀日本' é é", 'syntax error at or near "é"', "é"],
    ["SELECT 'abc", 'unterminated quoted string at or near "\'abc"', "'abc"],
    ["CREATE TABLE t (a int,)", 'syntax error at or near ")"', ")"],
  ])("in %s", (text, message, at) => {
    expect(rejected(text)).toEqual({ message, at });
  });

  it("is at the second of two equal words", () => {
    const text = "  SELECT 'é' é é";
    const [reading] = readAll(parser, text);
    expect(reading?.result).toMatchObject({ at: { start: text.length - 1, end: text.length } });
  });

  it("is at a NUL, which the grammar takes for the end", () => {
    const text = "SELECT 1 \0; DROP TABLE t";
    const [first, second] = readAll(parser, text);
    expect(first?.result).toMatchObject({ outcome: "syntax error", at: { start: 9, end: 10 } });
    expect(second?.result).toMatchObject({ outcome: "statement" });
    expect(rejected("SELECT 'a\0b'").at).toBe("\0");
  });

  it("does not touch its neighbours", () => {
    const outcomes = readAll(parser, "SELECT 1; SELEC 2; SELECT 3").map(({ result }) => result.outcome);
    expect(outcomes).toEqual(["statement", "syntax error", "statement"]);
  });
});
