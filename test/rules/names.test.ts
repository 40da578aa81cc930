/**
 * Every bad.sql with other names throughout. The same rules say the same of the same statements, and the names in what they
 * say and advise are rightly written; what they advise runs under names as long as a name can be, and ends in the same schema.
 */
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { Diagnostic, Report, RewriteStep } from "../../src/engine/report.ts";
import { applyEdits } from "../../src/text/edits.ts";
import { readCatalogue } from "../fix/catalogue.ts";
import { type Fixture, fixturesOf, optionsOf } from "./fixtures.ts";
import { BUILT_IN, mutateNames, type NewNames, newNames, otherBuiltIn, restored } from "./mutate-names.ts";
import { reset, runOne, statementsOf } from "./provision.ts";

let db: PGlite;
let isBuiltIn: (name: string) => boolean;

beforeAll(async () => {
  db = await PGlite.create();
  const { rows } = await db.query<{ word: string }>(BUILT_IN);
  const words = new Set([...rows.map(({ word }) => word), ...otherBuiltIn]);
  isBuiltIn = (name) => words.has(name) || name.startsWith("pg_") || name.startsWith("autovacuum_");
});
afterAll(() => db.close());

/** What is about the spelling of names and keywords, names tables in strings, or has no names that could be changed. */
const aboutSpelling =
  /^(identifier-too-long|syntax-error|duplicate-column-assignment|unsupported-syntax|table-rewrite\/extensions)\b|marks|swallowed/;

const bad = rules
  .flatMap(fixturesOf)
  .filter(({ isBad }) => isBad)
  .map((fixture) => [`${fixture.rule.id}/${fixture.name}`, fixture] as const)
  .filter(([id]) => !aboutSpelling.test(id));

describe.each(newNames)("$id", (naming) => {
  it.each(bad)("%s", async (_, fixture) => {
    const text = otherNames(fixture, fixture.text, naming);
    const [before, after] = [await lintText(fixture, fixture.text), await lintText(fixture, text)];
    expect(after.complaints).toEqual([]);
    const say = naming.isRestorable ? everyWord : mainThings;
    const words = after.diagnostics.map((one) => say(one, text)).join("\n\n");
    const wanted = before.diagnostics.map((one) => say(one, fixture.text)).join("\n\n");
    expect(restored(words)).toBe(restored(wanted));
  });
});

describe("rewrites under the longest names", () => {
  const long = newNames.find(({ id }) => id === "63 bytes") as NewNames;
  it.each(bad.filter(([, { name }]) => name === "bad.sql"))("%s", async (_, fixture) => {
    const text = otherNames(fixture, fixture.text, long);
    const own = ({ diagnostics }: Report) =>
      diagnostics.filter(({ rule, rewrite }) => rule === fixture.rule.id && rewrite !== null);
    const [before, after] = [own(await lintText(fixture, fixture.text)), own(await lintText(fixture, text))];
    for (const [k, { statement, rewrite }] of before.entries()) {
      const setup: string[] = [];
      const original = fixture.text.slice(statement.start, statement.end);
      if (!(await prepare(fixture.text.slice(0, statement.start), original, setup))) continue;
      const plain = await difference(setup, original, rewrite ?? []);
      const renamed = ["CREATE SCHEMA IF NOT EXISTS shop", ...setup].map((sql) =>
        otherNames(fixture, sql, long),
      );
      const place = after[k]?.statement ?? statement;
      const other = await difference(renamed, text.slice(place.start, place.end), after[k]?.rewrite ?? []);
      expect(other.failures.length, other.failures.join("\n")).toBe(plain.failures.length);
      expect(other.lines.length, other.lines.join("\n")).toBe(plain.lines.length);
    }
  });
});

/** A column called `id` is a key even where nobody says so: there, it keeps its name. */
function otherNames(fixture: Fixture, text: string, naming: NewNames): string {
  const hasKey = fixture.text.includes("PRIMARY KEY");
  return mutateNames(text, naming, (name) => isBuiltIn(name) || (name === "id" && !hasKey), fixture.text);
}

function lintText({ rule, name }: Fixture, text: string): Promise<Report> {
  const options = {
    catalogue: rules,
    today: "2026-01-01",
    postgresVersion: 18,
    ...optionsOf({ rule, text }),
  };
  return lintSources([{ path: name, text }], options);
}

function mainThings({ rule, severity, start, rewrite }: Diagnostic): string {
  return [rule, severity, start.line, ...(rewrite ?? []).map(({ transaction }) => transaction)].join(" ");
}

function everyWord(one: Diagnostic, text: string): string {
  const { impact, rewrite, fix } = one;
  const locks = impact?.locks.map(({ relation, mode }) => `${relation} ${mode}`) ?? [];
  const steps = (rewrite ?? []).flatMap(({ title, sql, outside, after }) => [title, sql, outside, after]);
  const fixed = fix === null ? [] : [fix.title, applyEdits(text, fix.edits).text];
  return [
    mainThings(one),
    one.message,
    one.advice,
    impact?.work,
    impact?.on,
    ...locks,
    ...steps,
    ...fixed,
  ].join("\n");
}

/** Makes what a statement needs, and notes how; false where the statement is refused all the same. */
async function prepare(before: string, original: string, setup: string[]): Promise<boolean> {
  await reset(db);
  for (const sql of statementsOf(before))
    if (!/^(begin|start|commit|rollback|end)\b/i.test(sql)) await runOne(db, sql, false, setup);
  if ((await runOne(db, original, false, setup)) !== null) return false;
  setup.pop();
  return true;
}

/** What the catalogue has behind the statement and not behind its rewrite, or the other way round. */
async function difference(setup: readonly string[], original: string, rewrite: readonly RewriteStep[]) {
  await start(setup);
  await db.exec(original);
  const wanted = await catalogue();
  await start(setup);
  const failures: string[] = [];
  for (const { sql, transaction } of rewrite) {
    if (transaction) await db.exec("BEGIN");
    for (const one of statementsOf(sql)) {
      const error = await runOne(db, one, transaction);
      if (error !== null) failures.push(`${error.message}: ${one}`);
    }
    if (transaction) await db.exec("COMMIT");
  }
  const reached = await catalogue();
  const lines = [
    ...wanted.filter((line) => !reached.includes(line)),
    ...reached.filter((line) => !wanted.includes(line)),
  ];
  return { failures, lines };
}

async function start(setup: readonly string[]): Promise<void> {
  await reset(db);
  for (const sql of setup) await db.exec(sql);
  await db.exec(
    "ROLLBACK; SET lock_timeout = 0; SET statement_timeout = 0; SET session_replication_role = origin",
  );
}

async function catalogue(): Promise<string[]> {
  await db.exec("ROLLBACK; SET search_path = public");
  return readCatalogue({
    run: async () => [],
    rows: async <Row>(sql: string) => (await db.query<Row>(sql)).rows,
  });
}
