import { nearestWord } from "../engine/nearest.ts";
import { newestVersion, oldestVersion } from "../engine/options.ts";
import type { Rule } from "../rule.ts";
import { knownNames } from "./known-names.ts";
import { optionsOf } from "./validate.ts";

/** What the library takes: the keys of the configuration that do not name files, and what the engine is handed besides. */
const keys = [
  "postgresVersion",
  "runner",
  "session",
  "rules",
  "extends",
  "overrides",
  "tables",
  "maxLockTimeout",
  "suppressions",
  "timeLimit",
  "release",
  "parser",
  "only",
  "down",
  "today",
  "catalogue",
  "project",
  "hasRoom",
  "history",
  "historyStore",
];

/**
 * `catalogue`: all rules that may be named. Throws where sources or options are not what they have to be: a slip of the pen shall not
 * pass for a clean report.
 */
export function checkCall(sources: unknown, options: object, catalogue: readonly Rule[]): void {
  if (!Array.isArray(sources)) throw new Error("sources must be a list of { path, text }");
  for (const [k, source] of sources.entries()) {
    for (const key of ["path", "text"])
      if (typeof source?.[key] !== "string") throw new Error(`sources[${k}] has no ${key}`);
  }
  for (const key of Object.keys(options))
    if (!keys.includes(key)) throw new Error(`${key} is no option${hint(key, keys)}`);
  const { postgresVersion: version, rules = {}, only = [] } = options as Checked;
  if (
    version !== undefined &&
    !(Number.isInteger(version) && version >= oldestVersion && version <= newestVersion)
  )
    throw new Error(
      `postgresVersion must be a whole number, ${oldestVersion} to ${newestVersion}, not ${version}`,
    );
  const known = knownNames(catalogue).rules;
  for (const id of [...Object.keys(rules), ...only]) {
    if (known.ids.has(id) || known.aliases.has(id)) continue;
    throw new Error(`${id} is no rule${hint(id, [...known.ids])}`);
  }
  for (const [id, setting] of Object.entries(rules)) {
    const given: unknown = Array.isArray(setting) ? setting[1] : undefined;
    const takes = optionsOf(id, known);
    for (const key of Object.keys((given ?? {}) as object))
      if (!Object.hasOwn(takes, key))
        throw new Error(`${key} is no option of ${id}${hint(key, Object.keys(takes))}`);
  }
}

interface Checked {
  readonly postgresVersion?: number;
  readonly rules?: Readonly<Record<string, unknown>>;
  readonly only?: readonly string[];
}

function hint(word: string, candidates: readonly string[]): string {
  const near = nearestWord(word, candidates);
  return near === null ? "" : `: did you mean ${near}?`;
}
