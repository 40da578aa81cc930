/**
 * Every recipe on PGlite: the original runs, then the plan on the same database made anew. In the end they are the same, and
 * on the way no step reads, writes or builds behind a lock that keeps others out. `npm run test:plans` does it on servers.
 */
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "./database.ts";
import { allCases, casesFor, namings, partitionCases } from "./plan-cases.ts";
import { prove, proveUndo } from "./prove.ts";

let server: PGlite;
let database: Database;

beforeAll(async () => {
  server = await PGlite.create();
  database = {
    async run(sql) {
      const notices: string[] = [];
      await server.exec(sql, { onNotice: ({ message }) => notices.push(message ?? "") });
      return notices;
    },
    rows: async <Row>(sql: string) => (await server.query<Row>(sql)).rows,
  };
});

afterAll(() => server.close());

describe("a plan ends where the original does, and keeps nobody out", () => {
  it.each(allCases)("$id", async (one) => {
    const { problems } = await prove(one, 18, database);
    expect(problems.join("\n")).toBe("");
  });
});

/** Those of which nothing can be taken back, or need be; the CHECK behind an ATTACH comes back NOT VALID. */
const lasting =
  /^(drop index|reindex|drop column|big|refresh|vacuum full|partition: (attach|detach|foreign key))/;

describe("a step is taken back as it says", () => {
  const cases = [...namings.slice(0, 2).flatMap(casesFor), ...partitionCases];
  it.each(cases.filter(({ id }) => !lasting.test(id)))("$id: $sql", async (one) => {
    const { steps, problems } = await proveUndo(one, 18, database);
    expect(steps).toBeGreaterThan(0);
    expect(problems.join("\n")).toBe("");
  });
});
