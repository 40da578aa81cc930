import type { Source } from "../engine/options.ts";
import type { Report, Summary } from "../engine/report.ts";
import {
  byNoTool,
  gapsOf,
  type Layout,
  layOut,
  type Profile,
  programOf,
  psql,
  seriesOf,
} from "../layout/index.ts";
import { countOf } from "../reporters/words.ts";
import type { Project } from "./project.ts";
import { sharingRuns } from "./same-database.ts";

/** Migrations that run one after the other on one database: what the engine is given at once. */
export interface Run {
  readonly profile: Profile | null;
  readonly sources: readonly Source[];
  /** Files that --fix leaves as they are. Default: none. */
  readonly sealed?: ReadonlySet<string>;
}

export interface PlannedRuns {
  /** The folders of migrations that were found, whether or not anything of them is judged. */
  readonly layouts: readonly Layout[];
  readonly runs: readonly Run[];
  /** Files that were asked for by their folder and that are not judged, and why: `not run by sqitch`. */
  readonly leftOut: ReadonlyMap<string, string>;
  /** Files that cannot be read, and why. */
  readonly problems: readonly { readonly path: string; readonly problem: string }[];
  readonly empty: readonly string[];
}

/**
 * Orders the files of a project by the tools that run them. `judged` are to be linted; of the others those that run
 * before them are history. `named` are judged even where no tool would run them. `edited` have run before, with these texts.
 */
export function planRuns(
  project: Project,
  judged: ReadonlySet<string>,
  named: ReadonlySet<string>,
  runner: Profile | null,
  edited: ReadonlyMap<string, string> = new Map(),
): PlannedRuns {
  const problems: { path: string; problem: string }[] = [];
  const empty: string[] = [];
  const read = (path: string, behindGap = false): Source[] => {
    const opened = project.open(path);
    const isJudged = judged.has(path);
    if ("problem" in opened) {
      if (isJudged) problems.push({ path, problem: opened.problem });
      return [];
    }
    if (isJudged && opened.text.trim() === "") empty.push(path);
    const role = isJudged ? ("lint" as const) : ("history" as const);
    const source = { path, text: opened.text, role, ...(behindGap && { behindGap }) };
    const before = edited.get(path);
    return [before === undefined ? source : { ...source, before }];
  };
  const before = (project.schema ?? []).flatMap((path) => readSchema(path, project, problems));
  const reasons = new Map<string, string>();
  const leave = (paths: readonly string[], why: string) => {
    for (const path of paths) reasons.set(path, why);
  };
  const layouts = layOut(project, { paths: project.sql, ...(runner && { runner }), leave });
  const covered = new Set<string>();
  const runs: Run[] = [];
  const asides: Layout[] = [];
  for (const layout of layouts) {
    const files = untilLastJudged(layout, judged);
    if (files.length === 0) asides.push(layout);
    for (const path of files) covered.add(path);
    const gaps = gapsOf(layout).before;
    const sources = fromFirst(
      files.flatMap((path) => read(path, gaps.has(path))),
      layout,
    );
    if (sources.length > 0) runs.push({ profile: layout.profile, sources: [...before, ...sources] });
  }
  const leftOut = new Map<string, string>();
  for (const path of judged) {
    if (covered.has(path)) continue;
    if (!named.has(path)) leftOut.set(path, reasons.get(path) ?? byNoTool);
    else {
      const sources = read(path);
      if (sources.length > 0) runs.push({ profile: runner, sources: [...before, ...sources] });
    }
  }
  // Scripts that no tool runs may be for a day or a developer: they say nothing against what a tool has run.
  const byTool = runs.filter(({ profile }) => profile !== null && profile !== psql);
  const sharing = sharingRuns([...byTool, ...(byTool.length === 0 ? [] : textsOf(asides, project))]);
  return {
    layouts,
    runs: runs.map((run) => (sharing.has(run) ? withoutProof(run) : run)),
    leftOut,
    problems,
    empty,
  };
}

/** More files than these are not read for what they say of others. */
const mostAside = 2000;

