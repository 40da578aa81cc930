/**
 * Measures the cases again on PGlite, a PostgreSQL 18 inside this process, and compares with what a real server 18 did.
 *
 * It has one connection only, so statements that refuse a transaction are left to `npm run test:postgres`: here it is
 * checked that they are refused. Where PGlite is known to differ, pglite-differences.json says how and why.
 */
import { readFileSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { btree_gin } from "@electric-sql/pglite/contrib/btree_gin";
import { btree_gist } from "@electric-sql/pglite/contrib/btree_gist";
import { citext } from "@electric-sql/pglite/contrib/citext";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCases, readResults, resultFor } from "./cases.mjs";
import {
  type Case,
  measureInTransaction,
  NEEDS_NO_TRANSACTION,
  PREPARE,
  prepareCase,
  type Result,
  type Session,
} from "./measure.mjs";

interface Difference {
  readonly cases: readonly string[];
  readonly why: string;
  /** The case cannot be measured here at all. */
  readonly skip?: boolean;
  /** Relations on which PGlite may hold ACCESS SHARE where nothing is recorded. */
  readonly extraAccessShare?: readonly string[];
}

const MAJOR = 18;
const extensions = { btree_gin, btree_gist, citext, pg_trgm };
const differences: readonly Difference[] = JSON.parse(
  readFileSync(new URL("pglite-differences.json", import.meta.url), "utf8"),
);
const recorded = readResults();
const cases = readCases();

function differenceOf(one: Case): Difference | undefined {
  return differences.find(({ cases: ids }) => ids.includes(one.id));
}

function withoutExtraLocks(measured: Result, expected: Result, names: readonly string[]): Result {
  if (!measured.locks) return measured;
  const isExtra = ([name, mode]: readonly [string, string]) =>
    names.includes(name) && mode === "ACCESS SHARE" && expected.locks?.[name] === undefined;
  const locks = Object.fromEntries(Object.entries(measured.locks).filter((lock) => !isExtra(lock)));
  return { ...measured, locks };
}

/** Making tables takes most of the time. A set-up that serves a single case is made for one in `SPARSE` of them. */
const SPARSE = 10;

/** By its name: a case that is added beside it picks no other one. */
function isPicked(id: string): boolean {
  return [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7) % SPARSE === 0;
}

function groupBySetup(all: readonly Case[]): (readonly [string, readonly Case[]])[] {
  const groups = new Map<string, Case[]>();
  for (const one of all) groups.set(one.setup, [...(groups.get(one.setup) ?? []), one]);
  const shared = [...groups].filter(([, group]) => group.length > 1);
  const single = [...groups].filter(([, group]) => group.length === 1);
  return [...shared, ...single.filter(([, [one]]) => isPicked(one?.id ?? ""))];
}

let database: PGlite;
let session: Session;

beforeAll(async () => {
  database = await PGlite.create({ extensions });
  const notices: string[] = [];
  session = {
    notices,
    async query(sql) {
      const results = await database.exec(sql, { onNotice: (notice) => notices.push(notice.message ?? "") });
      return (results.at(-1)?.rows ?? []) as readonly Readonly<Record<string, string | null>>[];
    },
  };
  const settings = ["SET max_parallel_workers_per_gather = 0", "SET max_parallel_maintenance_workers = 0"];
  for (const sql of [...PREPARE, ...settings]) await session.query(sql);
  // PGlite loads a library at the start or, with more memory in use, not at all.
  for (const name of Object.keys(extensions)) {
    await session.query(`CREATE EXTENSION ${name}; DROP EXTENSION ${name}`);
  }
}, 60_000);

afterAll(() => database?.close());

const bySetup = groupBySetup(cases);
const count = bySetup.reduce((sum, [, group]) => sum + group.length, 0);

describe(`PGlite measures what PostgreSQL ${MAJOR} did`, () => {
  test("there is a result for every case", () => {
    expect(cases.map((one) => one.id).filter((id) => !resultFor(recorded.cases[id], MAJOR))).toEqual([]);
  });

  test("every difference that is tolerated is about a case", () => {
    const ids = new Set(cases.map((one) => one.id));
    expect(differences.flatMap((one) => one.cases).filter((id) => !ids.has(id))).toEqual([]);
  });

  test(`${count} of ${cases.length} cases`, { timeout: 1_500_000 }, async () => {
    const measured: Record<string, Result> = {};
    const wanted: Record<string, Result> = {};
    for (const [setup, group] of bySetup) {
      const tried = group.filter((one) => differenceOf(one)?.skip !== true);
      if (tried.length === 0) continue;
      const isSetUp = await prepareCase(session, setup);
      for (const one of tried) {
        const expected = resultFor(recorded.cases[one.id], MAJOR) ?? {};
        const result: Result = isSetUp ? await measureInTransaction(session, one) : { setup: "unsupported" };
        const extra = differenceOf(one)?.extraAccessShare ?? [];
        if (expected.inTransaction) wanted[one.id] = { fails: expected.inTransaction };
        // Outside of a transaction it fails otherwise than inside: that cannot be seen here.
        else if (NEEDS_NO_TRANSACTION.includes(result.fails ?? "") && expected.fails) continue;
        else wanted[one.id] = expected;
        measured[one.id] = withoutExtraLocks(result, expected, extra);
      }
    }
    expect(measured).toEqual(wanted);
  });
});
