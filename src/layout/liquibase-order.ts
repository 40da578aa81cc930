import { baseName, compareNatural, folderOf, isSqlFile, joinPath } from "./paths.ts";
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
    for (const target of resolve(folder.files, masters, path, value)) {
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

/** How a changelog runs a file of plain SQL that it names. */
interface Mention {
  readonly runsInTransaction: boolean;
}

const mentions = new WeakMap<ProjectView, ReadonlyMap<string, Mention>>();

/** How the changelogs of a project run a file of plain SQL; "none" where there are changelogs, and none names it. */
export function findMention(path: string, project: ProjectView): Mention | "none" {
  const masters = mastersOf(project);
  if (masters.length === 0) return { runsInTransaction: true };
  const found = mentions.get(project) ?? findMentions(project, masters);
  mentions.set(project, found);
  return found.get(path) ?? "none";
}

function findMentions(project: ProjectView, masters: readonly string[]): ReadonlyMap<string, Mention> {
  const files = project.paths.filter(isSqlFile);
  const found = new Map<string, Mention>();
  for (const from of masters)
    for (const changeset of (project.read(from) ?? "").split("changeSet")) {
      const runsInTransaction = !outside.test(changeset);
      for (const value of new Set(includesOf(changeset)))
        for (const target of resolve(files, masters, from, value))
          if (!found.has(target)) found.set(target, { runsInTransaction });
    }
  return found;
}

const outside = /runInTransaction["']?\s*[=:]\s*["']?false/i;

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
    return text.includes("databaseChangeLog") && (text.includes("include") || text.includes("sqlFile"));
  });
  const rank = (path: string) => (/master|root/i.test(baseName(path)) ? 0 : 1);
  return masters.sort((a, b) => rank(a) - rank(b) || a.length - b.length || compareNatural(a, b));
}

function includesOf(text: string): string[] {
  return [...text.matchAll(include)].map(([, value = ""]) => value);
}

/** What an included name means: a file beside the master or on the class path, or all files of a folder. */
function resolve(
  files: readonly string[],
  masters: readonly string[],
  from: string,
  value: string,
): string[] {
  const name = value
    .replace(/^classpath:/, "")
    .replace(/^\.?\//, "")
    .replace(/\/$/, "");
  const beside = joinPath(folderOf(from), name);
  const known = [...files, ...masters];
  const file =
    known.find((path) => path === beside) ?? known.find((path) => path === name || path.endsWith(`/${name}`));
  if (file !== undefined) return [file];
  const isIn = (path: string) => path.startsWith(`${beside}/`) || `/${path}`.includes(`/${name}/`);
  return known.filter(isIn).sort(compareNatural);
}
