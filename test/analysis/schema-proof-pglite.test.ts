import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scansTable } from "./scans.ts";

/** What a table may say of itself; the server and the effects are asked what follows from it. */
const tables: readonly string[] = [
  "CHECK (k IS NOT NULL)",
  "CHECK (NOT (k IS NULL))",
  "CHECK (k IS NOT NULL AND k > 0)",
  "CHECK (k IS NOT NULL OR n > 0)",
  "CHECK (k > 0)",
  "CHECK (k IS DISTINCT FROM NULL)",
  "CHECK ((k IS NOT NULL) = true)",
  "CHECK ((k IS NULL) = false)",
  "CHECK ((k IS NOT NULL) IS TRUE)",
  "CHECK ((k IS NOT NULL AND n > 0) OR (k IS NOT NULL AND n < 0))",
  "CHECK (NOT (k IS NULL OR n IS NULL))",
  "CHECK (coalesce(k, 0) <> 0)",
  "CHECK (num_nulls(k) = 0)",
  "CHECK (k IS NOT NULL AND k >= 10 AND k < 20)",
  "CHECK (k >= 10 AND k < 20)",
  "PRIMARY KEY (k), CHECK (k >= 10 AND k < 20)",
  "CHECK (k IS NOT NULL), CHECK (k BETWEEN 12 AND 19)",
  "CHECK (k IS NOT NULL), CHECK (k BETWEEN 12 AND 20)",
  "CHECK (k IS NOT NULL), CHECK (NOT (k < 10)), CHECK (20 > k)",
  "CHECK (k IS NOT NULL AND k = 15)",
  "CHECK (k IS NOT NULL AND k IN (10, 11, 19))",
  "CHECK (k IS NOT NULL AND k IN (10, 11, 20))",
  "CHECK (k IS NOT NULL AND k = ANY (ARRAY[10, 11]))",
  "CHECK (k IS NOT NULL AND (k = 10 OR k = 12))",
  "CHECK (s IS NOT NULL AND s IN ('a', 'b'))",
  "CHECK (s IS NOT NULL AND s = 'a')",
  "CHECK (s IN ('a', 'b'))",
  "CHECK (s IS NOT NULL AND s IN ('a', 'c'))",
  "CHECK (s IS NULL OR s = 'a')",
  "CHECK (s IS NOT NULL AND s = 'a'::text)",
  "CHECK (s IS NOT NULL AND s::text = ANY (ARRAY['a', 'b']::text[]))",
  "CHECK (at IS NOT NULL AND at >= '2024-01-01' AND at < '2025-01-01')",
  "CHECK (at IS NOT NULL AND at >= DATE '2024-03-01' AND at < DATE '2024-04-01')",
  "CHECK (at IS NOT NULL AND at >= '2024-03-01'::date AND at <= '2024-12-31')",
  "CHECK (at IS NOT NULL AND at >= '2024-01-01 00:00' AND at < '2025-01-01')",
  "CHECK (k IS NOT NULL AND at IS NOT NULL AND k = 1 AND at >= '2024-01-01' AND at < '2025-01-01')",
  "CHECK (k IS NOT NULL AND at IS NOT NULL AND k = 2 AND at >= '2024-01-01' AND at < '2025-01-01')",
  "CHECK (k IS NOT NULL AND at IS NOT NULL AND k = 3 AND at >= '2024-01-01')",
  "CHECK (true)",
  "CHECK (k < 10 OR k >= 20)",
  "CHECK (k < 10)",
  "CHECK (k < 11)",
  "CHECK (NOT (k IS NOT NULL AND k >= 10 AND k < 20))",
  "CHECK (k > 11 AND k <= 15), PRIMARY KEY (k)",
];

const parents = {
  ranged: ["RANGE (k)", "FROM (10) TO (20)"],
  open: ["RANGE (k)", "FROM (MINVALUE) TO (20)"],
  listed: ["LIST (s)", "IN ('a', 'b')"],
  lone: ["LIST (s)", "IN ('a')"],
  nullable: ["LIST (s)", "IN ('a', NULL)"],
  dated: ["RANGE (at)", "FROM ('2024-01-01') TO ('2025-01-01')"],
  both: ["RANGE (k, at)", "FROM (1, '2024-01-01') TO (1, '2025-01-01')"],
  wide: ["RANGE (k, at)", "FROM (1, '2024-01-01') TO (3, '2025-01-01')"],
  endless: ["RANGE (k, at)", "FROM (1, '2024-01-01') TO (3, MAXVALUE)"],
} as const;

const columns = "k int, n int, s text, at date";

describe("what PostgreSQL proves from constraints", () => {
  let database: PGlite;

  beforeAll(async () => {
    database = await PGlite.create();
    await database.exec("SET client_min_messages = debug1");
  }, 60_000);

  afterAll(async () => {
    await database.close();
  });

  /** Whether the server says that it spared itself the scan. */
  async function isProvenOnServer(setup: string, statement: string): Promise<boolean> {
    await database.exec(`BEGIN; ${setup}`);
    const said: string[] = [];
    await database.exec(statement, { onNotice: (notice) => said.push(notice.message ?? "") });
    await database.exec("ROLLBACK");
    return said.some((message) => /sufficient to prove|is implied by existing constraints/.test(message));
  }

  it.each(tables)("of a table with %s", async (constraints) => {
    const table = `CREATE TABLE t (${columns}, ${constraints});`;
    const answers: Record<string, boolean> = {};
    const expected: Record<string, boolean> = {};
    if (!constraints.includes("PRIMARY KEY")) {
      const change = "ALTER TABLE t ALTER COLUMN k SET NOT NULL";
      expected["set not null"] = await isProvenOnServer(table, change);
      answers["set not null"] = !(await scansTable(table, change));
    }
    for (const [name, [key, bound]] of Object.entries(parents)) {
      const setup = `CREATE TABLE parent (${columns}) PARTITION BY ${key}; ${table}`;
      const attach = `ALTER TABLE parent ATTACH PARTITION t FOR VALUES ${bound}`;
      expected[name] = await isProvenOnServer(setup, attach);
      answers[name] = !(await scansTable(setup, attach));
      const beside = `${setup} ALTER TABLE parent ATTACH PARTITION t DEFAULT;`;
      const other = `CREATE TABLE one PARTITION OF parent FOR VALUES ${bound}`;
      expected[`default beside ${name}`] = await isProvenOnServer(beside, other);
      answers[`default beside ${name}`] = !(await scansTable(beside, other));
    }
    expect(answers).toEqual(expected);
  });

  it("is spoken of at all", async () => {
    const table = `CREATE TABLE t (${columns}, CHECK (k IS NOT NULL));`;
    expect(await isProvenOnServer(table, "ALTER TABLE t ALTER COLUMN k SET NOT NULL")).toBe(true);
    expect(await isProvenOnServer(`CREATE TABLE t (${columns});`, "ALTER TABLE t ALTER k SET NOT NULL")).toBe(
      false,
    );
  });
});
