import type { ProjectView } from "./types.ts";

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folder of a path, "" at the top. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}

/** The folders of a path, from the top; none for "". */
export function pathParts(folder: string): string[] {
  return folder === "" ? [] : folder.split("/");
}

/** The path of a name in a folder; "" is the top. */
export function joinPath(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** The file name without its last extension. */
export function stemOf(path: string): string {
  const name = baseName(path);
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}

/** `.sql`, or `.pgsql` and `.psql` as some write it. */
export function isSqlFile(path: string): boolean {
  return /\.(?:pg|p)?sql$/i.test(path);
}

/** `up` or `down` where the name ends in `.up.sql` or `.down.sql`. */
export function directionInName(path: string): "up" | "down" | null {
  if (!isSqlFile(path)) return null;
  const stem = stemOf(path);
  return stem.endsWith(".up") ? "up" : stem.endsWith(".down") ? "down" : null;
}

/** The folder itself and all folders above it, the nearest first. */
export function foldersUp(folder: string): string[] {
  const folders = [folder];
  let at = folder;
  while (at !== "") {
    at = folderOf(at);
    folders.push(at);
  }
  return folders;
}

/** The path below a folder, or null for one that lies elsewhere. */
export function pathBelow(folder: string, path: string): string | null {
  if (folder === "") return path;
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null;
}

/** Whether it is one of 0 to 9; false behind the end of a text. */
export function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= "0" && character <= "9";
}

/** The digits with which a name starts, "" if it starts otherwise. */
export function leadingDigits(name: string): string {
  let end = 0;
  while (isDigit(name[end])) end++;
  return name.slice(0, end);
}

/** Compares runs of digits as numbers of any size. */
export function compareDigits(a: string, b: string): number {
  const first = a.replace(/^0+/, "");
  const second = b.replace(/^0+/, "");
  return first.length - second.length || compareText(first, second);
}

/** By code unit, as most tools sort names. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How much two names begin with alike, short of the number in which they part: names of one folder share most of their paths. */
function sharedStart(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  while (at > 0 && isDigit(a[at - 1])) at--;
  return at;
}

/** By text, with runs of digits compared as numbers: `2_b` before `10_a`. */
export function compareNatural(a: string, b: string): number {
  let i = sharedStart(a, b);
  let j = i;
  while (i < a.length && j < b.length) {
    if (isDigit(a[i]) && isDigit(b[j])) {
      const first = leadingDigits(a.slice(i, i + 32));
      const second = leadingDigits(b.slice(j, j + 32));
      const order = compareDigits(first, second);
      if (order !== 0) return order;
      i += first.length;
      j += second.length;
    } else {
      const order = compareText(a[i] ?? "", b[j] ?? "");
      if (order !== 0) return order;
      i++;
      j++;
    }
  }
  return a.length - i - (b.length - j);
}

/** What stands in front of the number of a migration: `V1__a.sql`, `migration-7.sql`, `20240101_a/up.sql`. */
const numbered =
  /^((?:[a-z]{0,2}|migrat(?:e|ion)|patch|upgrade|update|version|rev|step|change)[_.-]?)(\d+)([_-]*)/i;

/** What stands in front of the number of a migration's file, the number, and what joins the words to it; null where it bears none. */
export function numberInName(path: string): { prefix: string; digits: string; joiner: string } | null {
  const [, prefix, digits, joiner] = numbered.exec(baseName(path)) ?? [];
  return prefix === undefined || digits === undefined ? null : { prefix, digits, joiner: joiner || "_" };
}

/** Whether a file or its folder bears a number that says when it runs. */
export function isNumbered(path: string): boolean {
  return [baseName(path), baseName(folderOf(path))].some((name) => numbered.test(name));
}

/** Sorts names naturally. What comes from a disk is in any order; sorted as text, which is quick, it is nearly there. */
export function sortNaturally(names: string[]): string[] {
  return names.sort().sort(compareNatural);
}

/** Compares the numbers with which two file names start, then the names. */
export function compareByNumber(a: string, b: string): number {
  const first = baseName(a);
  const second = baseName(b);
  return compareDigits(leadingDigits(first), leadingDigits(second)) || compareText(first, second);
}

const pathSets = new WeakMap<ProjectView, Set<string>>();

/** Whether the project has a file at exactly this path. */
export function hasPath(project: ProjectView, path: string): boolean {
  if (project.has !== undefined) return project.has(path);
  let paths = pathSets.get(project);
  if (paths === undefined) {
    paths = new Set(project.paths);
    pathSets.set(project, paths);
  }
  return paths.has(path);
}

/** A folder that is a version, or the way from one to the next: `12`, `v1`, `v1.2`, `v1.02-party`, `0.7.0-beta.1`, `63-64`. */
export function isVersionFolder(folder: string): boolean {
  const name = baseName(folder).toLowerCase();
  if (/^\d+-\d+$|^v?\d+\.\d+(?:\.\d+)*[-_]\w/.test(name)) return true;
  const parts = (name.startsWith("v") ? name.slice(1) : name).split(".");
  return parts.every((part) => part !== "" && leadingDigits(part) === part);
}

/** The text of a file of the project; what is not among its paths is not looked for on the disk. */
export function textOf(project: ProjectView, path: string): string | null {
  return hasPath(project, path) ? project.read(path) : null;
}

/** The nearest file of one of these names, from a folder upwards. */
export function findUp(project: ProjectView, folder: string, names: readonly string[]): string | null {
  for (const at of foldersUp(folder)) {
    for (const name of names) {
      const path = joinPath(at, name);
      if (hasPath(project, path)) return path;
    }
  }
  return null;
}
