import { baseName, compareNatural, compareText, folderOf, isSqlFile, joinPath } from "./paths.ts";
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
  const places = indexPaths([...folder.files, ...masters]);
  const seen = new Set<string>();
  for (const path of masters) visit(path, folder.project, places, seen, take);
  return [...ordered, ...rest];
}

/** Takes what a master includes, in its order; `seen` are masters that were visited before. */
function visit(
  path: string,
  project: ProjectView,
  places: Places,
  seen: Set<string>,
  take: (path: string) => void,
): void {
  if (seen.has(path)) return;
  seen.add(path);
  for (const value of includesOf(project.read(path) ?? "")) {
    for (const target of resolve(places, path, value)) {
      if (master.test(target)) visit(target, project, places, seen, take);
      else take(target);
    }
  }
}

/** Whether one master includes changelogs of both folders, directly or through others: then they are one sequence. */
export function shareMaster(first: Folder, second: Folder): boolean {
  const masters = mastersOf(first.project);
  const places = indexPaths([...first.files, ...second.files, ...masters]);
  return masters.some((path) => {
    const reached = new Set<string>();
    visit(path, first.project, places, new Set(), (file) => reached.add(file));
    return [first, second].every(({ files }) => files.some((file) => reached.has(file)));
  });
}

/** How a changelog runs a file of plain SQL that it names. */
interface Mention {
  readonly runsInTransaction: boolean;
  /** The changelog that names it. */
  readonly from: string;
}

const mentions = new WeakMap<ProjectView, ReadonlyMap<string, Mention>>();

/** How the changelogs of a project run a file of plain SQL; "none" where there are changelogs, and none names it. */
export function findMention(path: string, project: ProjectView): Pick<Mention, "runsInTransaction"> | "none" {
  if (mastersOf(project).length === 0) return { runsInTransaction: true };
  return mentionsOf(project).get(path) ?? "none";
}

/** The changelog that names most files of a folder, as `sqlFile` or to include them; null where none does. */
export function changelogOf({ files, project }: Folder): string | null {
  const found = mentionsOf(project);
  const named = files.flatMap((path) => found.get(path) ?? []);
  return named.length * 2 > files.length ? (named[0]?.from ?? null) : null;
}

function mentionsOf(project: ProjectView): ReadonlyMap<string, Mention> {
  const found = mentions.get(project) ?? findMentions(project, mastersOf(project));
  mentions.set(project, found);
  return found;
}

function findMentions(project: ProjectView, masters: readonly string[]): ReadonlyMap<string, Mention> {
  const found = new Map<string, Mention>();
  if (masters.length === 0) return found;
  const places = indexPaths(project.paths.filter(isSqlFile));
  for (const from of masters)
    for (const changeset of (project.read(from) ?? "").split(border)) {
      const runsInTransaction = !outside.test(changeset);
      for (const value of includesOf(changeset))
        for (const target of resolve(places, from, value))
          if (!found.has(target)) found.set(target, { runsInTransaction, from });
    }
  return found;
}

/** Where a changeset begins or ends, in XML, YAML and JSON. */
const border = /<\/?changeSet\b|["']?\bchangeSet["']?\s{0,9}:/;

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

/** Paths by what they end in, so that a name is looked up instead of held against each. */
interface Places {
  readonly paths: ReadonlySet<string>;
  /** The first path for each way of leaving out folders before it. */
  readonly byEnd: ReadonlyMap<string, string>;
  /** The names of all folders. */
  readonly folders: ReadonlySet<string>;
  /** The paths in a folder, by the name that was asked for. */
  readonly inside: Map<string, readonly string[]>;
}

function indexPaths(paths: readonly string[]): Places {
  const byEnd = new Map<string, string>();
  const folders = new Set<string>();
  for (const path of paths) {
    let from = 0;
    for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", from)) {
      folders.add(path.slice(from, end));
      if (!byEnd.has(path.slice(from))) byEnd.set(path.slice(from), path);
      from = end + 1;
    }
    if (!byEnd.has(path.slice(from))) byEnd.set(path.slice(from), path);
  }
  return { paths: new Set(paths), byEnd, folders, inside: new Map() };
}

/** What an included name means: a file beside the master or on the class path, or all files of a folder. */
function resolve({ paths, byEnd, folders, inside }: Places, from: string, value: string): readonly string[] {
  const name = value
    .replace(/^classpath:/, "")
    .replace(/^\.?\//, "")
    .replace(/\/$/, "");
  const beside = joinPath(folderOf(from), name);
  const file = paths.has(beside) ? beside : byEnd.get(name);
  if (file !== undefined) return [file];
  if (!folders.has(baseName(beside))) return [];
  const key = `${beside}\n${name}`;
  const known = inside.get(key);
  if (known !== undefined) return known;
  const isIn = (path: string) => path.startsWith(`${beside}/`) || `/${path}`.includes(`/${name}/`);
  // includeAll goes by text (StandardChangeLogComparator in DatabaseChangeLog.java).
  const found = [...paths].filter(isIn).sort(compareText);
  inside.set(key, found);
  return found;
}
