import { basename, dirname, join, resolve } from "node:path";
import { matchesGlob } from "../engine/glob.ts";
import { nearestWord } from "../engine/nearest.ts";
import { sortNaturally } from "../layout/paths.ts";
import { commandNames } from "./command-names.ts";
import { entriesOf, type Folders, type FoundFiles, kindOf } from "./folders.ts";
import { isProgram, whereProgramsLie } from "./programs.ts";

interface ExpandedPaths {
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
  folders: Folders,
): ExpandedPaths {
  const files = new Set<string>();
  const named = new Set<string>();
  const others = new Set<string>();
  const problems: string[] = [];
  const addAll = (found: FoundFiles, matches: (path: string) => boolean) => {
    const before = files.size;
    const sql = found.sql.filter(matches);
    for (const path of sql) if (!isIgnored(path)) files.add(path);
    for (const path of found.others) others.add(path);
    if (files.size > before) return "some";
    return sql.some(isIgnored) ? "ignored" : "none";
  };
  for (const input of inputs) {
    const path = toSlashes(resolve(cwd, input));
    const kind = kindOf(path);
    if (kind === "file" && isProgram(path))
      problems.push(`${input}: is not SQL and not read: hand over the SQL that runs there, with --stdin`);
    else if (kind === "file") {
      files.add(path);
      named.add(path);
    } else if (kind === "folder") {
      const found = addAll(folders.walk(path), () => true);
      if (found !== "some" && !holdsAny(files, path))
        problems.push(
          `${input}: no SQL files in this folder${found === "ignored" ? butIgnored : whereProgramsLie(path)}`,
        );
    } else if (isGlob(input)) {
      const root = globRoot(path);
      const found = addAll(folders.walk(root), (file) => matchesGlob(path, file));
      if (found !== "some")
        problems.push(`${input}: no file matches${found === "ignored" ? butIgnored : ""}`);
    } else problems.push(`${input}: there is no such file or folder${nearestName(path, input)}`);
  }
  return { files: sortNaturally([...files]), named, others: [...others], problems };
}

const butIgnored = " but what the configuration ignores";

/** The path with "/" between its parts, on Windows too. */
export function toSlashes(path: string): string {
  return path.replaceAll("\\", "/");
}

function holdsAny(files: ReadonlySet<string>, folder: string): boolean {
  for (const file of files) if (file.startsWith(`${folder}/`)) return true;
  return false;
}

function isGlob(input: string): boolean {
  return /[*?{]|\[[^\]]+\]/.test(input);
}

/** The folder of a glob before its first wildcard; a folder may be called `[id]`. */
export function globRoot(glob: string): string {
  const parts = glob.split("/");
  const wild = parts.findIndex(
    (part, k) => isGlob(part) && kindOf(parts.slice(0, k + 1).join("/")) !== "folder",
  );
  return parts.slice(0, wild === -1 ? -1 : wild).join("/") || "/";
}

/** A file beside a missing one, or a command, that was probably meant. */
function nearestName(path: string, input: string): string {
  const names = entriesOf(dirname(path)).map(({ name }) => name);
  if (names.includes(basename(path))) return "; it is a link that leads nowhere";
  const near = nearestWord(basename(path), names);
  if (near !== null) return `; did you mean ${join(dirname(path), near)}?`;
  const command = /^[a-z]+$/i.test(input) ? nearestWord(input, commandNames) : null;
  return command === null ? "" : `; did you mean the command ${command}?`;
}
