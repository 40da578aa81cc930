import { writeFileSync } from "node:fs";
import type { Source } from "../engine/options.ts";
import type { Report } from "../engine/report.ts";
import { groupByFile } from "../reporters/words.ts";
import { applyEdits } from "../text/edits.ts";
import { renderDiff } from "./diff.ts";
import { usageError } from "./failure.ts";
import type { Gathered } from "./gather.ts";
import type { LintFlags } from "./lint-flags.ts";
import { codeOf, complain } from "./output.ts";
import type { Run } from "./runs.ts";

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
      const next = applyFixes(current, report);
      if (next === null) break;
      current = next;
      report = await lint(current);
    }
    reports.push(report);
    current.sources.forEach((source, k) => {
      const before = run.sources[k];
      if (before === undefined || source.role === "history") return;
      const isChanged = before.text !== source.text;
      if (flags.stdin && flags.fix) output.push(source.text);
      else if (flags.fixDryRun)
        output.push(renderDiff(project.nameOf(source.path), before.text, source.text));
      else if (isChanged) {
        writeFixed(`${project.base}/${source.path}`, source.text);
        fixedFiles++;
      }
    });
  }
  if (fixedFiles > 0) complain(`${fixedFiles} ${fixedFiles === 1 ? "file" : "files"} fixed`);
  return { reports, output: output.length > 0 || flags.fixDryRun ? output.join("") : null };
}

/** The run with the fixes of a report applied; null where there is none. */
function applyFixes(run: Run, report: Report): Run | null {
  let isChanged = false;
  const byPath = groupByFile(report.diagnostics);
  const sources = run.sources.map((source): Source => {
    const edits = (byPath.get(source.path) ?? []).flatMap(({ fix }) => fix?.edits ?? []);
    if (edits.length === 0) return source;
    const { text } = applyEdits(source.text, edits);
    if (text === source.text) return source;
    isChanged = true;
    return { ...source, text };
  });
  return isChanged ? { ...run, sources } : null;
}

function writeFixed(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw usageError(`${path}: cannot be written (${codeOf(error)})`);
  }
}
