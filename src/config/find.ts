import { type ConfigurationFiles, configurationName } from "./configuration.ts";
import { folderOf, foldersUpwards, resolveFrom } from "./paths.ts";
import { type ConfigurationText, parseConfiguration } from "./read.ts";
import { squawkName } from "./squawk.ts";

/** A configuration that was found: our own, parsed, or squawk's, as text. */
export type FoundConfiguration =
  | { readonly kind: "own"; readonly source: ConfigurationText }
  | { readonly kind: "squawk"; readonly path: string; readonly text: string };

/**
 * Looks for a configuration from a folder upwards, up to the folder that holds the repository. In each folder
 * `lockwise.config.json` comes before `lockwise` in package.json; squawk's counts where there is none of ours at all.
 */
export function findConfiguration(files: ConfigurationFiles, start: string): FoundConfiguration | null {
  let squawk: FoundConfiguration | null = null;
  for (const folder of foldersUpwards(start)) {
    const own = ownConfiguration(files, folder);
    if (own !== null) return { kind: "own", source: own };
    const path = resolveFrom(folder, squawkName);
    const text: string | null = squawk === null ? files.read(path) : null;
    if (text !== null) squawk = { kind: "squawk", path, text };
    if (files.exists(resolveFrom(folder, ".git"))) break;
  }
  return squawk;
}

function ownConfiguration(files: ConfigurationFiles, folder: string): ConfigurationText | null {
  const path = resolveFrom(folder, configurationName);
  const text = files.read(path);
  if (text !== null) return parseConfiguration(path, text);
  const manifest = resolveFrom(folder, "package.json");
  const json = files.read(manifest);
  return json?.includes('"lockwise"') ? parseConfiguration(manifest, json, "lockwise") : null;
}

/** The configuration at a path that somebody named; null where there is no such file. */
export function openConfiguration(files: ConfigurationFiles, path: string): FoundConfiguration | null {
  const text = files.read(path);
  if (text === null) return null;
  if (path.endsWith(".toml")) return { kind: "squawk", path, text };
  const isManifest = path === "package.json" || path.endsWith("/package.json");
  const source = parseConfiguration(path, text, isManifest ? "lockwise" : undefined);
  return source === null ? null : { kind: "own", source };
}

export function pathOfFound(found: FoundConfiguration): string {
  return found.kind === "own" ? found.source.path : found.path;
}

export function folderOfFound(found: FoundConfiguration): string {
  return folderOf(pathOfFound(found));
}
