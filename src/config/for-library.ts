import type { EngineOptions } from "../engine/engine-options.ts";
import type { Rule } from "../rule.ts";
import type { ConfigurationFiles } from "./configuration.ts";
import { findConfiguration } from "./find.ts";
import { knownNames } from "./known-names.ts";
import { loadConfiguration } from "./load.ts";

/** The options for files of a folder, with the rules to ask: `rules` and those of plugins. See `loadConfig` of the library. */
export async function loadOptions(
  folder: string,
  rules: readonly Rule[],
  files?: ConfigurationFiles,
): Promise<EngineOptions> {
  const access = files ?? (await nodeAccess());
  const found = findConfiguration(access, folder);
  if (found === null) return { catalogue: rules };
  let catalogue: readonly Rule[] = rules;
  const { configuration, problems } = await loadConfiguration(access, found, async (plugins) => {
    catalogue = [...rules, ...(await importPlugins(plugins))];
    return knownNames(catalogue);
  });
  if (problems.length > 0) {
    const lines = problems.map(({ path, line, column, message }) => `${path}:${line}:${column}: ${message}`);
    throw new Error(lines.join("\n"));
  }
  return { ...configuration.options, catalogue };
}

/** Imported when it is asked for, so that the library loads where Node is not. */
async function nodeAccess(): Promise<ConfigurationFiles> {
  return (await import("./node.ts")).nodeFiles;
}

async function importPlugins(paths: readonly string[]): Promise<Rule[]> {
  const found: Rule[] = [];
  for (const path of paths) {
    const module: unknown = await import(path);
    for (const value of Object.values(module as object).flat()) if (isRule(value)) found.push(value);
  }
  return [...new Set(found)];
}

function isRule(value: unknown): value is Rule {
  return typeof value === "object" && value !== null && "id" in value && "check" in value && "on" in value;
}
