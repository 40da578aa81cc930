import { type ConfigurationFiles, configurationName } from "./configuration.ts";
import { foldersUpwards, resolveFrom } from "./paths.ts";
import { squawkName } from "./squawk.ts";

/** A configuration that was found and not read yet: most runs have none, and start sooner without the parsers. */
export interface FoundConfiguration {
  readonly kind: "own" | "squawk";
  readonly path: string;
  readonly text: string;
  /** The key of package.json that it stands under. */
  readonly key?: string;
}

/**
 * Looks for a configuration from a folder upwards, up to the folder that holds the repository. In each folder
 * `lockwise.config.json` comes before `lockwise` in package.json; squawk's counts where there is none of ours at all.
 */
export function findConfiguration(files: ConfigurationFiles, start: string): FoundConfiguration | null {
  let squawk: FoundConfiguration | null = null;
  for (const folder of foldersUpwards(start)) {
    const own = ownConfiguration(files, folder);
    if (own !== null) return own;
    const path = resolveFrom(folder, squawkName);
    const text: string | null = squawk === null ? files.read(path) : null;
    if (text !== null) squawk = { kind: "squawk", path, text };
    if (files.exists(resolveFrom(folder, ".git"))) break;
  }
  return squawk;
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
    return false;
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
