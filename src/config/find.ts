import { type ConfigurationFiles, configurationName } from "./configuration.ts";
import { folderOf, resolveFrom } from "./paths.ts";
import { squawkName } from "./squawk.ts";

/** A configuration that was found and not read yet: most runs have none, and start sooner without the parsers. */
export interface FoundConfiguration {
  readonly kind: "own" | "squawk";
  readonly path: string;
  readonly text: string;
  /** The key of package.json that it stands under. */
  readonly key?: string;
}

/** What is looked for in a folder: its configurations, and what holds the repository. */
export const lookedFor: readonly string[] = [configurationName, "package.json", squawkName, ".git"];

/**
 * Looks for a configuration from a folder upwards, up to the folder that holds the repository. In each folder
 * `lockwise.config.json` comes before `lockwise` in package.json; squawk's counts where there is none of ours at all.
 */
export function findConfiguration(files: ConfigurationFiles, start: string): FoundConfiguration | null {
  return openSearch(files)(start);
}

/** The same for many folders: what holds for those above them is found once. */
export function openSearch(files: ConfigurationFiles): (start: string) => FoundConfiguration | null {
  const known = new Map<string, FoundConfiguration | null>();
  const search = (folder: string): FoundConfiguration | null => {
    const own = ownConfiguration(files, folder);
    if (own !== null) return own;
    const isLast = files.exists(resolveFrom(folder, ".git"));
    const above = isLast ? null : searchAbove(folder);
    if (above?.kind === "own") return above;
    const path = resolveFrom(folder, squawkName);
    const text = files.read(path);
    return text === null ? above : { kind: "squawk", path, text };
  };
  const searchAbove = (folder: string) => {
    const above = folderOf(folder);
    return above === folder || folder === "." ? null : searchOnce(above);
  };
  const searchOnce = (folder: string): FoundConfiguration | null => {
    let found = known.get(folder);
    if (found === undefined) {
      found = search(folder);
      known.set(folder, found);
    }
    return found;
  };
  return searchOnce;
}

function ownConfiguration(files: ConfigurationFiles, folder: string): FoundConfiguration | null {
  const path = resolveFrom(folder, configurationName);
  const text = files.read(path);
  if (text !== null) return { kind: "own", path, text };
  const manifest = resolveFrom(folder, "package.json");
  const json = files.read(manifest);
  return json !== null && hasKey(json) ? { kind: "own", path: manifest, text: json, key: manifestKey } : null;
}

const manifestKey = "lockwise";

/** Whether a package.json has our key at its top; the same word elsewhere in it means nothing. */
function hasKey(json: string): boolean {
  if (!json.includes(`"${manifestKey}"`)) return false;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && manifestKey in value;
  } catch {
    // What is broken is told rather than left out. Among the dependencies a version stands behind the name.
    return /"lockwise"\s*:\s*\{/.test(json);
  }
}

/** The configuration at a path that somebody named; null where there is no such file. */
export function openConfiguration(files: ConfigurationFiles, path: string): FoundConfiguration | null {
  const text = files.read(path);
  if (text === null) return null;
  if (path.endsWith(".toml")) return { kind: "squawk", path, text };
  const isManifest = path === "package.json" || path.endsWith("/package.json");
  if (!isManifest) return { kind: "own", path, text };
  return hasKey(text) ? { kind: "own", path, text, key: manifestKey } : null;
}
