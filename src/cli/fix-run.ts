import type { Source } from "../engine/options.ts";
import type { Report } from "../engine/report.ts";
import { applyFixes } from "../fix/apply-fixes.ts";
import { groupByFile } from "../reporters/words.ts";
import { renderDiff, visibleDiff } from "./diff.ts";
import type { Gathered } from "./gather.ts";
import type { LintFlags } from "./lint-flags.ts";
import { complain } from "./output.ts";
import type { Run } from "./runs.ts";
import { replaceFile } from "./write-file.ts";

/** A fix may make room for the next; a pair that undoes each other must end all the same. */
const rounds = 10;

export interface FixedRuns {
  /** Of what is left after the fixes. */
  readonly reports: readonly Report[];
  /** What to print instead of the findings: a diff, or the fixed text of stdin. */
  readonly output: string | null;
}

/** Lints all runs; with --fix or --fix-dry-run applies the fixes, again and again until nothing changes. */
export async function fixRuns(
  runs: readonly Run[],
  lint: (run: Run) => Promise<Report>,
  flags: LintFlags,
  { project }: Gathered,
): Promise<FixedRuns> {
  const reports: Report[] = [];
  const isFixing = flags.fix || flags.fixDryRun;
  const output: string[] = [];
  let fixedFiles = 0;
  for (const run of runs) {
    let current = run;
    let report = await lint(current);
    for (let round = 0; isFixing && round < rounds; round++) {
      const next = applyAll(current, report);
      if (next === null) break;
      const after = await lint(next);
      // A fix that broke a statement would be our own mistake: nothing of that round is kept.
      if (countBroken(after) > countBroken(report)) break;
      current = next;
      report = after;
    }
    reports.push(report);
    current.sources.forEach((source, k) => {
      const before = run.sources[k];
      if (before === undefined || source.role === "history") return;
      const isChanged = before.text !== source.text;
      if (flags.stdin && flags.fix) output.push(source.text);
      else if (flags.fixDryRun) {
        const diff = renderDiff(project.nameOf(source.path), before.text, source.text);
        output.push(flags.output === undefined ? visibleDiff(diff) : diff);
      } else if (isChanged) {
        replaceFile(`${project.base}/${source.path}`, source.text, project.base);
        fixedFiles++;
      }
    });
  }
  if (fixedFiles > 0) complain(`${fixedFiles} ${fixedFiles === 1 ? "file" : "files"} fixed`);
  return { reports, output: output.length > 0 || flags.fixDryRun ? output.join("") : null };
}

/** The run with the fixes of a report applied; null where there is none. Files with a syntax error are left alone. */
function applyAll(run: Run, report: Report): Run | null {
  let isChanged = false;
  const byPath = groupByFile(report.diagnostics);
  const sources = run.sources.map((source): Source => {
    const own = byPath.get(source.path) ?? [];
    if (source.role === "history" || own.some(({ rule }) => rule === "syntax-error")) return source;
    const { text } = applyFixes(
      source.text,
      own.flatMap(({ fix }) => (fix === null ? [] : [fix])),
    );
    if (text === source.text) return source;
    isChanged = true;
    return { ...source, text };
  });
  return isChanged ? { ...run, sources } : null;
}

function countBroken({ diagnostics }: Report): number {
  return diagnostics.filter(({ rule }) => rule === "syntax-error").length;
}
