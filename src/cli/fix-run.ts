import type { Report } from "../engine/report.ts";
import { renderDiff, visibleDiff } from "./diff.ts";
import type { LintFlags } from "./lint-flags.ts";
import { complain } from "./output.ts";
import type { Project } from "./project.ts";
import type { Run } from "./runs.ts";
import { sealedNote } from "./sealed.ts";
import type { Settled } from "./settle.ts";
import { replaceFile } from "./write-file.ts";

interface FixedRuns {
  readonly reports: readonly Report[];
  /** What to print instead of the findings: a diff, or the fixed text of stdin. */
  readonly output: string | null;
}

/** With --fix writes what the fixes have changed, with --fix-dry-run renders it; `settled` are the runs in their order. */
export function keepFixes(
  runs: readonly Run[],
  settled: readonly Settled[],
  flags: LintFlags,
  project: Project,
): FixedRuns {
  const reports: Report[] = [];
  const output: string[] = [];
  let fixedFiles = 0;
  settled.forEach(({ report, sources }, index) => {
    reports.push(report);
    sources.forEach((source, k) => {
      const before = runs[index]?.sources[k];
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
  });
  const fixable = new Set(
    reports.flatMap(({ diagnostics }) =>
      diagnostics.filter(({ fix }) => fix !== null).map(({ path }) => path),
    ),
  );
  const note = sealedNote(runs, (path) => fixable.has(path));
  if (note !== null) complain(note);
  if (fixedFiles > 0) complain(`${fixedFiles} ${fixedFiles === 1 ? "file" : "files"} fixed`);
  return { reports, output: output.length > 0 || flags.fixDryRun ? output.join("") : null };
}
