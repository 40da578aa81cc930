/**
 * Every recipe on PGlite: one database runs the original, another the plan. In the end they are the same, and on the way no
 * step reads, writes or builds behind a lock that keeps others out.
 */
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { splitStatements } from "../../src/sql/split.ts";
import { CLEAN, readCatalogue, readRows } from "./catalogue.ts";
import { runMeasured } from "./measured-step.ts";
import { casesFor, namings, type PlanCase, partitionCases } from "./plan-cases.ts";
import { lintPlan, type Planned, planFor } from "./planned.ts";

let original: PGlite;
let planned: PGlite;

beforeAll(async () => {
  [original, planned] = await Promise.all([PGlite.create(), PGlite.create()]);
});

afterAll(async () => {
  await Promise.all([original.close(), planned.close()]);
});

const all = [
  ...namings.flatMap((naming) => casesFor(naming).map((one) => ({ ...one, id: `${one.id} (${naming.id})` }))),
  ...partitionCases,
];

describe("a plan ends where the original does, and keeps nobody out", () => {
  it.each(all)("$id", async (one) => {
    const made = await planFor(one.setup, one.sql, 18);
    const steps = made.plan.series.flatMap((series) => series.steps);
    expect(steps.length, "steps").toBeGreaterThan(0);
    if (one.steps !== undefined) expect(steps.length).toBe(one.steps);
    expect((await lintPlan(made)).join("\n")).toBe("");

    await prepare(original, one);
    await runAlone(original, [one.writes ?? "", one.beforeOriginal ?? "", one.sql]);
    await prepare(planned, one);
    await runPlan(made, one);

    const differs = (line: string) => one.differs?.test(line) !== true;
    const before = (await readCatalogue(original)).filter(differs);
    expect(difference(before, (await readCatalogue(planned)).filter(differs)).join("\n")).toBe("");
    if (one.differs === undefined || one.comparesRows !== false)
      expect(await readRows(planned, one.chance ?? [])).toEqual(await readRows(original, one.chance ?? []));
  });
});

/** What only one of the two lists holds. */
function difference(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `missing: ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `too much: ${line}`),
  ];
}

async function prepare(database: PGlite, { setup, rows }: PlanCase): Promise<void> {
  await database.exec(CLEAN);
  await runAlone(database, [setup, rows]);
}

/** Statements one after the other, each by itself: CONCURRENTLY must not be in a transaction. */
async function runAlone(database: PGlite, texts: readonly string[]): Promise<void> {
  for (const text of texts)
    for (const { start, end } of splitStatements(text).statements)
      await database.exec(text.slice(start, end));
}

async function runPlan({ plan }: Planned, one: PlanCase): Promise<void> {
  await runAlone(planned, [plan.rest]);
  const steps = plan.series.flatMap((series) => series.steps);
  for (const [index, step] of steps.entries()) {
    await runAlone(planned, [one.before?.[index + 1] ?? ""]);
    const name = `${index + 1}. ${step.title}`;
    if (!step.transaction) await runAlone(planned, [step.sql]).catch(rethrow(name));
    else expect(await runMeasured(planned, step.sql).catch(rethrow(name)), name).toEqual([]);
    if (index === 0) await runAlone(planned, [one.writes ?? ""]);
  }
}

function rethrow(step: string) {
  return (error: unknown) => {
    throw new Error(`${step}: ${error instanceof Error ? error.message : String(error)}`);
  };
}
