/**
 * Rewrites run as they are printed, step by step, on PGlite: none is refused, and the catalogue is in the end what the
 * statement itself would have made of it.
 */
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { RewriteStep } from "../../src/engine/report.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { CLEAN, readCatalogue } from "../fix/catalogue.ts";
import type { Database } from "../fix/database.ts";
import { runAlone } from "../fix/prove.ts";
import { rewriteCases } from "./rewrite-cases.ts";

let server: PGlite;
let database: Database;

beforeAll(async () => {
  server = await PGlite.create();
  database = {
    async run(sql) {
      await server.exec(sql);
      return [];
    },
    rows: async <Row>(sql: string) => (await server.query<Row>(sql)).rows,
  };
});

afterAll(() => server.close());

it.each(rewriteCases)("$id", async (one) => {
  const { setup, sql, version: postgresVersion = 18 } = one;
  const { diagnostics, complaints } = await lintSources(
    [
      { path: "1.sql", text: setup, role: "history" },
      { path: "2.sql", text: sql, role: "lint" },
    ],
    { catalogue: rules, postgresVersion, runner: "psql" },
  );
  expect(complaints).toEqual([]);
  const rewrites = diagnostics.filter(({ rule, rewrite }) => one.rules.includes(rule) && rewrite !== null);
  expect(rewrites.map(({ rule }) => rule)).not.toEqual([]);
  await database.run(CLEAN);
  await runAlone(database, [setup, sql]);
  const wanted = await readCatalogue(database);
  await database.run(CLEAN);
  await runAlone(database, [setup]);
  for (const { rewrite } of rewrites) for (const step of rewrite ?? []) await runStep(step);
  expect(await readCatalogue(database)).toEqual(wanted);
});

/** In the transaction that it says. */
async function runStep({ sql, transaction }: RewriteStep): Promise<void> {
  if (transaction) await database.run("BEGIN");
  try {
    for (const { start, end } of splitStatements(sql).statements) {
      const text = sql.slice(start, end);
      if (!/^(BEGIN|COMMIT)$/.test(text)) await database.run(text);
    }
  } catch (error) {
    await database.run("ROLLBACK");
    throw new Error(`${error instanceof Error ? error.message : error}: ${sql}`);
  }
  if (transaction) await database.run("COMMIT");
}
