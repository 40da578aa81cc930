import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { type Fixture, fixturesOf, optionsOf } from "./fixtures.ts";
import { runAdvice, runFile } from "./run-advice.ts";

/*
 * Advice that the server rejects is a defect. Every good.sql, every fix and every rewrite is run, in the transaction mode that
 * it says, on PGlite: PostgreSQL 18. Tables that a fixture takes as given are made on the way, with columns of guessed types.
 */

let db: PGlite;
beforeAll(async () => {
  db = await PGlite.create();
});
afterAll(() => db.close());

const options = (fixture: Fixture) => optionsOf(fixture);
/** Forms of newer servers only; what only older ones know is left to the real servers. */
const runs = (fixture: Fixture) => {
  const { postgresVersion } = options(fixture);
  return postgresVersion === undefined || postgresVersion <= 18;
};

const fixtures = rules.flatMap(fixturesOf).filter(runs);

describe("good.sql runs", () => {
  const good = fixtures
    .filter((fixture) => !fixture.isBad)
    .map((fixture) => [`${fixture.rule.id}/${fixture.name}`, fixture] as const);
  it.each(good)("%s", async (_, fixture) => {
    expect(await runFile(db, fixture.text)).toEqual([]);
  });
});

describe("fixes and rewrites run", () => {
  const bad = fixtures
    .filter((fixture) => fixture.isBad)
    .map((fixture) => [`${fixture.rule.id}/${fixture.name}`, fixture] as const);
  it.each(bad)("%s", async (_, fixture) => {
    expect(await runAdvice(db, fixture)).toEqual([]);
  });
});
