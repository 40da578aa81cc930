import { rules } from "../rules/index.ts";
import { checkCall } from "./config/check-options.ts";
import type { ConfigurationFiles } from "./config/configuration.ts";
import { explainSources } from "./engine/explain.ts";
import type { Explanation } from "./engine/explanation.ts";
import { lintSources } from "./engine/lint.ts";
import type { Options, Source } from "./engine/options.ts";
import { plainExplanation } from "./engine/plain-names.ts";
import { type JsonReport, toJson } from "./reporters/json.ts";
import type { Rule } from "./rule.ts";

export type { ConfigurationFiles } from "./config/configuration.ts";
export type { ExplainedLock, ExplainedStatement, Explanation } from "./engine/explanation.ts";
export type { Options, RuleSetting, Source } from "./engine/options.ts";
export type { Diagnostic, Report } from "./engine/report.ts";
export type { JsonDiagnostic, JsonReport } from "./reporters/json.ts";
export type { Category, Context, Finding, Fix, Migration, Rule, Severity } from "./rule.ts";
export { defineRule } from "./rule.ts";
export { rules };

export interface LintOptions extends Options {
  /** The rules to ask. Default: all of {@link rules}. */
  readonly catalogue?: readonly Rule[];
}

/**
 * Lints migrations and resolves to the object of the JSON contract (`report.schema.json`).
 *
 * `sources` come in the order in which they run; those of role `history` are replayed and not judged. Lines and columns of
 * the result count from 1, in UTF-16 units; offsets from 0. SQL that is broken, or that no parser understands, is part of
 * the result; the promise rejects only where the options cannot be met. Touches no file system and no network.
 */
export async function lint(sources: readonly Source[], options: LintOptions = {}): Promise<JsonReport> {
  const checked = checkCall(sources, options, [...rules, ...(options.catalogue ?? [])]);
  return toJson(await lintSources(sources, { catalogue: rules, ...checked }));
}

/** What every statement does on the server: locks, who waits, table rewrites, scans, index builds, failures. */
export async function explain(sources: readonly Source[], options: LintOptions = {}): Promise<Explanation> {
  const checked = checkCall(sources, options, [...rules, ...(options.catalogue ?? [])]);
  return plainExplanation(await explainSources(sources, { catalogue: rules, ...checked }));
}

/**
 * The options that hold for files of a folder: from `lockwise.config.json` or package.json, found upwards, or from
 * squawk's configuration where there is none of ours. Ready to be handed to {@link lint} and {@link explain}; without a
 * configuration the defaults. Rejects with one line for each problem: `path:line:column: message`.
 *
 * `files` gives access to files by absolute path; default: Node's file system. Plugins are imported by Node as well, so a
 * configuration with plugins needs it.
 */
export async function loadConfig(folder: string, files?: ConfigurationFiles): Promise<LintOptions> {
  const { loadOptions } = await import("./config/for-library.ts");
  return loadOptions(folder, rules, files);
}
