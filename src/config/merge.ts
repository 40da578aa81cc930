import type { RuleSetting } from "../engine/options.ts";
import type { KnownRules } from "../engine/suppressions.ts";
import type { Configuration } from "./configuration.ts";

/** Lays a configuration over another: rules, tables and the like key by key, overrides one after the other. */
export function mergeConfigurations(below: Configuration, above: Configuration): Configuration {
  const merged: Configuration = { ...below, ...above };
  return {
    ...merged,
    ...mergeKey("rules", below, above),
    ...mergeKey("tables", below, above),
    ...mergeKey("session", below, above),
    ...mergeKey("suppressions", below, above),
    ...joinKey("overrides", below, above),
    ...joinKey("ignore", below, above),
    ...joinKey("plugins", below, above),
  };
}

function mergeKey(
  key: "rules" | "tables" | "session" | "suppressions",
  below: Configuration,
  above: Configuration,
): object {
  return below[key] && above[key] ? { [key]: { ...below[key], ...above[key] } } : {};
}

function joinKey(
  key: "overrides" | "ignore" | "plugins",
  below: Configuration,
  above: Configuration,
): object {
  return below[key] && above[key] ? { [key]: [...below[key], ...above[key]] } : {};
}

/** Settings by our own ids: an id of another linter stands for all rules behind it, and gives way to our own. */
export function resolveSettings(
  settings: Readonly<Record<string, RuleSetting>>,
  known: KnownRules,
): Readonly<Record<string, RuleSetting>> {
  const resolved: Record<string, RuleSetting> = {};
  for (const [id, setting] of Object.entries(settings)) {
    if (known.ids.has(id)) continue;
    for (const target of known.aliases.get(id) ?? []) resolved[target] = setting;
  }
  for (const [id, setting] of Object.entries(settings)) if (known.ids.has(id)) resolved[id] = setting;
  return resolved;
}
