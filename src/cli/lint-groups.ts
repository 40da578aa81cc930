import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { resolveFrom } from "../config/paths.ts";
import { usageError } from "./failure.ts";
import { toSlashes } from "./files.ts";
import type { LintFlags } from "./lint-flags.ts";
import { openConfigurationSearch } from "./settings.ts";

/** Formats of which one report may stand behind another. */
const joinable = ["pretty", "compact", "github", "markdown"];

/**
 * The paths of a command line, put together by the configuration that is found from each: a hook hands over the files of
 * several projects at once. Ends the command where their reports do not fit into one.
 */
export async function groupByConfiguration(
  paths: readonly string[],
  flags: LintFlags,
  cwd: string,
): Promise<readonly (readonly string[])[]> {
  if (paths.length < 2 || flags.stdin || flags.config !== undefined) return [paths];
  const known = new Map<string, string>();
  const configurationFor = await openConfigurationSearch();
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const folder = settingsFolder([path], flags, cwd);
    const found = known.get(folder) ?? configurationFor(folder) ?? "";
    known.set(folder, found);
    groups.set(found, [...(groups.get(found) ?? []), path]);
  }
  const all = [...groups.values()];
  const isOne =
    flags.output !== undefined || flags.baseline !== undefined || !joinable.includes(flags.format);
  if (all.length > 1 && isOne) {
    const [first, second] = all.map(([path]) => path);
    throw usageError(
      `${first} and ${second} have configurations of their own, and this makes one report of them: run lockwise for each, or name one with --config`,
    );
  }
  return all;
}

/** Where the search for a configuration begins: at the first path. */
export function settingsFolder(paths: readonly string[], flags: LintFlags, cwd: string): string {
  if (flags.stdin)
    return flags.stdinFilename === undefined ? cwd : resolveFrom(cwd, dirname(flags.stdinFilename));
  const [first] = paths;
  if (first === undefined) return cwd;
  const path = resolve(cwd, first.replace(/[*?{[].*$/, "x"));
  return toSlashes(isFolder(path) ? path : dirname(path));
}

function isFolder(path: string): boolean {
  return existsSync(`${path}/.`);
}
