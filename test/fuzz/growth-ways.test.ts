import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { renderDiff } from "../../src/cli/diff.ts";
import { render } from "../../src/cli/plan-run.ts";
import { applyBaseline, parseBaseline, renderBaseline, toBaseline } from "../../src/engine/baseline.ts";
import { explainSources } from "../../src/engine/explain.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { Report } from "../../src/engine/report.ts";
import { applyFixes } from "../../src/fix/apply-fixes.ts";
import { filesOf } from "../../src/fix/files.ts";
import { planMigration } from "../../src/fix/plan.ts";
import { layOut, psql } from "../../src/layout/index.ts";
import { actionsAt } from "../../src/lsp/actions.ts";
import { checkDocument, type Histories } from "../../src/lsp/check.ts";
import { hoverAt } from "../../src/lsp/hover.ts";
import { renderExplanation, renderExplanationJson } from "../../src/reporters/explain.ts";
import { loadReporter } from "../../src/reporters/load.ts";
import { formats } from "../../src/reporters/reporter.ts";
import { indexLines } from "../../src/text/lines.ts";
import { createCounter } from "./work.ts";

const most = 2.75;
const path = "migrations/1_a.sql";
const uri = "file:///p/migrations/1_a.sql";
const project = (text: string) => ({ paths: [path], read: () => text });
const lint = (text: string) => lintSources([{ path, text }], { catalogue: rules });

let counter: Awaited<ReturnType<typeof createCounter>>;
beforeAll(async () => {
  counter = await createCounter();
});
afterAll(() => counter.end());

/** How much more the second half of the pieces takes than the first, as `growthOf` has it. */
async function growth(pieces: number, work: (pieces: number) => Promise<() => unknown>): Promise<number> {
  const counts: number[] = [];
  for (const size of [5, pieces, 2 * pieces, 4 * pieces]) {
    const run = await work(size);
    // Where the engine below throws code away to make it anew, its counts go along: not twice at the same place.
    const times = [await counter.countOf(async () => run()), await counter.countOf(async () => run())];
    counts.push(Math.max(...times));
  }
  const [, one = 0, two = 0, four = 0] = counts;
  return (four - two) / (two - one);
}

const list = (pieces: number, piece: (k: number) => string, between = ", ") =>
  Array.from({ length: pieces }, (_, k) => piece(k)).join(between);
const alter = (piece: (k: number) => string) => (n: number) => `ALTER TABLE t ${list(n, piece)};`;
const each = (piece: (k: number) => string) => (n: number) => list(n, piece, "\n");

/** Texts of which each piece is worth a finding, most of them with a rewrite or a fix. */
const found: Readonly<Record<string, (pieces: number) => string>> = {
  "types of one table": alter((k) => `ALTER c${k} TYPE bigint`),
  "keys of one table": alter((k) => `ADD CONSTRAINT c${k} UNIQUE (a${k})`),
  indexes: each((k) => `CREATE INDEX i${k} ON t (c${k});`),
  "dropped tables": each((k) => `DROP TABLE t${k};`),
  settings: each((k) => `SET lock_timeout = '${k}m';`),
};

describe.each(Object.entries(found))("many findings: %s", (_, make) => {
  const reports = new Map<number, Report>();
  const reportOf = async (n: number) => {
    const report = reports.get(n) ?? (await lint(make(n)));
    reports.set(n, report);
    return report;
  };

  it.each(formats)("%s is linear work", async (format) => {
    const print = await loadReporter(format);
    const work = async (n: number) => {
      const report = await reportOf(n);
      return () => print(report, { rules, version: "1.0.0", verbose: true });
    };
    expect(await growth(30, work)).toBeLessThan(most);
  });

  it("--baseline and --fix-dry-run are linear work", async () => {
    const work = async (n: number) => {
      const report = await reportOf(n);
      return () => {
        applyBaseline(report, parseBaseline(renderBaseline(toBaseline(report))));
        const fixes = report.diagnostics.flatMap(({ fix }) => (fix === null ? [] : [fix]));
        renderDiff(path, make(n), applyFixes(make(n), fixes).text);
      };
    };
    expect(await growth(30, work)).toBeLessThan(most);
  });
});

