import { describe, expect, it } from "vitest";
import { implies, impliesNotNull } from "../../src/analysis/implication.ts";
import { partitionConstraint } from "../../src/analysis/partition-bound.ts";
import {
  columnsOf,
  isBoundExcluded,
  isBoundProven,
  isNotNullProven,
  resolveType,
} from "../../src/analysis/schema/queries.ts";
import type { Expression } from "../../src/model/expression.ts";
import { replay } from "./schema-replay.ts";

const at = (name: string) => ({ schema: null, name });

/** The expression of a CHECK, read by the parser. */
async function check(sql: string): Promise<Expression> {
  const schema = await replay(`CREATE TABLE t (CONSTRAINT c CHECK (${sql}))`);
  const found = schema.findTable(at("t"))?.constraints[0];
  if (found?.kind !== "check") throw new Error("no check");
  return found.expression;
}

describe("a CHECK proves that a column is not null", () => {
  it.each([
    ["c IS NOT NULL", true],
    ["NOT (c IS NULL)", true],
    ["t.c IS NOT NULL", true],
    ["c IS NOT NULL AND a > 0", true],
    ["a > 0 AND (b > 0 AND c IS NOT NULL)", true],
    ["NOT (c IS NULL OR a > 0)", true],
    ["(c IS NOT NULL AND a > 0) OR (c IS NOT NULL AND a < 0)", true],
    ["c IS DISTINCT FROM NULL", true],
    ["(c IS NOT NULL) = true", true],
    ["c IS NOT NULL OR a > 0", false],
    ["c >= 0", false],
    ["c = 1", false],
    ["c IS NULL", false],
    ["NOT (c IS NOT NULL)", false],
    ["b IS NOT NULL", false],
    ["NOT (c IS NULL AND a > 0)", false],
    ["coalesce(c, 0) > 0", false],
    ["c IN (1, 2)", false],
  ])("%s: %s", async (sql, proven) => {
    expect(impliesNotNull(await check(sql), "c")).toBe(proven);
  });
});

describe("one condition implies another", () => {
  it.each([
    ["a > 5", "a > 3", true],
    ["a > 5", "a >= 5", true],
    ["a >= 5", "a > 5", false],
    ["a = 5", "a IN (4, 5)", true],
    ["a IN (4, 5)", "a IN (5, 4, 3)", true],
    ["a IN (4, 5)", "a = 4", false],
    ["a = ANY (ARRAY[4, 5])", "a >= 4", true],
    ["a BETWEEN 1 AND 9", "a >= 1 AND a < 10", true],
    ["a BETWEEN 1 AND 10", "a < 10", false],
    ["5 < a", "a > 5", true],
    ["NOT (a < 5)", "a >= 5", true],
    ["a < 5 AND n > 1", "n > 0", true],
    ["a < 5 OR b > 1", "b > 1 OR a < 6", true],
    ["a < 5 OR b > 1", "a < 5", false],
    ["a = 5", "a <> 6", true],
    ["b LIKE 'x%'", "b LIKE 'x%'", true],
    ["b > 'a'", "b > 'A'", false],
    ["lower(b) = 'x'", "lower(b) = 'x'", true],
    ["lower(b) = 'x'", "upper(b) = 'x'", false],
    ["d >= '2024-01-01'", "d >= '2024-01-01 00:00:00'", true],
    ["d >= DATE '2024-02-01'", "d >= '2024-01-01'", true],
    ["d >= '2024-01-01'", "d >= '2024-02-01'", false],
    ["x AND y", "y", true],
    ["NOT x", "x = false", true],
    ["a = 10000000000000001", "a > 10000000000000000", true],
  ])("%s => %s: %s", async (clause, goal, answer) => {
    const types: Record<string, string> = { a: "int8", b: "text", n: "int4", d: "timestamp" };
    const type = (column: string) => types[column];
    expect(implies([await check(clause)], await check(goal), type)).toBe(answer);
  });

  it("takes several constraints together", async () => {
    const given = [await check("a > 5"), await check("b IS NOT NULL")];
    expect(implies(given, await check("b IS NOT NULL AND a > 4"))).toBe(true);
  });

  it("gives up on what multiplies", async () => {
    const many = Array.from({ length: 300 }, (_, k) => `(a = ${k} OR b = ${k})`).join(" AND ");
    const goal = Array.from({ length: 300 }, (_, k) => `(a = ${k + 500} AND c = ${k})`).join(" OR ");
    expect(implies([await check(many)], await check(goal))).toBe(false);
  });
});

