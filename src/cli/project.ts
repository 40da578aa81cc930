import { existsSync } from "node:fs";
import { relative } from "node:path";
import { folderOf, foldersUpwards, relativeTo } from "../config/paths.ts";
import { classesBeside, isCodeFile } from "../layout/code-files.ts";
import { parseScriptName } from "../layout/flyway-names.ts";
import { isLayoutFile, type ProjectView } from "../layout/index.ts";
import { baseName } from "../layout/paths.ts";
import { toSlashes } from "./files.ts";
import type { Folders } from "./folders.ts";
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
export function findBase(
  files: readonly string[],
  configured: string | null,
  cwd: string,
  folders: Folders,
): string {
  const common = commonFolder(files.length > 0 ? files.map(folderOf) : [cwd]);
  if (configured !== null && isWithin(common, configured)) return configured;
  let base = isWithin(common, cwd) ? cwd : common;
  let level = 0;
  for (const folder of foldersUpwards(common)) {
    if (existsSync(`${folder}/.git`)) return folder;
    if (level++ <= searchedLevels && isWithin(base, folder) && folders.walk(folder, false).others.length > 0)
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
  folders: Folders,
  texts: ReadonlyMap<string, string> = new Map(),
): Project {
  const cache = new Map<string, ReadText>();
  const names = new Map<string, string>();
  const absolute = (path: string) => absoluteIn(base, path);
  const open = (path: string): ReadText => {
    const given = texts.get(path);
    const known = given === undefined ? cache.get(path) : { text: given };
    const read = known ?? readText(absolute(path));
    cache.set(path, read);
    return read;
  };
  const here = sql.map((path) => relativeTo(base, path));
  const tools = new Set([...others, ...toolFiles(sql, base, folders)].map((path) => relativeTo(base, path)));
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
      const known = names.get(path);
      if (known !== undefined) return known;
      const seen = toSlashes(relative(cwd, absolute(path)));
      const name = texts.has(path) ? path : seen.startsWith("../../") ? absolute(path) : seen;
      names.set(path, name);
      return name;
    },
  };
}

/** A project whose paths are known already, as the engine sees it. Each file is read once, when it is asked for. */
export function viewProject(base: string, paths: readonly string[]): ProjectView {
  const texts = new Map<string, string | null>();
  return {
    paths,
    read(path) {
      const known = texts.get(path);
      if (known !== undefined) return known;
      const opened = readText(absoluteIn(base, path));
      const text = "text" in opened ? opened.text : null;
      texts.set(path, text);
      return text;
    },
  };
}

function absoluteIn(base: string, path: string): string {
  return path.startsWith("/") || /^[A-Za-z]:/.test(path) ? path : `${base}/${path}`;
}

/**
 * Files that tell of a migration tool: in the folders of the SQL, those above them, Drizzle's journal below, and Flyway's
 * migrations in Java, which lie where a program has its classes.
 */
function toolFiles(sql: readonly string[], base: string, disk: Folders): string[] {
  const folders = new Set<string>();
  const classes = new Set<string>();
  for (const path of sql) {
    const beside = parseScriptName(path) === null ? null : classesBeside(path);
    if (beside !== null) classes.add(beside);
  }
  for (const path of sql) {
    for (const folder of foldersUpwards(folderOf(path))) {
      if (folders.has(folder) || !isWithin(folder, base)) break;
      folders.add(folder);
    }
  }
  const programs = [...classes].flatMap((folder) =>
    disk.walk(folder).others.filter((path) => isCodeFile(baseName(path))),
  );
  const told = [...folders].flatMap((folder) => {
    const journal = `${folder}/meta/_journal.json`;
    const found = disk.walk(folder, false).others;
    const isThere = disk.hasFolder(folder, `${folder}/meta`) && existsSync(journal);
    return isThere && isLayoutFile(journal) ? [...found, journal] : found;
  });
  return [...told, ...programs];
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
