import { isDeepStrictEqual } from "node:util";
import { render } from "../../src/cli/plan-run.ts";
import type { EngineOptions } from "../../src/engine/engine-options.ts";
import { createHistoryCache } from "../../src/engine/kept-history.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { Source } from "../../src/engine/options.ts";
import type { Report } from "../../src/engine/report.ts";
import { applyFixes } from "../../src/fix/apply-fixes.ts";
import { filesOf } from "../../src/fix/files.ts";
import { planMigration } from "../../src/fix/plan.ts";
import { layOut, profiles } from "../../src/layout/index.ts";
import { hold, holdPrintable, holdWords } from "./checks.ts";
import { someOptions } from "./engine-targets.ts";
import type { Random } from "./random.ts";

/** `--fix`: the fixes settle, and leave no more broken statements than there were. */
export async function checkSettling(text: string, random: Random): Promise<void> {
  const options = someOptions(random);
  let report = await lintOne(text, options);
  const before = broken(report);
  let fixed = text;
  for (let round = 0; ; round++) {
    const fixes = report.diagnostics.flatMap(({ fix }) => (fix === null ? [] : [fix]));
    const next = applyFixes(fixed, fixes).text;
    if (next === fixed) break;
    hold(round < 60, `the fixes settle: ${JSON.stringify(next.slice(0, 300))}`);
    fixed = next;
    report = await lintOne(fixed, options);
    if (before === 0) hold(broken(report) === 0, `the fix parses: ${JSON.stringify(fixed.slice(0, 600))}`);
  }
}

function lintOne(text: string, options: EngineOptions): Promise<Report> {
  return lintSources([{ path: "migrations/1_a.up.sql", text }], options);
}

function broken({ diagnostics }: Report): number {
  return diagnostics.filter(({ rule }) => rule === "syntax-error").length;
}

/** `plan`: a series for whatever migration, in every form that it is printed in. */
export async function checkPlan(text: string, random: Random): Promise<void> {
  const runner = random.pick(profiles);
  const cut = random.below(text.length + 1);
  const folder = { root: "migrations", files: [], project: { paths: [], read: () => null } };
  const [first] = runner.following(folder, { name: "init", sql: text.slice(0, cut), transaction: true });
  const [second] = runner.following(
    { ...folder, files: first === undefined ? [] : [first.path] },
    { name: "change", sql: text.slice(cut), transaction: true },
  );
  if (first === undefined || second === undefined) return;
  const sources: Source[] = [first, second].map(({ path, text: own }) => ({ path, text: own }));
  const texts = new Map(sources.map(({ path, text: own }) => [path, own]));
  const project = { paths: [...texts.keys()], read: (path: string) => texts.get(path) ?? null };
  const [layout] = layOut(project, { runner });
  if (layout === undefined) return;
  const plan = await planMigration(sources, layout, { ...someOptions(random), project, runner: runner.name });
  const files = filesOf(plan, layout);
  const nameOf = (path: string) => path;
  for (const [runbook, format] of [
    [false, "pretty"],
    [false, "json"],
    [true, "pretty"],
  ] as const) {
    const output = render(plan, files, { runbook, format }, nameOf);
    holdPrintable(output, "plan");
    holdWords(output, text, "plan");
  }
}

/** An editor: what is kept of the history between keystrokes changes no finding. */
export async function checkKeystrokes(text: string, random: Random): Promise<void> {
  const options = someOptions(random);
  const history = createHistoryCache();
  const cut = random.below(text.length + 1);
  let past = text.slice(0, cut);
  let own = text.slice(cut);
  for (let key = 0; key < 4; key++) {
    const sources: Source[] = [
      { path: "migrations/1_a.up.sql", text: past, role: "history" },
      { path: "migrations/2_b.up.sql", text: own },
    ];
    const kept = await lintSources(sources, { ...options, history });
    const fresh = await lintSources(sources, options);
    for (const { message } of kept.complaints) throw new Error(message);
    hold(
      isDeepStrictEqual(kept.diagnostics, fresh.diagnostics),
      "the same findings as without a history kept",
    );
    if (random.oneIn(4)) past = type(past, text, random);
    else own = type(own, text, random);
  }
}

function type(text: string, from: string, random: Random): string {
  const at = random.below(text.length + 1);
  const piece = random.below(from.length + 1);
  return (
    text.slice(0, at) +
    from.slice(piece, piece + random.below(20)) +
    text.slice(at + (random.oneIn(2) ? random.below(20) : 0))
  );
}
