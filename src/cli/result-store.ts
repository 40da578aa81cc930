import { existsSync } from "node:fs";
import { join } from "node:path";
import { type AskedFiles, answersTheSame, watchProject } from "../engine/asked-files.ts";
import type { EngineOptions } from "../engine/engine-options.ts";
import { defaultTimeLimit } from "../engine/file-limits.ts";
import type { Report } from "../engine/report.ts";
import type { ProjectView } from "../layout/types.ts";
import { mayHoldDirective } from "../sql/directives.ts";
import { openCacheFolder } from "./cache-folder.ts";
import { markUsed, tidy } from "./cache-tidy.ts";
import { digestOf } from "./digest.ts";
import { readKept, writeKept } from "./kept-text.ts";
import { type PackedReport, packReport, unpackReport } from "./packed-report.ts";
import type { Run } from "./runs.ts";
import { buildName } from "./version.ts";

/** The folder of all results; its number is that of the format. */
const resultsFolder = "results-1";

/** In UTF-16 units of SQL, with what ran before: less is judged sooner than it is looked up. */
const worthLooking = 16 * 1024;

/** More would make a file that is too large to be kept. */
const mostDiagnostics = 50_000;

/** What is kept of the reports of whole runs, from one process to the next. */
export interface ResultStore {
  /** Whether the store has a report for a run, by its name alone. */
  has(run: Run): boolean;
  /** The report of a run: one that was kept where nothing that it comes of has changed, or a new one, which is kept. */
  report(run: Run, lint: Lint): Promise<Report>;
  /** Makes room for what was kept in this process, or in the workers of this process. */
  tidy(): void;
}

/** What runs are linted with. */
export type ProjectOptions = EngineOptions & { readonly project: ProjectView };

/** Lints a run, looking at the files around it through `project` alone. */
export type Lint = (run: Run, project: ProjectView) => Promise<Report>;

/**
 * Keeps the reports of a project's runs in the user's cache folder: a file for each, whose name is the hash of all that the
 * report comes of. Null where nothing may be kept. Never throws: what is missing, odd or broken is linted.
 */
export function openResultStore(
  base: string,
  options: ProjectOptions,
  build: string | null = buildName,
  env: Readonly<Record<string, string | undefined>> = process.env,
): ResultStore | null {
  if (build === null) return null;
  let folder: string | null | undefined;
  let hasNew = false;
  const paths = new WeakMap<Run, string | null>();
  const pathOf = (run: Run): string | null => {
    const known = paths.get(run);
    if (known !== undefined) return known;
    if (folder === undefined && isWorthLooking(run))
      folder = openCacheFolder([resultsFolder, digestOf([base]).slice(0, 32)], env);
    const path = folder && isWorthLooking(run) ? join(folder, nameOf(build, run, options)) : null;
    paths.set(run, path);
    return path;
  };
  return {
    has(run) {
      const path = pathOf(run);
      const isThere = path !== null && existsSync(path);
      if (!isThere) hasNew = true;
      return isThere;
    },
    async report(run, lint) {
      const { project } = options;
      const path = pathOf(run);
      if (path === null) return lint(run, project);
      const known = loadReport(path, run, project);
      if (known !== null) return known;
      const { view, asked } = watchProject(project);
      hasNew = true;
      const started = Date.now();
      const report = await lint(run, view);
      if (isWorthKeeping(report, Date.now() - started, options))
        writeKept(path, JSON.stringify({ asked: asked(), report: packReport(report) } satisfies Kept));
      return report;
    },
    tidy() {
      if (folder && hasNew) tidy(folder);
    },
  };
}

interface Kept {
  /** What was asked of the files around the run, and answered. */
  readonly asked: AskedFiles;
  readonly report: PackedReport;
}

function loadReport(path: string, { sources }: Run, project: ProjectView): Report | null {
  const text = readKept(path);
  if (text === null) return null;
  try {
    const { asked, report }: Kept = JSON.parse(text);
    if (!answersTheSame(project, asked)) return null;
    markUsed(path);
    return unpackReport(report, sources);
  } catch {
    return null;
  }
}

/**
 * Not worth it is what could be different the next time (a file took too long, a rule failed), and what would not fit into
 * the memory once more.
 */
function isWorthKeeping(
  { complaints, context, diagnostics }: Report,
  milliseconds: number,
  { timeLimit }: EngineOptions,
): boolean {
  if (complaints.length > 0 || context.parser !== "postgres") return false;
  return diagnostics.length <= mostDiagnostics && milliseconds < (timeLimit ?? defaultTimeLimit) * 1000;
}

function isWorthLooking({ sources }: Run): boolean {
  let length = 0;
  return sources.some(({ text }) => {
    length += text.length;
    return length >= worthLooking;
  });
}

/** Begins alike for one series of migrations, by its first; of a project that has several, each has its own. */
function nameOf(build: string, { profile, sources }: Run, options: ProjectOptions): string {
  const { catalogue: _, project, history: __, historyStore: ___, ...plain } = options;
  // Where nobody has said yet which tool runs them, that depends on what else is there.
  const runner = profile?.name ?? digestOf(project.paths);
  // What was suppressed for a while is told on the day after.
  const isDated = sources.some(({ text }) => mayHoldDirective(text));
  const today = isDated ? new Date().toISOString().slice(0, 10) : null;
  const settings = JSON.stringify([plain, runner, today]);
  const texts = sources.flatMap(
    ({ path, role = "lint", before, behindGap = false, isFirst = false, text }) => {
      const place = [String(behindGap), String(isFirst)];
      return before === undefined ? [path, role, ...place, text] : [path, "edited", ...place, before, text];
    },
  );
  return `${digestOf([sources[0]?.path ?? ""]).slice(0, 8)}-${digestOf([build, settings, ...texts])}`;
}
