import { describe, expect, it } from "vitest";
import { loadPostgresParser } from "../../src/parse/postgres.ts";
import { readAll, readOne } from "./reading.ts";

const parser = await loadPostgresParser();

describe("hostile texts", () => {
  const deep = {
    brackets: (n: number) => `SELECT ${"(".repeat(n)}1${")".repeat(n)}`,
    sums: (n: number) => `SELECT 1${" + 1".repeat(n)}`,
    negations: (n: number) => `SELECT ${"NOT ".repeat(n)}a`,
    subqueries: (n: number) => `SELECT ${"(SELECT ".repeat(n)}1${")".repeat(n)}`,
    unions: (n: number) => `SELECT 1${" UNION SELECT 1".repeat(n)}`,
    cases: (n: number) => `SELECT ${"CASE WHEN a THEN ".repeat(n)}1${" END".repeat(n)}`,
    joins: (n: number) => `SELECT 1 FROM t${" JOIN u ON true".repeat(n)}`,
    calls: (n: number) => `SELECT ${"f(".repeat(n)}${")".repeat(n)}`,
    defaults: (n: number) =>
      `ALTER TABLE t ADD a int DEFAULT ${"(".repeat(n)}${"- ".repeat(n)}1${")".repeat(n)}`,
  };

  it.each(Object.entries(deep))("of deep %s are not understood, and the next statement is", (_name, nest) => {
    for (const depth of [10, 300, 1200, 4000, 20_000, 100_000]) {
      const [reading, next] = readAll(parser, `${nest(depth)}; SELECT 1`);
      expect(["statement", "not understood"]).toContain(reading?.result.outcome);
      if (depth <= 300) expect(reading?.result.outcome).toBe("statement");
      expect(next?.result.outcome).toBe("statement");
    }
  });

  it("may be long, as long as they are flat", () => {
    const rows = Array.from({ length: 20_000 }, (_, k) => `(${k}, 'x')`).join(", ");
    expect(readOne(parser, `INSERT INTO t VALUES ${rows}`)).toMatchObject({ kind: "insert" });
    expect(readOne(parser, `SELECT a${" OR a".repeat(20_000)}`)).toMatchObject({ kind: "select" });
  });

  it("leave the parser as it was, however many there are", () => {
    const before = JSON.stringify(readOne(parser, "SELECT 1 + 2"));
    for (let k = 0; k < 30; k++) readAll(parser, deep.subqueries(3000));
    expect(JSON.stringify(readOne(parser, "SELECT 1 + 2"))).toBe(before);
  });
});
