import { expect, it } from "vitest";
import { lint } from "../../src/index.ts";
import { readCases, readResults, resultFor } from "../postgres/cases.mjs";
import type { Case, Result } from "../postgres/measure.d.mts";

/*
 * Findings against what was measured: what keeps writers out while rows are read, written or indexed is told by some rule, and
 * what ran is not told to be refused. The set-up of a case is the history, its statements are the migration.
 */

/** Cases in which nobody is hurt, and why. */
const calm: ReadonlyMap<string, string> = new Map([
  ["validate-fk-and-add-column-one-transaction", "the rows are read before the strong lock is taken"],
  ["matview-refresh-unpopulated", "nobody can read what the view does not hold yet"],
  ["refresh-matview-concurrently", "reads go on, and nobody else writes a materialized view"],
  ["trigger-refreshes-view", "the application's own updates do the same all day"],
]);

const strong = ["SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"];

function isHarmful({
  fails,
  locks = {},
  rewrites = [],
  scans = [],
  verifies = [],
  buildsIndexes = [],
}: Result): boolean {
  const hasWork = [rewrites, scans, verifies, buildsIndexes].some((names) => names.length > 0);
  return fails === undefined && hasWork && Object.values(locks).some((mode) => strong.includes(mode));
}

/** The rules that speak; the timeout that one of them asks for is there. */
async function rulesOf(one: Case, postgresVersion: number): Promise<readonly string[]> {
  const path = "SET search_path = app, public;\n";
  const isAlone = typeof one.sql === "string" && !/^LOCK\b/i.test(one.sql);
  const sql = isAlone ? `${one.sql};` : `BEGIN;\n${[one.sql].flat().join(";\n")};\nCOMMIT;`;
  const text = `${path}SET lock_timeout = '5s';\n${one.session === undefined ? "" : `${one.session};\n`}${sql}\n`;
  const { diagnostics } = await lint(
    [
      { path: "1.sql", text: `${path}${one.setup}`, role: "history" },
      { path: "2.sql", text },
    ],
    { postgresVersion, runner: "psql" },
  );
  return diagnostics.map(({ rule }) => rule);
}

const { cases: recorded } = readResults();

it.each([14, 18])(
  "no harm that was measured on PostgreSQL %i passes in silence",
  { timeout: 300_000 },
  async (version) => {
    const harmful = readCases().filter((one) => isHarmful(resultFor(recorded[one.id], version) ?? {}));
    expect(harmful.length).toBeGreaterThan(400);
    const silent: string[] = [];
    for (const one of harmful) if ((await rulesOf(one, version)).length === 0) silent.push(one.id);
    expect(silent.filter((id) => !calm.has(id))).toEqual([]);
    expect(silent.length).toBe(calm.size);
  },
);

/** Cases that run, and are told of rightly. */
const doubtful: ReadonlyMap<string, string> = new Map([
  ["version-number-hex-target", "before 16 it is the number 0, called x1F"],
  ["version-number-in-returning", "before 16 it is the number 1, called _000"],
  ["sequence-owner-follows-table", "who owns a table is not kept: a warning says so"],
]);

const refusals = ["impossible-statement", "syntax-error", "unsupported-syntax"];

it.each([12, 15, 18])(
  "nothing that ran on PostgreSQL %i is told to be refused",
  { timeout: 300_000 },
  async (version) => {
    const wrong: string[] = [];
    for (const one of readCases()) {
      const result = resultFor(recorded[one.id], version);
      if (result === undefined || result.setup !== undefined || result.fails !== undefined) continue;
      const rules = await rulesOf(one, version);
      if (!doubtful.has(one.id) && rules.some((rule) => refusals.includes(rule))) wrong.push(one.id);
    }
    expect(wrong).toEqual([]);
  },
);
