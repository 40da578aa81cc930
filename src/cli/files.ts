import { type Dirent, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { matchesGlob } from "../engine/glob.ts";
import { nearestWord } from "../engine/nearest.ts";
import { isLayoutFile } from "../layout/index.ts";
import { compareNatural, isSqlFile } from "../layout/paths.ts";

/** What a folder holds that matters: SQL files, and files that tell something of a migration tool. */
export interface FoundFiles {
  readonly sql: readonly string[];
  readonly others: readonly string[];
}

export interface ExpandedPaths {
  /** Absolute, each once, in natural order. */
  readonly files: readonly string[];
  /** Those that were named one by one: judged whatever they are called. */
  readonly named: ReadonlySet<string>;
  readonly others: readonly string[];
  /** What was asked for and is not there. */
  readonly problems: readonly string[];
}

/** Finds the files behind paths, folders and globs. `isIgnored` is asked with absolute paths with "/". */
export function expandPaths(
  inputs: readonly string[],
  cwd: string,
  isIgnored: (path: string) => boolean,
): ExpandedPaths {
  const files = new Set<string>();
  const named = new Set<string>();
  const others = new Set<string>();
  const problems: string[] = [];
  const addAll = (found: FoundFiles, matches: (path: string) => boolean) => {
    const before = files.size;
    for (const path of found.sql) if (matches(path) && !isIgnored(path)) files.add(path);
    for (const path of found.others) others.add(path);
    return files.size > before;
  };
  for (const input of inputs) {
    const path = toSlashes(resolve(cwd, input));
    const kind = kindOf(path);
    if (kind === "file") {
      files.add(path);
      named.add(path);
    } else if (kind === "folder") {
      if (!addAll(walk(path), () => true) && !holdsAny(files, path))
        problems.push(`${input}: no SQL files in this folder`);
    } else if (isGlob(input)) {
      const root = globRoot(path);
      if (!addAll(walk(root), (file) => matchesGlob(path, file))) problems.push(`${input}: no file matches`);
    } else problems.push(`${input}: there is no such file or folder${nearestName(path)}`);
  }
  return { files: [...files].sort(compareNatural), named, others: [...others], problems };
}

export function toSlashes(path: string): string {
  return path.replaceAll("\\", "/");
}

function kindOf(path: string): "file" | "folder" | null {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch {
    return null;
  }
}

function holdsAny(files: ReadonlySet<string>, folder: string): boolean {
  for (const file of files) if (file.startsWith(`${folder}/`)) return true;
  return false;
}

/**
 * All files below a folder. Hidden folders and node_modules are left out; a folder that links lead to twice, or round
 * in a circle, is read once.
 */
export function walk(root: string, isDeep = true): FoundFiles {
  const sql: string[] = [];
  const others: string[] = [];
  const seen = new Set<string>();
  const pending = [root];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const real = realPath(folder);
    if (real === null || seen.has(real)) continue;
    seen.add(real);
    for (const entry of entriesOf(folder)) {
      const path = folder === "/" ? `/${entry.name}` : `${folder}/${entry.name}`;
      const kind = entry.isSymbolicLink() ? kindOf(path) : entry.isDirectory() ? "folder" : "file";
      if (kind === "folder") {
        if (isDeep && !entry.name.startsWith(".") && entry.name !== "node_modules") pending.push(path);
      } else if (kind === "file") {
        if (isSqlFile(entry.name) && !entry.name.startsWith(".")) sql.push(path);
        else if (isLayoutFile(path)) others.push(path);
      }
    }
  }
  return { sql, others };
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function isGlob(input: string): boolean {
  return /[*?{]/.test(input);
}

/** The folder of a glob before its first wildcard. */
export function globRoot(glob: string): string {
  const parts = glob.split("/");
  const wild = parts.findIndex(isGlob);
  return parts.slice(0, wild === -1 ? -1 : wild).join("/") || "/";
}

/** A file beside a missing one that was probably meant. */
function nearestName(path: string): string {
  const names = entriesOf(dirname(path)).map(({ name }) => name);
  const near = nearestWord(basename(path), names);
  return near === null ? "" : `; did you mean ${join(dirname(path), near)}?`;
}