/** The sequences of tools of which nothing is judged: what they make and alter tells whether they share a database with others. */
function textsOf(layouts: readonly Layout[], project: Project): { sources: { text: string }[] }[] {
  const aside = layouts.filter(({ profile }) => profile !== psql);
  if (aside.reduce((sum, { folder }) => sum + folder.files.length, 0) > mostAside) return [];
  return aside.map(({ folder }) => ({
    sources: folder.files.flatMap((path) => {
      const opened = project.open(path);
      return "text" in opened ? [{ text: opened.text }] : [];
    }),
  }));
}

/** What a tool runs, it runs from the first file on; a folder without a tool may hold what came later. */
export function fromFirst(sources: readonly Source[], { profile, folder }: Layout): readonly Source[] {
  const [first, ...rest] = sources;
  if (first === undefined || profile === psql || first.path !== folder.files[0]) return sources;
  return [{ ...first, isFirst: true }, ...rest];
}

function readSchema(path: string, project: Project, problems: { path: string; problem: string }[]): Source[] {
  const opened = project.open(path);
  if ("text" in opened) return [{ path, text: opened.text, role: "history" }];
  problems.push({ path, problem: opened.problem });
  return [];
}

/**
 * Where nobody said which files are migrations: those that a tool runs, or else those in a folder that is called so or whose
 * files are named by days, or else those that count up. What only tests run does not count beside others. Null where there
 * are none of these.
 */
export function guessMigrations(planned: PlannedRuns): PlannedRuns | null {
  const isForTests = ({ sources }: Run) => sources.every(({ path }) => testFolder.test(path));
  const likely = (all: readonly Run[]) => {
    const byTool = all.filter(({ profile }) => profile !== null && profile !== psql);
    if (byTool.length > 0) return [...byTool, ...ofOtherPrograms(all, byTool, planned.layouts)];
    const series = new Map(all.map((run) => [run, seriesOf(run.sources.map(({ path }) => path))]));
    const byName = all.filter((run) => series.get(run) === "days" || isCalledSo(run));
    const found = byName.length > 0 ? byName : all.filter((run) => series.get(run) === "numbers");
    return found.map((run) => (isCalledSo(run) ? run : withoutProof(run)));
  };
  const outside = likely(planned.runs.filter((run) => !isForTests(run)));
  const runs = outside.length > 0 ? outside : likely(planned.runs);
  if (runs.length === 0) return null;
  // What lies elsewhere nobody asked for: that it cannot be read is no concern of the migrations.
  const read = new Set(runs.flatMap(({ sources }) => sources.map(({ path }) => path)));
  const others = planned.layouts.filter(({ folder }) => !folder.files.some((path) => read.has(path)));
  const elsewhere = new Set(others.flatMap(({ folder }) => folder.files));
  const unread = planned.runs.flatMap(({ sources }) =>
    sources.filter(({ path, role }) => role !== "history" && !read.has(path)).map(({ path }) => path),
  );
  const unreadable = planned.problems.map(({ path }) => path).filter((path) => elsewhere.has(path));
  return {
    ...planned,
    runs,
    leftOut: new Map([
      ...planned.leftOut,
      ...[...unread, ...unreadable].map((path) => [path, byNoTool] as const),
    ]),
    problems: planned.problems.filter(({ path }) => !elsewhere.has(path)),
    empty: planned.empty.filter((path) => !elsewhere.has(path)),
  };
}

/** Numbered files in a folder that is called `migrations`, of a program in which no tool runs any: it runs them by itself. */
function ofOtherPrograms(
  all: readonly Run[],
  byTool: readonly Run[],
  layouts: readonly Layout[],
): readonly Run[] {
  const project = layouts[0]?.folder.project;
  if (project === undefined || byTool.length === all.length) return [];
  const programs = ({ sources }: Run) => sources.slice(0, 1).map(({ path }) => programOf(project, path));
  const known = new Set<string | null>([null, ...byTool.flatMap(programs)]);
  return all.filter((run) => {
    const paths = run.sources.map(({ path }) => path);
    const isNumbered = paths.every((path) => ownFolder.test(path)) && seriesOf(paths) !== null;
    return !byTool.includes(run) && isNumbered && !programs(run).some((program) => known.has(program));
  });
}

function isCalledSo({ sources }: Run): boolean {
  return sources.some(({ path }) => migrationName.test(path));
}