const large: Readonly<Record<string, (pieces: number) => string>> = {
  "new columns of one table": alter((k) => `ADD c${k} int`),
  "columns computed from those beside them": alter(
    (k) => `ADD b${k} int, ADD c${k} int GENERATED ALWAYS AS (b${k} + 1) STORED`,
  ),
  "not null for columns of one table": alter((k) => `ALTER c${k} SET NOT NULL`),
  "published tables": (n) => `CREATE PUBLICATION p FOR TABLE ${list(n, (k) => `t${k}`)};`,
  "indexes that begin with the same column": each((k) => `CREATE INDEX i${k} ON t (a, c${k});`),
  "new values of an enum, and their use": (n) =>
    `BEGIN;${each((k) => `ALTER TYPE e ADD VALUE 'n${k}';UPDATE t SET a = 'n${k}';`)(n)}COMMIT;`,
  "functions of one name": each((k) => `CREATE FUNCTION f(a t${k}) RETURNS int LANGUAGE sql AS 'SELECT 1';`),
};

describe.each(Object.entries(large))("%s", (_, make) => {
  it("explain is linear work", async () => {
    const work = async (n: number) => async () => {
      const explanation = await explainSources([{ path, text: make(n) }], { catalogue: rules });
      return [renderExplanation(explanation, { width: 80 }), renderExplanationJson(explanation)];
    };
    expect(await growth(100, work)).toBeLessThan(most);
  });

  it("plan is linear work", async () => {
    const work = async (n: number) => async () => {
      const text = make(n);
      const [layout] = layOut(project(text), { runner: psql });
      if (layout === undefined) throw new Error("psql runs every file");
      const options = { catalogue: rules, project: project(text), runner: "psql" };
      const plan = await planMigration([{ path, text }], layout, options);
      const files = filesOf(plan, layout);
      for (const runbook of [false, true]) render(plan, files, { runbook, format: "pretty" }, (one) => one);
      render(plan, files, { runbook: false, format: "json" }, (one) => one);
    };
    expect(await growth(15, work)).toBeLessThan(most);
  });

  it("the editor is linear work", async () => {
    const work = async (n: number) => async () => {
      const histories: Histories = new Map();
      for (const text of [make(n), `${make(n)}\n`]) {
        const [layout = null] = layOut(project(text), { paths: [path] });
        const options = { catalogue: rules };
        const planned = { path, sources: [{ path, text }], options, baseline: null, layout, base: "/p" };
        const checked = await checkDocument({ uri, version: 1, text }, planned, histories);
        const lines = indexLines(text);
        const abilities = { documentChanges: true, createsFiles: true, resolves: true, snippets: true };
        const target = { uri, checked, lines, abilities, uriOf: (one: string) => `file:///p/${one}` };
        const range = { start: { line: 0, character: 0 }, end: { line: lines.starts.length, character: 0 } };
        await actionsAt(target, { range, context: { diagnostics: [] } });
        await hoverAt(checked, text.length - 3, rules);
      }
    };
    expect(await growth(30, work)).toBeLessThan(most);
  });
});

describe("many files", () => {
  const names = (n: number) => Array.from({ length: n }, (_, k) => `m/${k}_a.sql`);

  it("--since is linear work: a history, and as many files that are new", async () => {
    const work = async (n: number) => () =>
      lintSources(
        names(n).map((name, k) => ({
          path: name,
          text: `ALTER TABLE t ADD c${k} int NOT NULL;`,
          ...(2 * k < n && { role: "history" as const }),
        })),
        { catalogue: rules, release: "run" },
      );
    expect(await growth(50, work)).toBeLessThan(most);
  });
});
