import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderRunbook, runbookQueries } from "../../src/fix/runbook.ts";
import { casesFor, namings, partitionCases } from "./plan-cases.ts";
import { planFor } from "./planned.ts";

let server: PGlite;

beforeAll(async () => {
  server = await PGlite.create();
});

afterAll(() => server.close());

/** The SQL of the fences. */
function fencesOf(markdown: string): string[] {
  return [...markdown.matchAll(/^```sql\n([\s\S]*?)\n```$/gm)].map((match) => match[1] ?? "");
}

const cases = [
  ...namings.flatMap((naming) => casesFor(naming).filter(({ id }) => id === "several actions")),
  ...partitionCases.slice(0, 1),
];

describe("the queries of a runbook", () => {
  it.each(cases)("run, and know the tables: $setup", async ({ setup, sql }) => {
    await server.exec(
      `DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA IF EXISTS "My App" CASCADE; DROP SCHEMA IF EXISTS shop CASCADE;`,
    );
    await server.exec(setup);
    const planned = await planFor(setup, sql, 18);
    const queries = Object.values(runbookQueries(planned.plan)).flat();
    expect(queries.length).toBeGreaterThan(10);
    for (const { title, sql: query } of queries)
      await expect(server.query(query), title).resolves.toBeDefined();
    const sizes = queries.find(({ title }) => title.startsWith("How large"));
    const { rows } = await server.query(sizes?.sql ?? "");
    expect(rows.length).toBeGreaterThanOrEqual(2);
    // What is printed is what was tried.
    const fences = fencesOf(renderRunbook(planned.plan, planned.files, (path) => path));
    for (const { sql: query } of queries) expect(fences).toContain(query);
    const analyze = fences.find((one) => one.startsWith("ANALYZE"));
    await server.exec(analyze ?? "nothing");
  });

  it("find an INVALID index and a constraint that is not validated", async () => {
    await server.exec(
      "DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE orders (id bigint PRIMARY KEY, code text); INSERT INTO orders VALUES (1, 'a'), (2, 'a')",
    );
    await server.exec("CREATE UNIQUE INDEX CONCURRENTLY orders_code ON orders (code)").catch(() => {});
    await server.exec("ALTER TABLE orders ADD CONSTRAINT long CHECK (length(code) > 0) NOT VALID");
    const { plan } = await planFor(
      "CREATE TABLE orders (id bigint PRIMARY KEY, code text);",
      "CREATE INDEX i ON orders (code);",
      18,
    );
    const answers = new Map<string, unknown[]>();
    for (const { title, sql } of Object.values(runbookQueries(plan)).flat())
      answers.set(title, (await server.query(sql)).rows);
    expect(answers.get("Indexes that are INVALID: there must be none")).toEqual([{ index: "orders_code" }]);
    expect(answers.get("Constraints that are not validated: there must be none")).toMatchObject([
      { constraint: "long" },
    ]);
  });
});
