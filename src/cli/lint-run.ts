import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { baselineName } from "../config/configuration.ts";
import { folderOf, relativeTo, resolveFrom } from "../config/paths.ts";
import { readFile } from "../config/read-file.ts";
import { applyBaseline, parseBaseline, renderBaseline, toBaseline } from "../engine/baseline.ts";
import { defaultPostgresVersion, type Options } from "../engine/options.ts";
import type { Report } from "../engine/report.ts";
import { knownRules } from "../engine/suppress.ts";
import { ranBefore } from "../engine/units.ts";
import { findProfile, gapsOf, psql } from "../layout/index.ts";
import { loadPieces, loadReporter } from "../reporters/load.ts";
import type { ReporterOptions } from "../reporters/reporter.ts";
import { countOf } from "../reporters/words.ts";
import { usageError } from "./failure.ts";
import { toSlashes } from "./files.ts";
import { keepFixes } from "./fix-run.ts";
import { type Gathered, gather } from "./gather.ts";
import { openHistoryStore } from "./history-store.ts";
import { noteLeftOut, noteUnmarked } from "./left-out.ts";
import type { LintFlags } from "./lint-flags.ts";
import { groupByConfiguration, settingsFolder } from "./lint-groups.ts";
import { otherConfigurations } from "./other-configurations.ts";
import { codeOf, complain, hasColour, isTerminal, terminalWidth, writePieces } from "./output.ts";
import { whereProgramsLie } from "./programs.ts";
import { openResultStore, type ProjectOptions } from "./result-store.ts";
import {
  guessMigrations,
  mergeReports,
  type PlannedRuns,
  planRuns,
  renamePaths,
  whereSqlLies,
} from "./runs.ts";
import { sealCommitted } from "./sealed.ts";
import { loadSettings, type Settings, withFlags } from "./settings.ts";
import { packageVersion } from "./version.ts";
import { settleRuns } from "./workers.ts";
import { isThere, writeWholly } from "./write-file.ts";

/**
 * Runs `lockwise lint` and resolves to the exit status. What has configurations of its own is a run of its own: no file is
 * judged by the rules of another project.
 */
export async function runLint(paths: readonly string[], flags: LintFlags): Promise<number> {
  const groups = await groupByConfiguration(paths, flags, toSlashes(process.cwd()));
  let status = 0;
  for (const group of groups) status = Math.max(status, await runGroup(group, flags));
  return status;
}

