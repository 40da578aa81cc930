import { pathToFileURL } from "node:url";
import { rules as ownRules } from "../../rules/index.ts";
import { type LoadedConfiguration, noConfiguration } from "../config/configuration.ts";
import { nearestWord } from "../engine/nearest.ts";
import type { Options, RuleSetting } from "../engine/options.ts";
import type { KnownRules } from "../engine/suppressions.ts";
import type { Rule } from "../rule.ts";
import { append } from "../text/append.ts";
import { usageError } from "./failure.ts";
import { toSlashes } from "./files.ts";
import { complain } from "./output.ts";

/** The configuration of a run together with the rules that it may ask. */
export interface Settings {
  readonly loaded: LoadedConfiguration;
  readonly catalogue: readonly Rule[];
}

/** Nobody mends more at once. */
const mostProblems = 50;

/** What cannot be read is for a person to mend. */
function orUsageError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Finds and loads the configuration for a folder, or the one that `path` names, with its plugins. Ends the command where
 * anything in it is wrong.
 */
export async function loadSettings(folder: string, path: string | undefined): Promise<Settings> {
  const { findConfiguration, openConfiguration } = await import("../config/find.ts");
  const { nodeFiles } = await import("../config/node.ts");
  const files = { ...nodeFiles, read: (name: string) => orUsageError(() => nodeFiles.read(name)) };
  const found =
    path === undefined ? findConfiguration(files, folder) : openConfiguration(files, toSlashes(path));
  if (found === null) {
    if (path !== undefined) throw usageError(`${path}: there is no such configuration`);
    return { loaded: noConfiguration, catalogue: ownRules };
  }
  const { loadConfiguration } = await import("../config/load.ts");
  const { knownNames } = await import("../config/known-names.ts");
  let catalogue: readonly Rule[] = ownRules;
  const outcome = await loadConfiguration(files, found, async (plugins) => {
    catalogue = [...ownRules, ...(await loadPlugins(plugins))];
    return knownNames(catalogue);
  });
  const problems = outcome.problems.map(
    (problem) => `${problem.path}:${problem.line}:${problem.column}: ${problem.message}`,
  );
  const more = problems.length - mostProblems;
  if (more > 0) problems.splice(mostProblems, more, `and ${more} more`);
  if (problems.length > 0) throw usageError(problems.join("\n"));
  for (const note of outcome.configuration.notes) complain(note);
  return { loaded: outcome.configuration, catalogue };
}

/**
 * Resolves to what tells the path of the configuration that holds for a folder; null where there is none. `lacks` knows of some
 * files that they are not there: nobody asks the disk for these.
 */
export async function openConfigurationSearch(
  lacks: (path: string) => boolean = () => false,
): Promise<(folder: string) => string | null> {
  const { openSearch } = await import("../config/find.ts");
  const { nodeFiles } = await import("../config/node.ts");
  const search = openSearch({
    read: (path) => (lacks(path) ? null : nodeFiles.read(path)),
    exists: (path) => !lacks(path) && nodeFiles.exists(path),
  });
  return (folder) => orUsageError(() => search(folder))?.path ?? null;
}

async function loadPlugins(paths: readonly string[]): Promise<Rule[]> {
  const { importModule } = await import("./import-module.ts");
  const rules: Rule[] = [];
  for (const path of paths) {
    const isFile = path.startsWith("/") || /^[A-Za-z]:/.test(path);
    const module: unknown = await importModule(isFile ? pathToFileURL(path).href : path);
    const values = Object.values(module as object).flat();
    const found = values.filter(isRule);
    if (found.length === 0) throw new Error("it exports no rules");
    append(rules, new Set(found));
  }
  return rules;
}

function isRule(value: unknown): value is Rule {
  if (typeof value !== "object" || value === null) return false;
  const rule = value as Partial<Rule>;
  return typeof rule.id === "string" && typeof rule.check === "function" && Array.isArray(rule.on);
}

/** A rule's own ids for a word of the command line; ends the command where no rule has that name. */
function resolveRule(word: string, known: KnownRules): readonly string[] {
  if (known.ids.has(word)) return [word];
  const targets = known.aliases.get(word);
  if (targets !== undefined) return targets;
  const near = nearestWord(word, known.ids);
  throw usageError(
    `unknown rule ${JSON.stringify(word)}${near === null ? ": `lockwise rules` lists them all" : `: did you mean ${near}?`}`,
  );
}

/** `--rule id=severity` and `--only id,...` on top of the configuration. */
export function withFlags(
  options: Options,
  known: KnownRules,
  flags: { readonly rule: readonly string[]; readonly only: readonly string[] },
): Options {
  const rules: Record<string, RuleSetting> = { ...options.rules };
  const forced: Record<string, RuleSetting> = {};
  for (const flag of flags.rule) {
    const at = flag.indexOf("=");
    const severity = flag.slice(at + 1);
    if (at === -1 || !isSeverity(severity)) {
      throw usageError(`--rule ${flag}: write --rule <id>=off, =warning or =error`);
    }
    for (const id of resolveRule(flag.slice(0, at), known)) {
      const old = rules[id];
      forced[id] = old !== undefined && typeof old !== "string" ? [severity, old[1] ?? {}] : severity;
    }
  }
  const only = flags.only.flatMap((word) => resolveRule(word, known));
  return {
    ...options,
    rules: { ...rules, ...forced },
    // What is asked for on the command line beats the overrides of single files too.
    ...(Object.keys(forced).length > 0 && {
      overrides: [...(options.overrides ?? []), { files: ["**"], rules: forced }],
    }),
    ...(only.length > 0 && { only }),
  };
}

function isSeverity(word: string): word is "off" | "warning" | "error" {
  return word === "off" || word === "warning" || word === "error";
}
