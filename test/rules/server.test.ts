import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import type { RewriteStep } from "../../src/engine/report.ts";
import { applyEdits } from "../../src/text/edits.ts";
import { type Fixture, fixturesOf, lintFixture, optionsOf } from "./fixtures.ts";
import { reset, runOne, statementsOf } from "./provision.ts";

/*
 * Advice that the server rejects is a defect. Every good.sql, every fix and every rewrite is run, in the transaction mode that
 * it says, on PGlite: PostgreSQL 18. Tables that a fixture takes as given are made on the way, with columns of guessed types.
 */

let db: PGlite;
beforeAll(async () => {
  db = await PGlite.create();
});
afterAll(() => db.close());

/**
 * Errors that come from what was guessed, not from the advice: types that do not fit (22P02, 42804, 42883, 42846), names that the
 * guess has taken (42P07, 42710), a table where an index or a partitioned table is meant (42809), a key that is there already
 * (42P16, 55000), types that no fixture declares (42704).
 */
const ofGuesses = new Set([
  "22P02",
  "42804",
  "42883",
  "42846",
  "42P07",
  "42710",
  "42809",
  "42P16",
  "55000",
  "42704",
  "42830",
  "42701",
]);

/**
 * A guessed table may also not be the view that is meant, or have a key that its partitions cannot have; and the extension whose
 * parameters a fixture sets is not there.
 */
const guessedKind =
  /is not a materialized view|must include all partitioning columns|unrecognized parameter namespace/;

function isOfGuess({ code, message }: { code: string; message: string }): boolean {
  return ofGuesses.has(code) || guessedKind.test(message);
}

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
    await reset(db);
    const failures: string[] = [];
    let isOpen = false;
    for (const sql of statementsOf(fixture.text)) {
      const error = await runOne(db, sql, isOpen);
      if (/^(begin|start)\b/i.test(sql)) isOpen = true;
      if (/^(commit|rollback|end)\b/i.test(sql) && !/\b(to|chain)\b/i.test(sql)) isOpen = false;
      if (error !== null && !isOfGuess(error)) failures.push(`${error.code} ${error.message}: ${sql}`);
    }
    expect(failures).toEqual([]);
  });
});

describe("fixes and rewrites run", () => {
  const bad = fixtures
    .filter((fixture) => fixture.isBad)
    .map((fixture) => [`${fixture.rule.id}/${fixture.name}`, fixture] as const);
  it.each(bad)("%s", async (_, fixture) => {
    const report = await lintFixture(fixture);
    const failures: string[] = [];
    for (const diagnostic of report.diagnostics.filter(({ rule }) => rule === fixture.rule.id)) {
      const { fix, rewrite, statement } = diagnostic;
      const original = fixture.text.slice(statement.start, statement.end);
      const before = statementsOf(fixture.text.slice(0, statement.start));
      if (fix !== null) {
        const moved = fix.edits.map((edit) => ({
          ...edit,
          start: edit.start - statement.start,
          end: edit.end - statement.start,
        }));
        const isInside = moved.every(({ start, end }) => start >= 0 && end <= original.length);
        const sql = isInside ? applyEdits(original, moved).text : original;
        failures.push(
          ...(await runSteps(before, [{ title: "", sql, transaction: false, outside: null, after: null }])),
        );
      }
      if (rewrite !== null) failures.push(...(await runSteps(before, rewrite)));
    }
    expect(failures).toEqual([]);
  });
});

/** Runs what stands before a statement, whatever comes of it, and then what is to replace the statement. */
async function runSteps(before: readonly string[], steps: readonly RewriteStep[]): Promise<string[]> {
  await reset(db);
  for (const sql of before)
    if (!/^(begin|start|commit|rollback|end)\b/i.test(sql)) await runOne(db, sql, false);
  await db.exec("ROLLBACK; SET lock_timeout = 0; SET statement_timeout = 0").catch(() => undefined);
  const failures: string[] = [];
  for (const step of steps) {
    if (step.transaction) await db.exec("BEGIN");
    for (const sql of statementsOf(step.sql)) {
      const error = await runOne(db, sql, step.transaction);
      if (error !== null && !isOfGuess(error)) failures.push(`${error.code} ${error.message}: ${sql}`);
    }
    if (step.transaction) await db.exec("COMMIT");
  }
  return failures;
}
