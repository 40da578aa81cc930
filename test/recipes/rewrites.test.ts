/**
 * Rewrites run as they are printed, step by step, on PGlite: none is refused, and the catalogue is in the end what the
 * statement itself would have made of it.
 */
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "../fix/database.ts";
import { rewriteCases } from "./rewrite-cases.ts";
import { runRewrites } from "./run-rewrites.ts";

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
  const { complaints, told, wanted, reached } = await runRewrites(one, database, one.version ?? 18);
  expect(complaints).toEqual([]);
  expect(told).not.toEqual([]);
  expect(reached).toEqual(wanted);
});
