import { lintSources } from "../engine/lint.ts";
import type { Source } from "../engine/options.ts";
import type { Report } from "../engine/report.ts";
import { applyFixes } from "../fix/apply-fixes.ts";
import { groupByFile } from "../reporters/words.ts";
import { boundHeap, hasRoom } from "./heap-growth.ts";
import type { Lint, ProjectOptions, ResultStore } from "./result-store.ts";
import { lengthOfRun, noteLength } from "./run-length.ts";
import type { Run } from "./runs.ts";

/** A fix may make room for the next, one for each transaction of a file; a pair that undoes each other must end all the same. */
const rounds = 50;

/** A run that nothing more is to be done to. */
export interface Settled {
  /** Of what is left after the fixes. */
  readonly report: Report;
  /** The run's sources, in their order, with the fixes applied. */
  readonly sources: readonly Source[];
}

/**
 * Lints a run; where `isFixing`, applies the fixes, again and again until nothing changes. Writes nothing, but what `store`
 * keeps for the next time.
 */
export async function settleRun(
  run: Run,
  options: ProjectOptions,
  isFixing: boolean,
  store: ResultStore | null,
): Promise<Settled> {
  const lint: Lint = ({ sources, profile }, project) => {
    noteLength(sources);
    boundHeap(lengthOfRun());
    return lintSources(sources, { ...options, hasRoom, project, ...(profile && { runner: profile.name }) });
  };
  let current = run;
  let report = await (store === null ? lint(run, options.project) : store.report(run, lint));
  for (let round = 0; isFixing && round < rounds; round++) {
    const next = applyAll(current, report);
    if (next === null) break;
    // A fix that broke a statement would be a mistake of the rule's: nothing of that round is kept.
    if (await breaksSome(current, next, options)) break;
    current = next;
    report = await lint(next, options.project);
  }
  return { report, sources: current.sources };
}

/** The run with the fixes of a report applied; null where there is none. Files with a syntax error are left alone. */
function applyAll(run: Run, report: Report): Run | null {
  let isChanged = false;
  const byPath = groupByFile(report.diagnostics);
  const sources = run.sources.map((source): Source => {
    const own = byPath.get(source.path) ?? [];
    const isLeft = source.role === "history" || run.sealed?.has(source.path);
    if (isLeft || own.some(({ rule }) => rule === "syntax-error")) return source;
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

/** Whether fixes left more syntax errors than there were, whatever the configuration and comments say of them. */
async function breaksSome(before: Run, after: Run, options: ProjectOptions): Promise<boolean> {
  // These files alone are no history of anything.
  const { historyStore, ...own } = options;
  const isChanged = (_: Source, k: number) => after.sources[k]?.text !== before.sources[k]?.text;
  const countIn = async ({ sources, profile }: Run): Promise<number> => {
    const asked = { only: ["syntax-error"], rules: { "syntax-error": "error" as const }, overrides: [] };
    const runner = profile === null ? {} : { runner: profile.name };
    const { diagnostics, summary } = await lintSources(sources.filter(isChanged), {
      ...own,
      ...asked,
      ...runner,
    });
    return diagnostics.length + summary.suppressed;
  };
  return (await countIn(after)) > (await countIn(before));
}
