import { baseName, compareNatural, folderOf, joinPath } from "./paths.ts";
import type { Folder, ProjectView } from "./types.ts";

const master = /\.(?:xml|ya?ml|json)$/i;
const include = /\b(?:file|path)["']?\s*[=:]\s*["']?([^"'\s>,}]{1,500})/g;

/**
 * The changelogs in the order in which master changelogs (XML, YAML or JSON) include them; those that no master names
 * follow by name.
 */
export function orderByMaster(folder: Folder): string[] {
  const rest = new Set([...folder.files].sort(compareNatural));
  const ordered: string[] = [];
  const take = (path: string) => {
    if (rest.delete(path)) ordered.push(path);
  };
  const masters = mastersOf(folder.project);
  const seen = new Set<string>();
  for (const path of masters) visit(path, folder, masters, seen, take);
  return [...ordered, ...rest];
}

/** Takes what a master includes, in its order; `seen` are masters that were visited before. */
function visit(
  path: string,
  folder: Folder,
  masters: readonly string[],
  seen: Set<string>,
  take: (path: string) => void,
): void {
  if (seen.has(path)) return;
  seen.add(path);
  for (const value of includesOf(folder.project.read(path) ?? "")) {
    for (const target of resolve(folder, masters, path, value)) {
      if (master.test(target)) visit(target, folder, masters, seen, take);
      else take(target);
    }
  }
}

/** Whether one master includes changelogs of both folders, directly or through others: then they are one sequence. */
export function shareMaster(first: Folder, second: Folder): boolean {
  const both = { ...first, files: [...first.files, ...second.files] };
  const masters = mastersOf(first.project);
  return masters.some((path) => {
    const reached = new Set<string>();
    visit(path, both, masters, new Set(), (file) => reached.add(file));
    return [first, second].every(({ files }) => files.some((file) => reached.has(file)));
  });
}

const known = new WeakMap<ProjectView, string[]>();

/** The masters that could include something here, those with "master" or "root" in their name first. */
function mastersOf(project: ProjectView): readonly string[] {
  const found = known.get(project) ?? findMasters(project);
  known.set(project, found);
  return found;
}

function findMasters(project: ProjectView): string[] {
  const masters = project.paths.filter((path) => {
    if (!master.test(path)) return false;
    const text = project.read(path) ?? "";
    return text.includes("databaseChangeLog") && text.includes("include");
  });
  const rank = (path: string) => (/master|root/i.test(baseName(path)) ? 0 : 1);
  return masters.sort((a, b) => rank(a) - rank(b) || a.length - b.length || compareNatural(a, b));
}

function includesOf(text: string): string[] {
  const values: string[] = [];
  for (const match of text.matchAll(include)) if (match[1] !== undefined) values.push(match[1]);
  return values;
}

/** What an included name means: a file beside the master or on the class path, or all files of a folder. */
function resolve(folder: Folder, masters: readonly string[], from: string, value: string): string[] {
  const name = value
    .replace(/^classpath:/, "")
    .replace(/^\.?\//, "")
    .replace(/\/$/, "");
  const beside = joinPath(folderOf(from), name);
  const known = [...folder.files, ...masters];
  const file =
    known.find((path) => path === beside) ?? known.find((path) => path === name || path.endsWith(`/${name}`));
  if (file !== undefined) return [file];
  const isIn = (path: string) => path.startsWith(`${beside}/`) || `/${path}`.includes(`/${name}/`);
  return known.filter(isIn).sort(compareNatural);
}
