import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isNeverImmutable, volatilityOf } from "../../src/analysis/volatility.ts";
import type { Expression } from "../../src/model/expression.ts";
import { loadPostgresParser } from "../../src/parse/postgres.ts";
import { foldSql, parseSql } from "./fold-sql.ts";

interface Catalogue {
  readonly immutable: readonly string[];
  readonly stable: readonly string[];
  readonly volatile: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
}

const file = new URL("../postgres/catalogue/functions.json", import.meta.url);
const catalogue: Catalogue = JSON.parse(readFileSync(file, "utf8"));
const parser = await loadPostgresParser();

function judge(expression: string, setup = "", version = 16) {
  const sql = `ALTER TABLE t ADD COLUMN c text DEFAULT ${expression}`;
  const [statement] = parseSql(parser, sql);
  const [action] = statement?.kind === "alter table" ? statement.actions : [];
  if (action?.kind !== "add column" || action.column.default === null) throw new Error(sql);
  const schema = foldSql(parser, setup, version);
  const world = { schema, version, searchPath: ["public"], settings: new Map(), text: sql };
  return volatilityOf(action.column.default.value as Expression, world);
}

describe("functions that PostgreSQL comes with", () => {
  test.each(["stable", "volatile"] as const)("every %s one is known as such", (kind) => {
    const callable = catalogue[kind].filter((name) => !name.endsWith("send"));
    const wrong = callable.filter((name) => {
      const version = Number((catalogue.versions[name] ?? "18").slice(-2));
      const { volatility, unknown, missing } = judge(`pg_catalog."${name}"()`, "", version);
      return volatility !== kind || unknown !== null || missing !== null;
    });
    expect(wrong).toEqual([]);
  });

  test("none that is immutable is taken for another", () => {
    const wrong = catalogue.immutable.filter((name) => {
      const { volatility, unknown } = judge(`pg_catalog."${name}"()`, "", 18);
      return unknown === null && volatility !== "immutable";
    });
    expect(wrong).toEqual([]);
  });

  test("a function that came later is missing before", () => {
    expect(judge("gen_random_uuid()", "", 12).missing).toBe("gen_random_uuid");
    expect(judge("gen_random_uuid()", "", 13)).toEqual({
      volatility: "volatile",
      unknown: null,
      missing: null,
    });
    expect(judge("uuidv7()", "", 17).missing).toBe("uuidv7");
  });
});

describe("functions of the history", () => {
  const sql = (body: string, rest = "") =>
    `CREATE FUNCTION f() RETURNS text LANGUAGE sql ${rest} AS $$${body}$$;`;
  test.each([
    ["a constant body is put in place", sql("SELECT 'x'"), "immutable"],
    ["so is a stable one", sql("SELECT now()::text;"), "stable"],
    ["a volatile body stays volatile", sql("SELECT random()::text"), "volatile"],
    ["a query is never put in place", sql("SELECT x FROM t LIMIT 1"), "volatile"],
    ["FROM of a call is no clause", sql("SELECT extract(year FROM now())::text"), "stable"],
    ["nor is it one of IS DISTINCT", sql("SELECT (1 IS DISTINCT FROM 2)::text"), "immutable"],
    ["CAST and AND are no calls", sql("SELECT CAST((true) AND (false) AS varchar(5))"), "immutable"],
    ["an aggregate is never put in place", sql("SELECT max('x')"), "volatile"],
    ["what is declared counts", sql("SELECT random()::text", "STABLE"), "stable"],
    [
      "PL/pgSQL is never looked into",
      "CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $$BEGIN RETURN 'x'; END$$;",
      "volatile",
    ],
    [
      "a body may call others",
      `${sql("SELECT g()")} CREATE FUNCTION g() RETURNS text LANGUAGE sql AS 'SELECT 1';`,
      "immutable",
    ],
    ["even itself", sql("SELECT f()"), "volatile"],
  ])("%s", (_, setup, volatility) => {
    expect(judge("f()", setup)).toEqual({ volatility, unknown: null, missing: null });
  });
});

test("a function of one's own schema is no built-in one, whatever it is called", () => {
  const culprit = (call: string) => {
    const sql = `ALTER TABLE t ADD COLUMN c text DEFAULT ${call}`;
    const [statement] = parseSql(parser, sql);
    const [action] = statement?.kind === "alter table" ? statement.actions : [];
    if (action?.kind !== "add column" || action.column.default === null) throw new Error(sql);
    const schema = foldSql(parser, "", 16);
    const world = { schema, version: 16, searchPath: ["public"], settings: new Map(), text: sql };
    return isNeverImmutable(action.column.default.value, world);
  };
  expect(culprit("shop.now()")).toBeNull();
  expect(culprit("pg_catalog.now()")).toBe("now");
  expect(culprit("now()")).toBe("now");
});
