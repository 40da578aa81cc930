import type { PlanStep } from "../../src/fix/plan-types.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { CLEAN, readCatalogue, readRows } from "./catalogue.ts";
import type { Database } from "./database.ts";
import { runMeasured } from "./measured-step.ts";
import type { PlanCase } from "./plan-cases.ts";
import { lintPlan, type Planned, planFor } from "./planned.ts";

/** What went otherwise than the plan says; empty where all is well. */
export interface Proof {
  readonly steps: number;
  readonly problems: readonly string[];
}

/** Called before each step, on another connection if there is one: to stand in its way once. */
export type Interrupt = (step: PlanStep, run: () => Promise<void>) => Promise<string | null>;

/** Runs the original, then the plan on the same database made anew, and compares. */
export async function prove(
  one: PlanCase,
  version: number,
  database: Database,
  interrupt?: Interrupt,
): Promise<Proof> {
  const made = await planFor(one.setup, one.sql, version);
  const steps = made.plan.series.flatMap((series) => series.steps);
  const problems = await lintPlan(made);
  if (steps.length === 0) problems.push("no steps");
  if (one.steps !== undefined && one.steps !== steps.length) problems.push(`${steps.length} steps`);

  await prepare(database, one);
  await runAlone(database, [one.writes ?? "", one.sql]);
  const before = await stateOf(database, one);
  await prepare(database, one);
  problems.push(...(await runPlan(database, made, one, interrupt)));
  const after = await stateOf(database, one);
  problems.push(...difference(before.catalogue, after.catalogue));
  const tables = [...new Set([...Object.keys(before.rows), ...Object.keys(after.rows)])];
  for (const table of tables)
    problems.push(...difference(before.rows[table] ?? [], after.rows[table] ?? []).slice(0, 4));
  return { steps: steps.length, problems };
}

/** Takes each step back as it says, where all of it can be, and runs it again; what did not come back as it was. */
export async function proveUndo(one: PlanCase, version: number, database: Database): Promise<Proof> {
  const { plan } = await planFor(one.setup, one.sql, version);
  const steps = plan.series.flatMap((series) => series.steps);
  const problems: string[] = [];
  await prepare(database, one);
  await runAlone(database, [plan.rest]);
  let undone = 0;
  for (const [index, step] of steps.entries()) {
    const before = await readCatalogue(database);
    await runAlone(database, [step.sql]);
    const { words, sql } = step.undo;
    if (sql === "" || !words.endsWith("Run:") || words.includes("before the step is run again")) continue;
    undone++;
    await runAlone(database, [sql]);
    const after = await readCatalogue(database);
    problems.push(...difference(before, after).map((text) => `${index + 1}. ${step.title}: ${text}`));
    await runAlone(database, [step.sql]);
  }
  return { steps: undone, problems };
}

async function stateOf(database: Database, one: PlanCase) {
  const catalogue = await readCatalogue(database);
  return {
    catalogue: catalogue.filter((line) => one.differs?.test(line) !== true),
    rows: await readRows(database, one.chance ?? []),
  };
}

/** What only one of the two lists holds. */
function difference(before: readonly string[], after: readonly string[]): string[] {
  const [first, second] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !second.has(line)).map((line) => `missing: ${line}`),
    ...after.filter((line) => !first.has(line)).map((line) => `too much: ${line}`),
    ...(before.length === after.length ? [] : [`${before.length} before, ${after.length} after`]),
  ];
}

async function prepare(database: Database, { setup, rows }: PlanCase): Promise<void> {
  await database.run(CLEAN);
  await runAlone(database, [setup, rows]);
}

/** Statements one after the other, each by itself: CONCURRENTLY must not be in a transaction. */
export async function runAlone(database: Database, texts: readonly string[]): Promise<void> {
  for (const text of texts)
    for (const { start, end } of splitStatements(text).statements) await database.run(text.slice(start, end));
}

/** Goes on after a failure as the step says; true where nothing is left to do. */
async function recover(database: Database, { onFailure }: PlanStep): Promise<boolean> {
  if (onFailure.finishes !== true) {
    await runAlone(database, [onFailure.sql]);
    return false;
  }
  return runAlone(database, [onFailure.sql]).then(
    () => true,
    () => false,
  );
}

async function runPlan(
  database: Database,
  { plan }: Planned,
  one: PlanCase,
  interrupt: Interrupt | undefined,
): Promise<string[]> {
  const problems: string[] = [];
  await runAlone(database, [plan.rest]);
  const steps = plan.series.flatMap((series) => series.steps);
  for (const [index, step] of steps.entries()) {
    const name = `${index + 1}. ${step.title}`;
    const tell = (text: string) => problems.push(`${name}: ${text}`);
    const run = async () => {
      if (step.transaction) for (const wrong of await runMeasured(database, step.sql)) tell(wrong);
      else await runAlone(database, [step.sql]);
    };
    try {
      const stopped = await interrupt?.(step, run);
      if (typeof stopped === "string") tell(stopped);
      if (interrupt === undefined || !(await recover(database, step))) await run();
      if (index === 0) await runAlone(database, [one.writes ?? ""]);
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error));
      break;
    }
  }
  return problems;
}
