import { lengthOf, withParser } from "../parse/load.ts";
import type { Parser } from "../parse/parser.ts";
import { append } from "../text/append.ts";
import { positionAt } from "../text/lines.ts";
import { indexRules, type RuleIndex } from "./active-rules.ts";
import { diagnose } from "./diagnose.ts";
import type { EngineOptions } from "./engine-options.ts";
import { factsOf } from "./facts.ts";
import { tellCutShort } from "./file-limits.ts";
import { matchesGlob } from "./glob.ts";
import { groupBy } from "./group.ts";
import { replayHistory } from "./history.ts";
import { createJudge, type Judge } from "./judge.ts";
import { addUnit, type JudgedFile } from "./judged-files.ts";
import { type Judgement, newJudgement, type RawFinding } from "./judgement.ts";
import { defaultPostgresVersion, type Source } from "./options.ts";
import type { Complaint, Diagnostic, FileReport, Report, Summary } from "./report.ts";
import { runUnit } from "./run.ts";
import { startRun } from "./run-state.ts";
import { knownRules, suppressFile } from "./suppress.ts";
import { openPlanner } from "./units.ts";

/**
 * Lints sources in the order in which they run and resolves to the report. Sources of role `history` are replayed
 * and not judged. Bad SQL and rules that throw are in the report; it rejects where the options cannot be met.
 */
export async function lintSources(sources: readonly Source[], options: EngineOptions): Promise<Report> {
  // What is known of the history already is not read again.
  const judged = sources.filter(({ role }) => role !== "history");
  return withParser(options.parser, lengthOf(judged), (parser) => lintWith(parser, sources, options));
}

function lintWith(parser: Parser, sources: readonly Source[], options: EngineOptions): Report {
  const version = options.postgresVersion ?? defaultPostgresVersion;
  const planner = openPlanner(sources, options);
  const run = startRun(options, version, parser, sources);
  const judgement = newJudgement();
  const rulesFor = ruleCache(options, version);
  const judge = createJudge(rulesFor, judgement);
  const judged = new Map<string, JudgedFile>();
  const past = replayHistory(sources, planner, run, options);
  const histories = new Set(past.files);
  planner.unitsOf(sources.slice(past.sources)).forEach((planned, k) => {
    const facts = factsOf(planned, past.units + k, options, run);
    const read = runUnit(run, planned, facts, planned.role === "history" ? null : judge);
    if (planned.source.role === "history") histories.add(planned.source.path);
    else if (planned.role !== "history") addUnit(judged, planned, facts, read, run);
  });
  judge.endOfHistory(run.schema);
  const { kept, suppressed } = suppressAll(judged, judgement, judge, rulesFor, options);
  const diagnostics = diagnose(judged, kept);
  return {
    files: fileReports(judged, judgement),
    diagnostics,
    complaints: [...complaintsOf(judged, judgement), ...tellCutShort(run.cutShort)],
    summary: summarise(diagnostics, suppressed, judgement),
    context: {
      postgresVersion: version,
      isVersionConfigured: options.postgresVersion !== undefined,
      runner: planner.runner,
      history: histories.size,
      parser: parser.name,
    },
  };
}

/** Suppressed findings go; what is wrong with the suppressions themselves is asked of their rules, and stays. */
function suppressAll(
  judged: ReadonlyMap<string, JudgedFile>,
  judgement: Judgement,
  judge: Judge,
  rulesFor: (path: string) => RuleIndex,
  options: EngineOptions,
): { kept: RawFinding[]; suppressed: number } {
  const known = knownRules(options.catalogue);
  const byPath = groupBy(judgement.findings.splice(0), (raw) => raw.path);
  const kept: RawFinding[] = [];
  let suppressed = 0;
  for (const [path, file] of judged) {
    const findings = byPath.get(path) ?? [];
    const { text, ignoring } = file;
    if (ignoring === null) {
      append(kept, findings);
      continue;
    }
    const { ids } = rulesFor(path);
    const result = suppressFile(text, ignoring, findings, known, options, (rule) => ids.has(rule));
    append(kept, result.kept);
    suppressed += result.suppressed;
    for (const { rule, at, message } of result.problems) {
      judge.suppression({ kind: "suppression", rule, at, message }, ignoring.world, ignoring.facts);
    }
  }
  return { kept: [...kept, ...judgement.findings], suppressed };
}

function fileReports(judged: ReadonlyMap<string, JudgedFile>, judgement: Judgement): FileReport[] {
  const byPath = groupBy(judgement.notUnderstood, (item) => item.path);
  return [...judged.values()].map(({ path, lines, statements }) => ({
    path,
    statements,
    notUnderstood: (byPath.get(path) ?? []).map(({ offset, reason }) => ({
      line: positionAt(lines, offset).line,
      reason,
    })),
    lines,
  }));
}

function complaintsOf(judged: ReadonlyMap<string, JudgedFile>, judgement: Judgement): Complaint[] {
  return judgement.failures.map(({ rule, path, offset, message }) => {
    const file = judged.get(path);
    const line = file === undefined ? null : positionAt(file.lines, offset).line;
    return { path, line, message: `the rule ${rule} failed: ${message}` };
  });
}

function summarise(diagnostics: readonly Diagnostic[], suppressed: number, judgement: Judgement): Summary {
  return {
    errors: diagnostics.filter(({ severity }) => severity === "error").length,
    warnings: diagnostics.filter(({ severity }) => severity === "warning").length,
    suppressed,
    baseline: 0,
    notUnderstood: judgement.notUnderstood.length,
  };
}

/** The rules of a path; paths that the overrides treat alike share one index. */
function ruleCache(options: EngineOptions, version: number): (path: string) => RuleIndex {
  const byPath = new Map<string, RuleIndex>();
  const byMatches = new Map<string, RuleIndex>();
  const globs = (options.overrides ?? []).flatMap((override) => override.files);
  return (path) => {
    const known = byPath.get(path);
    if (known !== undefined) return known;
    const key = globs.map((glob) => (matchesGlob(glob, path) ? "1" : "0")).join("");
    const index = byMatches.get(key) ?? indexRules(options, version, (glob) => matchesGlob(glob, path));
    byMatches.set(key, index);
    byPath.set(path, index);
    return index;
  };
}
