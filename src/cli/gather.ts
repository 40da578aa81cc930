import { relativeTo, resolveFrom } from "../config/paths.ts";
import { matchesGlob } from "../engine/glob.ts";
import { sortNaturally } from "../layout/paths.ts";
import { usageError } from "./failure.ts";
import { expandPaths, globRoot, toSlashes } from "./files.ts";
import { type Folders, openFolders, realPath } from "./folders.ts";
import { changesSince } from "./git.ts";
import { historyOf, locatedWith } from "./history-files.ts";
import { findBase, openProject, type Project } from "./project.ts";
import { decodeText } from "./read-text.ts";
import type { Settings } from "./settings.ts";

/** What a command line asks for, as files: which to judge, and which may be history. */
export interface Gathered {
  readonly project: Project;
  /** What has been looked into on the way. */
  readonly folders: Folders;
  /** Paths of the project. */
  readonly judged: ReadonlySet<string>;
  readonly named: ReadonlySet<string>;
  /** Migrations that were there before `--since` and are not what they were, each with its text of then. */
  readonly edited: ReadonlyMap<string, string>;
  /** What was asked for and is not there. */
  readonly problems: readonly string[];
}

interface Asked {
  /** The folder that fingerprints are relative to where no configuration says it: the baseline's. */
  readonly root?: string | undefined;
  readonly paths: readonly string[];
  readonly cwd: string;
  readonly since?: string | undefined;
  /** stdin and the name that it goes by. */
  readonly stdin?: { readonly bytes: Uint8Array; readonly name: string | undefined } | undefined;
}

/** Finds the files of a run. Ends the command where there is nothing to read. */
export function gather(asked: Asked, settings: Settings): Gathered {
  const gathered = gatherFiles(asked, settings);
  const { project } = gathered;
  const schema = settings.loaded.schema.map((path) => relativeTo(project.base, path));
  return schema.length === 0 ? gathered : { ...gathered, project: { ...project, schema } };
}

function gatherFiles(asked: Asked, { loaded }: Settings): Gathered {
  const { cwd } = asked;
  const folders = openFolders();
  const root = loaded.folder ?? asked.root ?? null;
  const isIgnored = (path: string) =>
    loaded.ignore.some((glob) => matchesGlob(glob, relativeTo(loaded.folder ?? cwd, path)));
  if (asked.stdin !== undefined) return gatherStdin(asked.stdin, cwd, root, isIgnored, folders);
  const globs = (loaded.migrations ?? []).map((glob) => resolveFrom(loaded.folder ?? cwd, glob));
  const inputs = asked.paths.length > 0 ? asked.paths : globs.length > 0 ? globs : ["."];
  const found = expandPaths(inputs, cwd, isIgnored, folders);
  // Without paths and configuration: whatever lies in folders that a migration tool runs, see planRuns.
  if (found.files.length === 0) {
    throw usageError(found.problems.length > 0 ? found.problems.join("\n") : "no SQL files here");
  }
  const history = [...historyOf(found.files, folders), ...globs.flatMap((glob) => matching(glob, folders))];
  const all = [...new Set([...found.files, ...history])].filter(
    (path) => !isIgnored(path) || found.named.has(path),
  );
  const base = findBase(found.files, root, cwd, folders);
  const open = (sql: readonly string[]) =>
    openProject(base, cwd, sortNaturally([...sql]), found.others, folders);
  const project = withLocated(found.files, all, open, isIgnored, folders);
  const within = (path: string) => relativeTo(base, path);
  if (asked.since === undefined) {
    return {
      project,
      folders,
      judged: new Set(found.files.map(within)),
      named: new Set([...found.named].map(within)),
      edited: new Map(),
      problems: found.problems,
    };
  }
  const { changed, edited } = changesSince(asked.since, cwd);
  // What git calls a file is where it lies; a link, or a folder that is one, may lead there.
  const inGit = (path: string) => (changed.has(path) ? path : (realPath(path) ?? path));
  const judged = found.files.filter((path) => changed.has(inGit(path)));
  return {
    project,
    folders,
    judged: new Set(judged.map(within)),
    named: new Set([...found.named].filter((path) => changed.has(inGit(path))).map(within)),
    edited: new Map(
      judged.flatMap((path) => {
        const before = edited.get(inGit(path));
        return before === undefined ? [] : [[within(path), before] as const];
      }),
    ),
    problems: found.problems,
  };
}

function gatherStdin(
  { bytes, name }: NonNullable<Asked["stdin"]>,
  cwd: string,
  configured: string | null,
  isIgnored: (path: string) => boolean,
  folders: Folders,
): Gathered {
  const decoded = decodeText(bytes);
  if ("problem" in decoded) throw usageError(`${name ?? "stdin"}: ${decoded.problem}`);
  if (name === undefined) {
    const path = "stdin.sql";
    const project = openProject(cwd, cwd, [], [], folders, new Map([[path, decoded.text]]));
    const named = new Set([path]);
    return {
      project: { ...project, sql: [path], paths: [path] },
      folders,
      judged: named,
      named,
      edited: new Map(),
      problems: [],
    };
  }
  const file = resolveFrom(toSlashes(cwd), name);
  const base = findBase([file], configured, cwd, folders);
  const path = relativeTo(base, file);
  const all = [...new Set([file, ...historyOf([file], folders)])].filter(
    (one) => one === file || !isIgnored(one),
  );
  const texts = new Map([[path, decoded.text]]);
  const open = (sql: readonly string[]) =>
    openProject(base, cwd, sortNaturally([...sql]), [], folders, texts);
  const project = withLocated([file], all, open, isIgnored, folders);
  const named = new Set([path]);
  return {
    folders,
    project: { ...project, nameOf: (one) => (one === path ? name : project.nameOf(one)) },
    judged: named,
    named,
    edited: new Map(),
    problems: [],
  };
}

/** A project, opened again where its settings lead to files that are not among those that were found around the asked ones. */
function withLocated(
  asked: readonly string[],
  all: readonly string[],
  open: (sql: readonly string[]) => Project,
  isIgnored: (path: string) => boolean,
  folders: Folders,
): Project {
  const project = open(all);
  const known = new Set(all);
  const more = locatedWith(asked, project, folders).filter((path) => !known.has(path) && !isIgnored(path));
  return more.length === 0 ? project : open([...all, ...new Set(more)]);
}

function matching(glob: string, folders: Folders): readonly string[] {
  return folders.walk(globRoot(glob)).sql.filter((path) => matchesGlob(glob, path));
}
