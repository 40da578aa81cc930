import { existsSync } from "node:fs";
import { relative } from "node:path";
import { folderOf, foldersUpwards, relativeTo } from "../config/paths.ts";
import { isLayoutFile, type ProjectView } from "../layout/index.ts";
import { toSlashes, walk } from "./files.ts";
import { type ReadText, readText } from "./read-text.ts";

/** The files of a run, seen from one folder: paths below are relative to it. */
export interface Project extends ProjectView {
  /** Absolute. */
  readonly base: string;
  /** All SQL files: what is asked for, and what may be history. */
  readonly sql: readonly string[];
  /** What the configuration calls the schema before all migrations. */
  readonly schema?: readonly string[];
  /** Reads a file, once. */
  open(path: string): ReadText;
  /** How a path is called in front of people: as seen from where they are. */
  nameOf(path: string): string;
}

/** Above a folder without a repository this many levels are searched for files that tell of a migration tool. */
const searchedLevels = 5;

/** The folder that a run's paths are relative to: the configuration's, the repository's, or where a project begins. */
export function findBase(files: readonly string[], configured: string | null, cwd: string): string {
  const common = commonFolder(files.length > 0 ? files.map(folderOf) : [cwd]);
  if (configured !== null && isWithin(common, configured)) return configured;
  let base = isWithin(common, cwd) ? cwd : common;
  let level = 0;
  for (const folder of foldersUpwards(common)) {
    if (existsSync(`${folder}/.git`)) return folder;
    if (level++ <= searchedLevels && isWithin(base, folder) && walk(folder, false).others.length > 0)
      base = folder;
  }
  return base;
}

/** Opens a project. `texts` stand for files that are not, or not so, on the disk: stdin. */
export function openProject(
  base: string,
  cwd: string,
  sql: readonly string[],
  others: readonly string[],
  texts: ReadonlyMap<string, string> = new Map(),
): Project {
  const cache = new Map<string, ReadText>();
  const absolute = (path: string) =>
    path.startsWith("/") || /^[A-Za-z]:/.test(path) ? path : `${base}/${path}`;
  const open = (path: string): ReadText => {
    const given = texts.get(path);
    const known = given === undefined ? cache.get(path) : { text: given };
    const read = known ?? readText(absolute(path));
    cache.set(path, read);
    return read;
  };
  const here = sql.map((path) => relativeTo(base, path));
  const tools = new Set([...others, ...toolFiles(sql, base)].map((path) => relativeTo(base, path)));
  return {
    base,
    sql: here,
    paths: [...new Set([...here, ...tools])],
    open,
    read(path) {
      const read = open(path);
      return "text" in read ? read.text : null;
    },
    nameOf(path) {
      if (texts.has(path)) return path;
      const name = toSlashes(relative(cwd, absolute(path)));
      return name.startsWith("../../") ? absolute(path) : name;
    },
  };
}

/** Files that tell of a migration tool: in the folders of the SQL, those above them, and Drizzle's journal below. */
function toolFiles(sql: readonly string[], base: string): string[] {
  const folders = new Set<string>();
  for (const path of sql) {
    for (const folder of foldersUpwards(folderOf(path))) {
      if (folders.has(folder) || !isWithin(folder, base)) break;
      folders.add(folder);
    }
  }
  return [...folders].flatMap((folder) => {
    const journal = `${folder}/meta/_journal.json`;
    const found = walk(folder, false).others;
    return existsSync(journal) && isLayoutFile(journal) ? [...found, journal] : found;
  });
}

function commonFolder(folders: readonly string[]): string {
  const [first = "/", ...rest] = folders;
  let common = first.split("/");
  for (const folder of rest) {
    const parts = folder.split("/");
    const differs = common.findIndex((part, k) => part !== parts[k]);
    if (differs !== -1) common = common.slice(0, differs);
  }
  return common.join("/") || "/";
}

/** Whether a folder is another one or lies in it. */
export function isWithin(folder: string, outer: string): boolean {
  return folder === outer || folder.startsWith(outer.endsWith("/") ? outer : `${outer}/`);
}
