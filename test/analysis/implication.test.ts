import { describe, expect, it } from "vitest";
import { implies, impliesNotNull } from "../../src/analysis/implication.ts";
import { partitionConstraint } from "../../src/analysis/partition-bound.ts";
import { columnsOf } from "../../src/analysis/schema/expressions.ts";
import type { Expression } from "../../src/model/expression.ts";
import { scansTable } from "./scans.ts";
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

describe("a partition bound", () => {
  it("is not written out for hash, DEFAULT and unknown keys", () => {
    const key = { strategy: "hash", columns: [{ column: "a", expression: null }] } as const;
    expect(partitionConstraint(key, { kind: "hash", modulus: 2, remainder: 0 })).toBeNull();
    expect(partitionConstraint(key, { kind: "default" })).toBeNull();
    expect(partitionConstraint({ strategy: "list", columns: [] }, { kind: "list", values: [] })).toBeNull();
  });
});

describe("what is asked of a table", () => {
  it("believes valid and enforced checks only", async () => {
    const history = `
      CREATE TABLE t (a int, b int, c int, CHECK (a IS NOT NULL));
      ALTER TABLE t ADD CHECK (b IS NOT NULL) NOT VALID, ADD CHECK (c IS NOT NULL) NOT ENFORCED;`;
    const scans = ["a", "b", "c"].map((column) =>
      scansTable(history, `ALTER TABLE t ALTER COLUMN ${column} SET NOT NULL`),
    );
    expect(await Promise.all(scans)).toEqual([false, true, true]);
  });

  it("lists the columns of an expression", async () => {
    const expression = await check("t.a + b > coalesce(c, a) AND d IN (1, e)");
    expect(columnsOf(expression)).toEqual(["a", "b", "c", "d", "e"]);
  });
});
