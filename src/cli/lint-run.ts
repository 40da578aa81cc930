import { readFileSync, writeFileSync } from "node:fs";
import { folderOf } from "../config/paths.ts";
import { defaultPostgresVersion, type Options } from "../engine/options.ts";
import type { Report } from "../engine/report.ts";
import { knownRules } from "../engine/suppress.ts";
import { findProfile } from "../layout/index.ts";
import { loadPieces, loadReporter } from "../reporters/load.ts";
import type { ReporterOptions } from "../reporters/reporter.ts";
import { baselinePath, hideKnown, writeBaseline } from "./baseline-run.ts";
import { usageError } from "./failure.ts";
import { toSlashes } from "./files.ts";
import { keepFixes } from "./fix-run.ts";
import { type Gathered, gather } from "./gather.ts";
import { openHistoryStore } from "./history-store.ts";
import { noteUnmarked } from "./left-out.ts";
import type { LintFlags } from "./lint-flags.ts";
import { groupByConfiguration, settingsFolder } from "./lint-groups.ts";
import { noteEdited, notePlan, openFailures } from "./lint-notes.ts";
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
  const failures = openFailures();
  notePlan(planned, gathered, flags, failures);
  if (flags.config === undefined && bytes === undefined) {
    const { folders } = gathered;
    for (const path of await otherConfigurations(planned, project, folders, settings.loaded.folder))
      complain(`${path}: not read by this run; run lockwise from its folder, or name it with --config`);
  }
  noteEdited(planned, gathered, flags);

  const { runs, settled } = await judge(planned, gathered, settings, options, flags);
  const fixed = keepFixes(runs, settled, flags, project);
  const context: Report["context"] = {
    postgresVersion: options.postgresVersion ?? defaultPostgresVersion,
    isVersionConfigured: options.postgresVersion !== undefined,
    runner: runner?.title ?? "",
    history: 0,
    parser: options.parser ?? "postgres",
  };
  const whole = mergeReports(fixed.reports, context);
  const unmarked = noteUnmarked(runs, whole, project.nameOf, flags.verbose);
  if (flags.since === undefined && unmarked > 0 && whole.files.length === 0)
    failures.tell("nothing that was asked for is judged");
  const isKnown = flags.baseline !== undefined || settings.loaded.baseline !== null;
  if (flags.writeBaseline) writeBaseline(whole, baseline, isKnown);
  const isAsked = flags.writeBaseline || flags.baseline !== undefined;
  const { report: left, gone } = hideKnown(whole, baseline, isAsked);
  const report = renamePaths(left, project.nameOf);
  for (const { path, line, message } of report.complaints) {
    failures.tell(`${path === null ? "" : `${path}${line === null ? "" : `:${line}`}: `}${message}`);
  }
  const status = failures.any() ? 2 : statusOf(report, flags);
  // Who stops reading ends the process: it shall end as it would have.
  process.exitCode = Math.max(status, Number(process.exitCode ?? 0));
  // The fixed text of stdin goes back to where it came from, to the last character.
  if (fixed.output !== null) writePieces([fixed.output], flags.output, flags.stdin && flags.fix);
  else await print(report, flags, settings, gone);
  return status;
}

/** Judges what is planned, and fixes it where that is asked for. */
async function judge(
  planned: PlannedRuns,
  { named, project }: Gathered,
  settings: Settings,
  options: Options,
  flags: LintFlags,
) {
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
  const runs = isOfPast ? sealCommitted(planned.runs, named, project) : planned.runs;
  const settled = await settleRuns({
    runs,
    options: runOptions,
    settings: hasOwn
      ? null
      : { options, isFixing, isCached: flags.cache, base: project.base, paths: project.paths },
    isFixing,
    results: flags.cache && !hasOwn ? openResultStore(project.base, runOptions) : null,
  });
  return { runs, settled };
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
