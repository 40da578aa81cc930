import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { RewriteStep } from "../../src/engine/report.ts";
import { applyEdits } from "../../src/text/edits.ts";
import { type Fixture, optionsOf } from "./fixtures.ts";
import { type Db, reset, runOne, statementsOf } from "./provision.ts";

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
  /is not a materialized view|must include all partitioning columns|is not partitioned|unrecognized parameter namespace/;

/** Whether an error comes from what was guessed, and not from the SQL itself. */
export function isOfGuess({ code, message }: { code: string; message: string }): boolean {
  return ofGuesses.has(code) || guessedKind.test(message);
}

/** Runs the rewrites of a bad migration, and the migration with its fixes; what the server refused of them. */
export async function runAdvice(db: Db, fixture: Fixture, postgresVersion?: number): Promise<string[]> {
  const { rule, name, text } = fixture;
  const version = postgresVersion === undefined ? {} : { postgresVersion };
  const { diagnostics } = await lintSources([{ path: name, text }], {
    catalogue: rules,
    today: "2026-01-01",
    ...version,
    ...optionsOf(fixture),
  });
  const own = diagnostics.filter((one) => one.rule === rule.id);
  const failures: string[] = [];
  for (const { rewrite, statement } of own)
    if (rewrite !== null)
      failures.push(...(await runSteps(db, statementsOf(text.slice(0, statement.start)), rewrite)));
  const edits = own.flatMap(({ fix }) => fix?.edits ?? []);
  if (edits.length > 0) {
    const known = new Set((await runFile(db, text)).map(({ error }) => error));
    const left = await runFile(db, applyEdits(text, edits).text);
    failures.push(...left.flatMap(({ error, sql }) => (known.has(error) ? [] : [`${error}: ${sql}`])));
  }
  return failures;
}

/** Runs a whole migration; what was refused, other than for what was guessed. */
export async function runFile(db: Db, text: string) {
  await reset(db);
  const failures: { readonly error: string; readonly sql: string }[] = [];
  let isOpen = false;
  for (const sql of statementsOf(text)) {
    const error = await runOne(db, sql, isOpen);
    if (/^(begin|start)\b/i.test(sql)) isOpen = true;
    if (/^(commit|rollback|end)\b/i.test(sql) && !/\b(to|chain)\b/i.test(sql)) isOpen = false;
    if (error !== null && !isOfGuess(error)) failures.push({ error: `${error.code} ${error.message}`, sql });
  }
  return failures;
}

/** Runs what stands before a statement, whatever comes of it, and then what is to replace the statement. */
async function runSteps(db: Db, before: readonly string[], steps: readonly RewriteStep[]): Promise<string[]> {
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
