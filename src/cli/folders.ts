import { type Dirent, readdirSync, realpathSync, statSync } from "node:fs";
import { lookedFor } from "../config/find.ts";
import { folderOf } from "../config/paths.ts";
import { isLayoutFile } from "../layout/index.ts";
import { isSqlFile } from "../layout/paths.ts";

/** What a folder holds that matters: SQL files, and files that tell something of a migration tool. */
export interface FoundFiles {
  readonly sql: readonly string[];
  readonly others: readonly string[];
}

/** The entries of one folder that matter, by their paths. */
interface FolderEntries extends FoundFiles {
  readonly folders: readonly { readonly path: string; readonly isLink: boolean }[];
  /** What a configuration is looked for by, hidden or not; null where nothing could be read. */
  readonly configurations: readonly string[] | null;
}

/** Looks into folders, each once: a run asks for the same ones again and again. */
export interface Folders {
  /** All files below a folder, or only those in it. */
  walk(root: string, isDeep?: boolean): FoundFiles;
  /** Whether a folder, hidden ones apart, lies in another. */
  hasFolder(folder: string, path: string): boolean;
  /** Whether a folder that has been looked into holds nothing of this path, a name that configurations are looked for by. */
  lacks(path: string): boolean;
}

/** For as long as nobody expects the disk to change: a run. */
export function openFolders(): Folders {
  const known = new Map<string, FolderEntries>();
  const entriesIn = (folder: string): FolderEntries => {
    let entries = known.get(folder);
    if (entries === undefined) {
      entries = readEntries(folder);
      known.set(folder, entries);
    }
    return entries;
  };
  return {
    walk: (root, isDeep = true) => (isDeep ? walkDeep(root, entriesIn) : entriesIn(root)),
    hasFolder: (folder, path) => entriesIn(folder).folders.some((entry) => entry.path === path),
    lacks: (path) => known.get(folderOf(path))?.configurations?.includes(path) === false,
  };
}

/**
 * Hidden folders and node_modules are left out; a folder that links lead to twice, or round in a circle, is read once.
 */
function walkDeep(root: string, entriesIn: (folder: string) => FolderEntries): FoundFiles {
  const sql: string[] = [];
  const others: string[] = [];
  const seen = new Set<string>();
  const pending = [{ path: root, real: realPath(root) }];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const { path, real } = at;
    if (real === null || seen.has(real)) continue;
    seen.add(real);
    const entries = entriesIn(path);
    for (const file of entries.sql) sql.push(file);
    for (const file of entries.others) others.push(file);
    for (const { path: below, isLink } of entries.folders) {
      // Only a link leads elsewhere: all others lie where their names say.
      const name = below.slice(below.lastIndexOf("/") + 1);
      pending.push({ path: below, real: isLink ? realPath(below) : joinReal(real, name) });
    }
  }
  return { sql, others };
}

function readEntries(folder: string): FolderEntries {
  const sql: string[] = [];
  const others: string[] = [];
  const folders: { path: string; isLink: boolean }[] = [];
  const configurations: string[] = [];
  const entries = entriesOf(folder);
  for (const entry of entries) {
    const { name } = entry;
    const path = folder === "/" ? `/${name}` : `${folder}/${name}`;
    if (lookedFor.includes(name)) configurations.push(path);
    const isLink = entry.isSymbolicLink();
    // A link that leads nowhere is a file that cannot be read.
    const kind = isLink ? kindOf(path) : entry.isDirectory() ? "folder" : "file";
    if (kind === "folder") {
      if (!name.startsWith(".") && name !== "node_modules") folders.push({ path, isLink });
    } else if (kind === "file" || (isLink && isSqlFile(name))) {
      if (isSqlFile(name) && !name.startsWith(".")) sql.push(path);
      else if (isLayoutFile(path)) others.push(path);
    }
  }
  return { sql, others, folders, configurations: entries.length === 0 ? null : configurations };
}

/** The names in a folder; none where it cannot be read. */
export function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** What is at the path, links followed; null where there is nothing, or nothing that can be read. */
export function kindOf(path: string): "file" | "folder" | null {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch {
    return null;
  }
}

/** With "/" between its parts; null where it leads nowhere. */
export function realPath(path: string): string | null {
  try {
    return realpathSync.native(path).replaceAll("\\", "/");
  } catch {
    return null;
  }
}

function joinReal(folder: string, name: string): string {
  return folder.endsWith("/") ? `${folder}${name}` : `${folder}/${name}`;
}
