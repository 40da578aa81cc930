import { rules } from "../../rules/index.ts";
import type { EngineOptions } from "../../src/engine/engine-options.ts";
import { explainSources } from "../../src/engine/explain.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { Diagnostic, Report } from "../../src/engine/report.ts";
import { profiles } from "../../src/layout/index.ts";
import { applyEdits } from "../../src/text/edits.ts";
import { hold, holdInside, holdSpans, holdWords } from "./checks.ts";
import type { Random } from "./random.ts";
import { replay } from "./replay.ts";

/** Options as people might set them. */
export function someOptions(random: Random): EngineOptions {
  return {
    catalogue: rules,
    postgresVersion: 12 + random.below(7),
    extends: random.pick(["recommended", "strict", "squawk"] as const),
    today: "2030-01-01",
    ...(random.oneIn(3) && { runner: random.pick(profiles).name }),
    ...(random.oneIn(8) && { parser: "pgsql-ast-parser" as const }),
    ...(random.oneIn(4) && { release: "run" as const }),
    ...(random.oneIn(4) && { down: true }),
    ...(random.oneIn(4) && { session: { lockTimeout: "5s", statementTimeout: "0" } }),
    ...(random.oneIn(4) && { suppressions: { requireReason: true, requireUntil: true } }),
    ...(random.oneIn(4) && { tables: { "public.t": { rows: 10, hot: true }, orders: { rows: 0 } } }),
  };
}

/** No rule fails, and what is reported fits the text. */
export async function checkEngine(text: string, random: Random): Promise<void> {
  const options = someOptions(random);
  const cut = random.below(text.length + 1);
  const sources = random.oneIn(3)
    ? [
        { path: "migrations/1_a.up.sql", text: text.slice(0, cut), role: "history" as const },
        { path: "migrations/2_b.up.sql", text: text.slice(cut) },
      ]
    : [{ path: "migrations/1_a.sql", text }];
  const report = await lintSources(sources, options);
  for (const { path, text: own } of sources) checkReport(report, path, own, text);
  await checkFixes(sources[sources.length - 1]?.text ?? "", report, options);
}

function checkReport(report: Report, path: string, own: string, all: string): void {
  for (const { message } of report.complaints) throw new Error(message);
  const whole = { start: 0, end: own.length };
  for (const diagnostic of report.diagnostics) {
    if (diagnostic.path !== path) continue;
    const { start, end, statement, fix, message, rewrite, advice } = diagnostic;
    holdInside({ start: start.offset, end: end.offset }, whole, `finding of ${diagnostic.rule}`);
    holdInside(statement, whole, `statement of ${diagnostic.rule}`);
    for (const edit of fix?.edits ?? []) holdInside(edit, whole, `edit of ${diagnostic.rule}`);
    holdWords(message, all, diagnostic.rule);
    holdWords(advice ?? "", all, diagnostic.rule);
    for (const { sql, title } of rewrite ?? []) holdWords(`${title}\n${sql}`, all, diagnostic.rule);
  }
}

/** Fixes applied leave no more broken statements than there were. */
async function checkFixes(text: string, report: Report, options: EngineOptions): Promise<void> {
  const edits = report.diagnostics.flatMap(({ fix }) => fix?.edits ?? []);
  if (edits.length === 0) return;
  const fixed = applyEdits(text, edits).text;
  const after = await lintSources([{ path: "migrations/1_a.sql", text: fixed }], options);
  const alone = await lintSources([{ path: "migrations/1_a.sql", text }], options);
  hold(broken(after.diagnostics) <= broken(alone.diagnostics), `the fix parses: ${JSON.stringify(fixed)}`);
}

function broken(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.filter(({ rule }) => rule === "syntax-error").length;
}

/** Explaining never fails either. */
export async function checkExplain(text: string, random: Random): Promise<void> {
  const options = someOptions(random);
  const path = random.pick(["migrations/1_a.sql", "V1__a.sql", "supabase/migrations/1_a.sql"]);
  const { statements } = await explainSources([{ path, text }], options);
  for (const { locks, rewrites, scans, buildsIndexes, fails, on } of statements) {
    const words = [...locks.map(({ relation }) => relation), ...rewrites, ...scans, ...buildsIndexes];
    for (const word of [...words, fails?.reason ?? "", on ?? ""]) holdWords(word, text, "explain");
  }
}

/** Worlds fold and effects are known for any parsed statements, in any order, in any state. */
export async function checkFolds(text: string, random: Random): Promise<void> {
  const world = await replay(
    text,
    random,
    ({ statement, effects }) => holdSpans(effects.fails, statement, "effects"),
    { knowsEffects: () => random.oneIn(2) },
  );
  for (const relation of world.schema.relations()) hold(relation.name !== undefined, "relations have names");
}