async function runGroup(paths: readonly string[], flags: LintFlags): Promise<number> {
  const cwd = toSlashes(process.cwd());
  checkStdin(paths, flags);
  const bytes = flags.stdin ? readStdin() : undefined;
  const settings = await loadSettings(settingsFolder(paths, flags, cwd), flags.config);
  const stdin = bytes && { bytes, name: flags.stdinFilename };
  const baseline = baselinePath(flags, settings, cwd);
  const root = baseline === null ? undefined : folderOf(baseline);
  const gathered = gather({ paths, cwd, since: flags.since, stdin, root }, settings);
  const options = optionsOf(flags, settings);
  const runner = options.runner === undefined ? null : findProfile(options.runner);
  const { project } = gathered;
  const asked = planRuns(project, gathered.judged, gathered.named, runner, gathered.edited);
  const isGuess = paths.length === 0 && bytes === undefined && settings.loaded.migrations === null;
  const planned = isGuess && gathered.judged.size > 0 ? guessMigrations(asked) : asked;
  if (planned === null)
    throw usageError(
      `no migrations found here: name files or folders, or run from the project${whereSqlLies(asked)}${whereProgramsLie(cwd)}`,
    );
  let hasFailed = false;
  const fail = (message: string) => {
    hasFailed = true;
    complain(message);
  };
  for (const problem of gathered.problems) fail(problem);
  for (const { path, problem } of planned.problems) fail(`${project.nameOf(path)}: ${problem}`);
  // Empty down files are common; one that was named is worth a word.
  for (const path of planned.empty) {
    if (gathered.named.has(path) || flags.verbose) complain(`${project.nameOf(path)}: is empty`);
  }
  noteLeftOut(planned.leftOut.map(project.nameOf), flags.verbose);
  const isAllLeftOut = planned.leftOut.length > 0 && planned.leftOut.length === gathered.judged.size;
  if (flags.since === undefined && isAllLeftOut)
    fail("nothing that was asked for is judged: name a file to have it judged all the same");
  if (flags.verbose) noteTools(planned, project.nameOf);
  if (flags.config === undefined && bytes === undefined) {
    for (const path of await otherConfigurations(planned, project, settings.loaded.folder))
      complain(`${path}: not read by this run; run lockwise from its folder, or name it with --config`);
  }
  for (const path of editedAfterRun(planned, gathered)) {
    complain(
      `${project.nameOf(path)}: changed since ${flags.since}; databases that have run it will not run it again`,
    );
  }

  const historyStore = flags.cache ? openHistoryStore(project.base) : null;
  const isFixing = flags.fix || flags.fixDryRun;
  const hasOwn = flags.stdin || settings.loaded.plugins.length > 0;
  const runOptions: ProjectOptions = {
    ...options,
    ...(historyStore && { historyStore }),
    catalogue: settings.catalogue,
    project,
  };
  const isOfPast = isFixing && flags.since === undefined && !flags.stdin;
  const runs = isOfPast ? sealCommitted(planned.runs, gathered.named, project) : planned.runs;
  const settled = await settleRuns({
    runs,
    options: runOptions,
    settings: hasOwn
      ? null
      : { options, isFixing, isCached: flags.cache, base: project.base, paths: project.paths },
    isFixing,
    results: flags.cache && !hasOwn ? openResultStore(project.base, runOptions) : null,
  });
  const fixed = keepFixes(runs, settled, flags, project);
  const context: Report["context"] = {
    postgresVersion: options.postgresVersion ?? defaultPostgresVersion,
    isVersionConfigured: options.postgresVersion !== undefined,
    runner: runner?.title ?? "",
    history: 0,
    parser: options.parser ?? "postgres",
  };
  let report = mergeReports(fixed.reports, context);
  const unmarked = noteUnmarked(runs, report, project.nameOf, flags.verbose);
  if (flags.since === undefined && unmarked > 0 && report.files.length === 0)
    fail("nothing that was asked for is judged");
  let gone = 0;
  const isKnown = flags.baseline !== undefined || settings.loaded.baseline !== null;
  if (flags.writeBaseline) writeBaseline(report, baseline, isKnown);
  if (baseline !== null && (flags.writeBaseline || flags.baseline !== undefined || existsSync(baseline))) {
    const outcome = applyBaseline(report, openBaseline(baseline));
    report = outcome.report;
    gone = outcome.gone.length;
  }
  report = renamePaths(report, project.nameOf);
  for (const { path, line, message } of report.complaints) {
    fail(`${path === null ? "" : `${path}${line === null ? "" : `:${line}`}: `}${message}`);
  }
  const status = hasFailed ? 2 : statusOf(report, flags);
  // Who stops reading ends the process: it shall end as it would have.
  process.exitCode = Math.max(status, Number(process.exitCode ?? 0));
  // The fixed text of stdin goes back to where it came from, to the last character.
  if (fixed.output !== null) writePieces([fixed.output], flags.output, flags.stdin && flags.fix);
  else await print(report, flags, settings, gone);
  return status;
}

async function print(report: Report, flags: LintFlags, settings: Settings, gone: number): Promise<void> {
  const render = await loadPieces(flags.format);
  const isToTerminal = flags.output === undefined && isTerminal();
  const width = isToTerminal ? terminalWidth() : undefined;
  const options: ReporterOptions = {
    colour: flags.output === undefined && hasColour(process.env, isToTerminal),
    ...(width !== undefined && { width }),
    verbose: flags.verbose,
    rules: settings.catalogue,
    version: packageVersion,
    gone,
  };
  writePieces(render(report, options), flags.output, flags.format === "github");
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (flags.format === "github" && summary !== undefined && summary !== "") {
    const renderMarkdown = await loadReporter("markdown");
    try {
      writeFileSync(summary, renderMarkdown(report, options), { flag: "a" });
    } catch (error) {
      complain(`the job summary cannot be written (${codeOf(error)})`);
    }
  }
}

function statusOf({ summary }: Report, flags: LintFlags): number {
  if (flags.maxWarnings !== undefined && summary.warnings > flags.maxWarnings) return 1;
  if (flags.maxNotUnderstood !== undefined && summary.notUnderstood > flags.maxNotUnderstood) return 1;
  if (flags.failOn === "never") return 0;
  return summary.errors > 0 || (flags.failOn === "warning" && summary.warnings > 0) ? 1 : 0;
}

