import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { ParseResult, Parser } from "../../src/parse/parser.ts";
import { loadPgsqlAstParser } from "../../src/parse/pgsql-ast.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { statementTokens } from "../../src/sql/tokens.ts";

let parser: Parser;

beforeAll(async () => {
  parser = await loadPgsqlAstParser();
});

function parse(text: string): ParseResult {
  const [statement] = splitStatements(text).statements;
  if (statement === undefined) throw new Error("no statement");
  return parser.parse({ text, statement, tokens: statementTokens(text, statement) });
}

function reasonOf(text: string): string {
  const result = parse(text);
  return result.outcome === "not understood" ? result.reason : result.outcome;
}

describe("what it cannot read", () => {
  test.each([
    ["ALTER TABLE a VALIDATE CONSTRAINT c", "ALTER TABLE A: a form that pgsql-ast-parser does not know"],
    ["select a <-> b", "SELECT A: the operator <->"],
    ["SELECT B'1'", "SELECT: a bit string"],
    ["SELECT 0x1F", "SELECT: the number 0x1F"],
    ["SELECT U&\"x\" UESCAPE '!'", "SELECT: UESCAPE"],
    ["SELECT {a}", "SELECT: the character {"],
    ["SELECT a = b IS NULL", "SELECT A: operators whose order is not certain"],
    ["SELECT interval '1' day", "SELECT INTERVAL: the fields of an interval"],
    ["SELECT position('a' IN b)", "SELECT POSITION: the function position"],
    ["raise notice 'x'", "RAISE NOTICE: a statement of the kind raise"],
    ['"x" y', ": a form that pgsql-ast-parser does not know"],
  ])("%s", (sql, reason) => {
    expect(reasonOf(sql)).toBe(reason);
  });

  test.each([
    "SELEC 1",
    "CREATE TABLE",
    "CREATE TABLE a (b int,)",
    "SELECT 'a",
    "ALTER TABLE a ADD COLUMN boolean",
    "ALTER TABLE a ALTER COLUMN DROP NOT NULL",
    "CREATE INDEX IF NOT EXISTS ON a (b)",
    "CREATE INDEX ON (a b)",
    "ALTER TABLE a RENAME TO b, ADD c int",
    "DROP TRIGGER t",
    "SELECT a FROM t JOIN u",
    "SELECT a = b = c",
    "INSERT INTO t",
  ])("is never called a syntax error: %s", (sql) => {
    expect(parse(sql).outcome).toBe("not understood");
  });

  test.each([
    ["brackets", `SELECT ${"(".repeat(500)}1${")".repeat(500)}`],
    ["signs", `SELECT ${"- ".repeat(5000)}1`],
    ["casts", `SELECT a${"::int".repeat(5000)}`],
    ["unions", Array(600).fill("SELECT 1").join(" UNION ")],
    ["rows", `INSERT INTO a VALUES ${Array(20000).fill("(1)").join(", ")}`],
  ])("too many %s", (_, sql) => {
    expect(reasonOf(sql)).toMatch(/too long, or nested too deeply$|deep nesting$/);
  });

  test("never throws", () => {
    const words =
      "select from where ( ) , ; a \"B\" 'c' 1 2.5 + - = :: -> [ ] int not null and or in case when then end";
    const word = fc.oneof(fc.constantFrom(...words.split(" ")), fc.string({ maxLength: 5 }));
    const statement = fc
      .tuple(
        fc.constantFrom("select", "create table a (", "alter table a add", "update a set"),
        fc.array(word),
      )
      .map(([start, rest]) => `${start} ${rest.join(" ")}`);
    fc.assert(
      fc.property(statement, (sql) => {
        expect(["statement", "not understood"]).toContain(parse(sql).outcome);
      }),
      { numRuns: 500 },
    );
  });
});

describe("what its tree does not tell", () => {
  const targetOf = (expression: string) => {
    const result = parse(`SELECT ${expression}`);
    if (result.outcome !== "statement" || result.statement.kind !== "select") return result;
    return result.statement.query.kind === "select" ? result.statement.query.targets[0]?.value : null;
  };
  const text = {
    schema: null,
    name: "text",
    modifiers: [],
    dimensions: 0,
    isSetOf: false,
    isReference: false,
  };

  test("how a number and a string are spelt", () => {
    expect(targetOf("1.50")).toEqual({ kind: "constant", type: "float", value: "1.50" });
    expect(targetOf("2147483648")).toEqual({ kind: "constant", type: "float", value: "2147483648" });
    expect(targetOf("E'\\t\\x41'")).toEqual({ kind: "constant", type: "string", value: "\tA" });
  });

  test("whether a name stands in quotes", () => {
    expect(targetOf('"current_date"')).toEqual({ kind: "column", path: ["current_date"] });
    expect(targetOf('"coalesce"(a)')).toMatchObject({ kind: "call", name: "coalesce" });
    expect(targetOf('"G"(a)')).toMatchObject({ kind: "call", name: "G" });
  });

  test("which operand a cast belongs to", () => {
    const a = { kind: "column", path: ["a"] };
    const b = { kind: "constant", type: "string", value: "b" };
    expect(targetOf("a ->> 'b'::text")).toEqual({
      kind: "operator",
      name: "->>",
      left: a,
      right: { kind: "cast", argument: b, type: text },
    });
    expect(targetOf("(a ->> 'b')::text")).toEqual({
      kind: "cast",
      argument: { kind: "operator", name: "->>", left: a, right: b },
      type: text,
    });
  });

  test("to what ORDER BY and LIMIT behind UNION belong", () => {
    const query = (sql: string) => {
      const result = parse(sql);
      return result.outcome === "statement" && result.statement.kind === "select"
        ? result.statement.query
        : null;
    };
    expect(query("SELECT 1 UNION SELECT 2 LIMIT 3")).toMatchObject({
      limit: { value: "3" },
      right: { limit: null },
    });
    expect(query("SELECT 1 UNION (SELECT 2 LIMIT 3)")).toMatchObject({
      limit: null,
      right: { limit: { value: "3" } },
    });
  });
});

test("runs where WebAssembly does not exist", () => {
  const entry = fileURLToPath(new URL("../../src/parse/pgsql-ast.ts", import.meta.url));
  const { outputFiles } = buildSync({
    stdin: {
      contents: `
        import { loadPgsqlAstParser } from ${JSON.stringify(entry)};
        import { splitStatements } from ${JSON.stringify(entry.replace("parse/pgsql-ast.ts", "sql/split.ts"))};
        import { statementTokens } from ${JSON.stringify(entry.replace("parse/pgsql-ast.ts", "sql/tokens.ts"))};
        const parser = await loadPgsqlAstParser();
        const text = "ALTER TABLE a ADD COLUMN b int DEFAULT 1";
        const [statement] = splitStatements(text).statements;
        const result = parser.parse({ text, statement, tokens: statementTokens(text, statement) });
        console.log(typeof WebAssembly, result.outcome, result.statement.kind);`,
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
  });
  const run = spawnSync(process.execPath, ["--jitless", "--input-type=module"], {
    input: outputFiles[0]?.text ?? "",
    encoding: "utf8",
  });
  expect(run.status).toBe(0);
  expect(run.stdout.trim()).toBe("undefined statement alter table");
});
