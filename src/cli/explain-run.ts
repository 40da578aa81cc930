import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { folderOf } from "../config/paths.ts";
import { explainSources } from "../engine/explain.ts";
import { lintSources } from "../engine/lint.ts";
import { nearestWord } from "../engine/nearest.ts";
import { docsUrl } from "../engine/options.ts";
import { knownRules } from "../engine/suppress.ts";
import { findProfile } from "../layout/index.ts";
import { renderExplanation, renderExplanationJson } from "../reporters/explain.ts";
import { type RuleExamples, renderRule, renderRuleJson } from "../reporters/explain-rule.ts";
import type { ReporterOptions } from "../reporters/reporter.ts";
import type { Rule } from "../rule.ts";
import { usageError } from "./failure.ts";
import { toSlashes } from "./files.ts";
import { gather } from "./gather.ts";
import { hasRoom } from "./heap-growth.ts";
import { openHistoryStore } from "./history-store.ts";
import { complain, hasColour, isTerminal, terminalWidth, writeResult } from "./output.ts";
import { planRuns } from "./runs.ts";
import { loadSettings, type Settings } from "./settings.ts";

/** The flags of `lockwise explain`, parsed and checked. */
export interface ExplainFlags {
  readonly format: "pretty" | "json";
  readonly postgresVersion?: number;
  readonly runner?: string;
  readonly config?: string;
  readonly parser?: "postgres" | "pgsql-ast-parser";
}

/** Runs `lockwise explain` and resolves to the exit status. A file that exists comes before a rule of its name. */
export async function runExplain(subject: string, flags: ExplainFlags): Promise<number> {
  const cwd = toSlashes(process.cwd());
  const path = toSlashes(resolve(cwd, subject));
  const isFile = existsSync(path);
  const settings = await loadSettings(isFile ? folderOf(path) : cwd, flags.config);
  const colour = hasColour(process.env, isTerminal());
  const width = terminalWidth();
  if (isFile)
    return explainFiles(subject, flags, settings, cwd, { colour, ...(width !== undefined && { width }) });
  const rule = findRule(subject, settings.catalogue);
  const examples = await examplesOf(rule, settings);
  writeResult(
    flags.format === "json" ? renderRuleJson(rule, examples) : renderRule(rule, examples, { colour }),
    undefined,
  );
  return 0;
}

async function explainFiles(
  subject: string,
  flags: ExplainFlags,
  settings: Settings,
  cwd: string,
  shown: ReporterOptions,
): Promise<number> {
  const gathered = gather({ paths: [subject], cwd }, settings);
  const { project } = gathered;
  const name = flags.runner ?? settings.loaded.options.runner;
  const planned = planRuns(
    project,
    gathered.judged,
    gathered.named,
    name === undefined ? null : findProfile(name),
  );
  for (const problem of gathered.problems) complain(problem);
  for (const { path, problem } of planned.problems) complain(`${project.nameOf(path)}: ${problem}`);
  const historyStore = openHistoryStore(project.base);
  let isWhole = planned.problems.length === 0 && gathered.problems.length === 0;
  for (const run of planned.runs) {
    const explanation = await explainSources(run.sources, {
      ...settings.loaded.options,
      catalogue: settings.catalogue,
      hasRoom,
      project,
      ...(historyStore && { historyStore }),
      ...(run.profile && { runner: run.profile.name }),
      ...(flags.postgresVersion !== undefined && { postgresVersion: flags.postgresVersion }),
      ...(flags.parser !== undefined && { parser: flags.parser }),
    });
    for (const { path, message } of explanation.complaints)
      complain(`${path === null ? "" : `${project.nameOf(path)}: `}${message}`);
    isWhole &&= explanation.complaints.length === 0;
    const statements = explanation.statements.map((one) => ({ ...one, path: project.nameOf(one.path) }));
    const named = { ...explanation, statements };
    writeResult(
      flags.format === "json" ? renderExplanationJson(named) : renderExplanation(named, shown),
      undefined,
    );
  }
  return isWhole ? 0 : 2;
}

function findRule(word: string, catalogue: readonly Rule[]): Rule {
  const { ids, aliases } = knownRules(catalogue);
  const id = ids.has(word) ? word : aliases.get(word)?.[0];
  const rule = catalogue.find((one) => one.id === id);
  if (rule !== undefined) return rule;
  if (/[/\\]|\.sql$/i.test(word)) throw usageError(`${word}: there is no such file`);
  const near = nearestWord(word, [...ids, ...aliases.keys()]);
  const hint = near === null ? "`lockwise rules` lists the rules" : `did you mean ${near}?`;
  throw usageError(`${word}: no rule and no file of this name: ${hint}`);
}

/** The examples of our own rules lie beside the executable, or in the fixtures of a checkout. */
async function examplesOf(rule: Rule, { catalogue }: Settings): Promise<RuleExamples> {
  const { bad, good } = readExamples(rule.id);
  const docs = docsUrl + rule.id;
  if (bad === null) return { bad, good, finding: null, docs };
  const report = await lintSources([{ path: "bad.sql", text: bad }], { catalogue, only: [rule.id] });
  const finding =
    report.diagnostics.find(({ rule: id, rewrite }) => id === rule.id && rewrite !== null) ?? null;
  return { bad, good, finding, docs };
}

function readExamples(id: string): { bad: string | null; good: string | null } {
  const bundled = read(`${import.meta.dirname}/examples.json`);
  if (bundled !== null) {
    const examples = JSON.parse(bundled) as Record<string, { bad: string | null; good: string | null }>;
    return examples[id] ?? { bad: null, good: null };
  }
  const fixture = (name: string) => read(`${import.meta.dirname}/../../fixtures/${id}/${name}.sql`);
  return { bad: fixture("bad"), good: fixture("good") };
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
