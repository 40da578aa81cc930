import { expect, test } from "vitest";
import type { Run } from "../../src/cli/runs.ts";
import { countThreads, weighRun } from "../../src/cli/threads.ts";
import { packOutcome, packTask, takeNext, unpackOutcome, unpackRun } from "../../src/cli/worker-task.ts";
import type { Report } from "../../src/engine/report.ts";
import { findProfile } from "../../src/layout/index.ts";
import { indexLines } from "../../src/text/lines.ts";

const cores = (count: number) => () => count;

test("threads are begun where there is enough for each", () => {
  const even = (count: number, weight: number) => new Array<number>(count).fill(weight);
  expect(countThreads([], {}, cores(8))).toBe(1);
  expect(countThreads([1e9], {}, cores(8))).toBe(1);
  expect(countThreads(even(40, 1_000), {}, cores(8))).toBe(1);
  expect(countThreads(even(40, 100_000), {}, cores(8))).toBe(4);
  expect(countThreads(even(40, 100_000), {}, cores(4))).toBe(3);
  // With two cores there is none to spare: V8 has threads of its own.
  expect(countThreads(even(40, 100_000), {}, cores(2))).toBe(1);
  expect(countThreads(even(40, 100_000), {}, cores(1))).toBe(1);
  // One run that is as long as all others: a third thread would have nothing to do.
  expect(countThreads([4e6, ...even(40, 100_000)], {}, cores(8))).toBe(2);
});

test("LOCKWISE_THREADS says how many; what is no number is nothing", () => {
  const ask = (value: string) => countThreads([1, 1, 1], { LOCKWISE_THREADS: value }, cores(8));
  expect(["1", "2", "50", "", "0", "-1", "two", "1e3"].map(ask)).toEqual([1, 2, 3, 1, 1, 1, 1, 1]);
});

test("a history is less work", () => {
  const source = (role: "lint" | "history") => ({ path: "a.sql", text: "x".repeat(100), role });
  const lint = weighRun({ profile: null, sources: [source("lint")] });
  const history = weighRun({ profile: null, sources: [source("history")] });
  expect(history).toBeGreaterThan(0);
  expect(history).toBeLessThan(lint);
});

const run: Run = {
  profile: findProfile("goose"),
  sources: [
    { path: "schema.sql", text: "\ufeffSELECT 'ä🐘\ufffd\0';\r\n", role: "history" },
    { path: "1.sql", text: "", role: "lint" },
    { path: "2.sql", text: "SELECT 1;\n" },
  ],
};

test("a run arrives as it was sent, and so does its outcome", () => {
  const settings = { options: {}, isFixing: true, isCached: false, base: "/", paths: [] };
  const task = structuredClone(packTask([run, { profile: null, sources: [] }, run], [2, 0, 1], settings));
  expect(unpackRun(task, 0)).toEqual(run);
  expect(unpackRun(task, 1)).toEqual({ profile: null, sources: [] });
  expect(unpackRun(task, 2)).toEqual(run);
  expect([0, 0, 0, 0].map(() => takeNext(task.queue))).toEqual([2, 0, 1, null]);

  const sources = run.sources.map((source, k) => (k === 1 ? { ...source, text: "SELECT\n2;" } : source));
  const report: Report = {
    files: [{ path: "1.sql", statements: 1, notUnderstood: [], lines: indexLines("SELECT\n2;") }],
    diagnostics: [],
    complaints: [],
    summary: { errors: 0, warnings: 0, suppressed: 0, baseline: 0, notUnderstood: 0 },
    context: {
      postgresVersion: 15,
      isVersionConfigured: false,
      runner: "goose",
      history: 1,
      parser: "postgres",
    },
  };
  const outcome = unpackOutcome(structuredClone(packOutcome(2, run, { report, sources })), run);
  expect(outcome).toEqual({ report, sources });
  expect(outcome.report.files[0]?.lines.starts).toEqual([0, 7]);
});