describe("a table's constraints prove a partition bound", () => {
  const history = (checks: string) => `
    CREATE TABLE p (k int, at date, name text) PARTITION BY RANGE (k);
    CREATE TABLE byname (k int, at date, name text) PARTITION BY LIST (name);
    CREATE TABLE bytwo (k int, at date, name text) PARTITION BY RANGE (k, at);
    CREATE TABLE one PARTITION OF p FOR VALUES FROM (10) TO (20);
    CREATE TABLE two PARTITION OF byname FOR VALUES IN ('a', 'b');
    CREATE TABLE three PARTITION OF bytwo FOR VALUES FROM (1, '2024-01-01') TO (1, '2025-01-01');
    CREATE TABLE four PARTITION OF byname FOR VALUES IN ('a', NULL);
    CREATE TABLE t (k int, at date, name text ${checks});`;

  it.each([
    ["one", ", CHECK (k IS NOT NULL AND k >= 10 AND k < 20)", true],
    ["one", ", CHECK (k >= 10 AND k < 20)", false],
    ["one", ", CHECK (k >= 10 AND k < 20), CHECK (k IS NOT NULL)", true],
    ["one", ", CHECK (k > 11 AND k <= 15), PRIMARY KEY (k)", true],
    ["one", ", CHECK (k BETWEEN 10 AND 20), CHECK (k IS NOT NULL)", false],
    ["one", ", CHECK (k = 12), CHECK (k IS NOT NULL)", true],
    ["two", ", CHECK (name IS NOT NULL AND name IN ('b', 'a'))", true],
    ["two", ", CHECK (name IS NOT NULL AND name = 'a')", true],
    ["two", ", CHECK (name IN ('a', 'b'))", false],
    ["two", ", CHECK (name IS NOT NULL AND name IN ('a', 'c'))", false],
    [
      "three",
      ", CHECK (k = 1 AND at >= '2024-01-01' AND at < '2025-01-01' AND k IS NOT NULL AND at IS NOT NULL)",
      true,
    ],
    ["four", ", CHECK (name IS NULL OR name = 'a')", true],
  ])("%s by %s: %s", async (partition, checks, proven) => {
    const schema = await replay(history(checks));
    const wanted = schema.findTable(at(partition))?.partitionOf;
    const parent = schema.tableById(wanted?.parent ?? 0);
    const table = schema.findTable(at("t"));
    if (parent === undefined || table === undefined || !wanted?.bound) throw new Error("no table");
    expect(isBoundProven(schema, parent, wanted.bound, table)).toBe(proven);
  });

  it.each([
    [", CHECK (k < 10 OR k >= 20)", true],
    [", CHECK (k < 10)", true],
    [", CHECK (NOT (k IS NOT NULL AND k >= 10 AND k < 20))", true],
    [", CHECK (k < 11)", false],
    ["", false],
  ])("a default partition with %s holds no such rows: %s", async (checks, proven) => {
    const schema = await replay(history(checks));
    const wanted = schema.findTable(at("one"))?.partitionOf;
    const parent = schema.tableById(wanted?.parent ?? 0);
    const table = schema.findTable(at("t"));
    if (parent === undefined || table === undefined || !wanted?.bound) throw new Error("no table");
    expect(isBoundExcluded(schema, parent, wanted.bound, table)).toBe(proven);
  });

  it("is not written out for hash, DEFAULT and unknown keys", () => {
    const key = { strategy: "hash", columns: [{ column: "a", expression: null }] } as const;
    expect(partitionConstraint(key, { kind: "hash", modulus: 2, remainder: 0 })).toBeNull();
    expect(partitionConstraint(key, { kind: "default" })).toBeNull();
    expect(partitionConstraint({ strategy: "list", columns: [] }, { kind: "list", values: [] })).toBeNull();
  });
});

describe("questions about tables", () => {
  it("believes valid and enforced checks only", async () => {
    const schema = await replay(`
      CREATE TABLE t (a int, b int, c int, CHECK (a IS NOT NULL));
      ALTER TABLE t ADD CHECK (b IS NOT NULL) NOT VALID, ADD CHECK (c IS NOT NULL) NOT ENFORCED;`);
    const t = schema.findTable(at("t"));
    if (t === undefined) throw new Error("no table");
    expect(["a", "b", "c"].map((column) => isNotNullProven(t, column))).toEqual([true, false, false]);
  });

  it("follows domains to what is stored", async () => {
    const schema = await replay(
      "CREATE DOMAIN d AS varchar(5); CREATE DOMAIN e AS d; CREATE TABLE t (c e, n int);",
    );
    const types = schema
      .findTable(at("t"))
      ?.columns.map(({ type }) => type && resolveType(schema, type).name);
    expect(types).toEqual(["varchar", "int4"]);
  });

  it("lists the columns of an expression", async () => {
    expect(columnsOf(await check("t.a + b > coalesce(c, a) AND d IN (1, e)"))).toEqual([
      "a",
      "b",
      "c",
      "d",
      "e",
    ]);
  });
});