/**
 * Files that are only named like migrations may be patches of which each database has had some, and others may run between those
 * of two tools: none proves another wrong.
 */
function withoutProof(run: Run): Run {
  return { ...run, sources: run.sources.map((source) => ({ ...source, behindGap: true })) };
}

/** For people: the folders with the most SQL that could be meant, or how much there is that is not; nothing where there is none. */
export function whereSqlLies({ layouts, leftOut }: PlannedRuns): string {
  const most = layouts
    .filter(({ folder }) => folder.files.length > 0)
    .map((layout) => ({ ...layout, isForTests: layout.folder.files.every((path) => testFolder.test(path)) }))
    .sort(
      (a, b) => Number(a.isForTests) - Number(b.isForTests) || b.folder.files.length - a.folder.files.length,
    )
    .slice(0, 3)
    .map(({ folder: { root, files } }) => `${root === "" ? "." : root} (${countOf(files.length, "file")})`);
  const told = most.length > 0 ? new Map([...leftOut].filter(([, why]) => why !== byNoTool)) : leftOut;
  const beside = told.size === 0 ? "" : `; ${tellLeftOut(told)}`;
  return most.length > 0 ? `; SQL lies in ${most.join(", ")}${beside}` : beside;
}

/** `3 SQL files left out (2 for another database, 1 no migration)`. */
export function tellLeftOut(leftOut: ReadonlyMap<string, string>): string {
  const counts = new Map<string, number>();
  for (const why of leftOut.values()) counts.set(why, (counts.get(why) ?? 0) + 1);
  const kinds = [...counts].sort(([, a], [, b]) => b - a);
  const told = kinds.map(([why, count]) => (kinds.length === 1 ? why : `${count} ${why}`)).join(", ");
  return `${countOf(leftOut.size, "SQL file")} left out (${told})`;
}

/** A folder for migrations, or for what belongs to a version of the schema; or a file that is called so itself. */
const migrationName =
  /(?:^|\/)(?:[^/]*migrat[^/]*|versioned|(?:[^/]*[-_])?upgrades?\d?(?:[-_][^/]*)?|deltas?|change(?:set|log)s?)\/|(?:^|\/)migrations?(?:-|_?\d)[^/]*$/i;
const ownFolder = /(?:^|\/)(?:db[-_])?migrations?\/[^/]+$/i;
const testFolder =
  /(?:^|\/)(?:test[-_]?data|test[-_]files|__tests__|__fixtures__|fixtures|stubs?|src\/(?:integration)?test)\//i;

function untilLastJudged(layout: Layout, judged: ReadonlySet<string>): readonly string[] {
  const last = layout.folder.files.findLastIndex((path) => judged.has(path));
  return layout.folder.files.slice(0, last + 1);
}

/** One report of several; the summary names each runner once. */
export function mergeReports(reports: readonly Report[], none: Report["context"]): Report {
  const contexts = reports.map(({ context }) => context);
  const first = contexts[0] ?? none;
  const sum = (key: keyof Summary) => reports.reduce((total, { summary }) => total + summary[key], 0);
  return {
    files: reports.flatMap(({ files }) => files),
    diagnostics: reports.flatMap(({ diagnostics }) => diagnostics),
    complaints: reports.flatMap(({ complaints }) => complaints),
    summary: {
      errors: sum("errors"),
      warnings: sum("warnings"),
      suppressed: sum("suppressed"),
      baseline: sum("baseline"),
      notUnderstood: sum("notUnderstood"),
    },
    context: {
      ...first,
      runner: [...new Set(contexts.map(({ runner }) => runner))].join(", ") || none.runner,
      history: contexts.reduce((total, { history }) => total + history, 0),
    },
  };
}

/** The report with its paths as people know them. */
export function renamePaths(report: Report, nameOf: (path: string) => string): Report {
  return {
    ...report,
    files: report.files.map((file) => ({ ...file, path: nameOf(file.path) })),
    diagnostics: report.diagnostics.map((diagnostic) => ({ ...diagnostic, path: nameOf(diagnostic.path) })),
    complaints: report.complaints.map((complaint) => ({
      ...complaint,
      path: complaint.path === null ? null : nameOf(complaint.path),
    })),
  };
}