function optionsOf(flags: LintFlags, { loaded, catalogue }: Settings): Options {
  const options = withFlags(loaded.options, knownRules(catalogue), flags);
  return {
    ...options,
    ...(flags.postgresVersion !== undefined && { postgresVersion: flags.postgresVersion }),
    ...(flags.runner !== undefined && { runner: flags.runner }),
    ...(flags.parser !== undefined && { parser: flags.parser }),
    ...(flags.down && { down: true }),
    ...(flags.since !== undefined && { release: "run" as const }),
  };
}

/** What would be read instead of what was meant is told. */
function checkStdin([first]: readonly string[], flags: LintFlags): void {
  if (first === "-") throw usageError("-: stdin is read with --stdin");
  if (flags.stdin && first !== undefined)
    throw usageError(`${first}: with --stdin nothing else is read; its place is named by --stdin-filename`);
  if (!flags.stdin && flags.stdinFilename !== undefined)
    throw usageError("--stdin-filename goes with --stdin");
}

function readStdin(): Uint8Array {
  try {
    return readFileSync(0);
  } catch (error) {
    throw usageError(`stdin cannot be read (${codeOf(error)})`);
  }
}

function baselinePath(flags: LintFlags, { loaded }: Settings, cwd: string): string | null {
  if (flags.baseline !== undefined) return resolveFrom(cwd, flags.baseline);
  if (loaded.baseline !== null) return loaded.baseline;
  return flags.writeBaseline ? resolveFrom(loaded.folder ?? cwd, baselineName) : null;
}

function writeBaseline(report: Report, path: string | null, isKnown: boolean): void {
  if (path === null) return;
  if (isOfOthers(path)) throw usageError(`${nameOf(path)}: is there and is no baseline: nothing is written`);
  writeWholly(path, renderBaseline(toBaseline(report)));
  const name = nameOf(path);
  const how = `; --baseline ${name} hides them, or "baseline": "${baselineName}" in the configuration`;
  complain(`${name}: ${countOf(report.diagnostics.length, "finding")} written${isKnown ? "" : how}`);
}

/** Whether something that is none of our files is there. A configuration says where: it shall not have other files overwritten. */
function isOfOthers(path: string): boolean {
  if (!isThere(path)) return false;
  try {
    const text = readFile(path);
    // One that a merge has left in pieces is still one.
    return text.trim() !== "" && !text.includes('"findings"');
  } catch {
    return true;
  }
}

/** As seen from where people are. */
function nameOf(path: string): string {
  return relativeTo(toSlashes(process.cwd()), path);
}

function openBaseline(path: string) {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    throw usageError(
      `${nameOf(path)}: the baseline cannot be read (${codeOf(error)}); --write-baseline writes one`,
    );
  }
  try {
    return parseBaseline(text);
  } catch (error) {
    throw usageError(`${nameOf(path)}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Edited migrations of which something that has run, and runs once, is not what it was. */
function editedAfterRun({ layouts }: PlannedRuns, { edited, project }: Gathered): string[] {
  return [...edited].flatMap(([path, before]) => {
    const profile = layouts.find(({ folder }) => folder.files.includes(path))?.profile ?? psql;
    const states = [
      ...ranBefore({ path, text: project.read(path) ?? "" }, before, profile, project).values(),
    ];
    return states.includes("other") ? [path] : [];
  });
}

/** Which tool was found for the folders that are judged, and why. */
function noteTools({ layouts, runs }: PlannedRuns, nameOf: (path: string) => string): void {
  const judged = new Set(
    runs.flatMap(({ sources }) => sources.filter(({ role }) => role === "lint").map(({ path }) => path)),
  );
  for (const layout of layouts) {
    const { profile, folder, because } = layout;
    if (!folder.files.some((path) => judged.has(path))) continue;
    const why = because === "" ? "" : ` (${because})`;
    const gaps = gapsOf(layout).because;
    const doubt = gaps === null ? "" : `; ${gaps}`;
    complain(`${nameOf(folder.root || ".") || "."}: read as ${profile.title} runs it${why}${doubt}`);
  }
}
