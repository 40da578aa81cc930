import { backwardTwins, isBackwards } from "./backwards.ts";
import { groupFiles, isCandidate } from "./folders.ts";
import { withoutForeign } from "./foreign.ts";
import { withoutOthers } from "./no-migrations.ts";
import { folderOf, foldersUp, pathBelow } from "./paths.ts";
import { profiles, psql } from "./profiles/index.ts";
import type { Evidence, Folder, Layout, Profile, ProjectView } from "./types.ts";
import { joinVersions, orderOf } from "./versions.ts";

export interface LayoutOptions {
  /** The tool that a person named: nothing is guessed. */
  readonly runner?: Profile;
  /** The SQL files to lay out; all of the project where nothing is said. */
  readonly paths?: readonly string[];
}

/**
 * The migration folders of a project, each with the tool that runs it and its files in the order in which they run. Files for
 * other databases are left out. Files that no tool claims are psql's, by name, with a confidence of 0.1.
 */
export function layOut(project: ProjectView, options: LayoutOptions = {}): Layout[] {
  const view = remember(project);
  const paths = (options.paths ?? project.paths).filter((path) => isCandidate(path, view));
  const folders = groupFiles(view, paths)
    .flatMap((folder) => withoutForeign(folder) ?? [])
    .map(withoutOthers);
  const groups = folders.map((folder) => ({ folder, ...choose(folder, options.runner) }));
  return runByTool(joinVersions(merge(groups))).map(({ series, folder, ...chosen }) => ({
    ...chosen,
    folder: { ...folder, files: orderOf(chosen.profile, series ?? [folder]) },
  }));
}

/**
 * The layout that a path belongs to, whether or not the file is there yet: the one that runs it, or else the one with the
 * nearest folder above it whose tool would run it.
 */
export function findLayout(layouts: readonly Layout[], path: string): Layout | null {
  const running = layouts.find(({ folder }) => folder.files.includes(path));
  if (running !== undefined) return running;
  const around = layouts.filter(
    ({ folder, profile }) => pathBelow(folder.root, path) !== null && profile.isMigration(path, folder),
  );
  return around.sort((a, b) => b.folder.root.length - a.folder.root.length)[0] ?? null;
}

/** Every tool wants to see the texts: each is read once. */
function remember(project: ProjectView): ProjectView {
  const texts = new Map<string, string | null>();
  return {
    paths: project.paths,
    read(path) {
      let text = texts.get(path);
      if (text === undefined) {
        text = project.read(path);
        texts.set(path, text);
      }
      return text;
    },
  };
}

interface Chosen extends Evidence {
  readonly profile: Profile;
}

/** Files of one sequence. */
export interface Group extends Chosen {
  readonly folder: Folder;
  /** The folders of the versions that the sequence was put together from, in their order. */
  readonly series?: readonly Folder[];
  /** Whether the root only holds the folders that belong together, and is none that the tool was given. */
  readonly isJoined?: boolean;
}

function choose(folder: Folder, runner: Profile | undefined): Chosen {
  if (runner !== undefined) return { profile: runner, confidence: 1, because: "named" };
  let best: Chosen = { profile: psql, confidence: 0, because: "" };
  for (const profile of profiles) {
    const evidence = profile.detect(folder);
    if (evidence !== null && evidence.confidence > best.confidence) best = { profile, ...evidence };
    // Nobody can be surer than sure.
    if (best.confidence >= 1) break;
  }
  return best;
}

/** Tools that look into sub-folders have one sequence for all: a group joins the one above it, or its siblings. */
function merge(groups: readonly Group[]): Group[] {
  const merged: Group[] = [];
  for (const group of [...groups].sort((a, b) => a.folder.root.length - b.folder.root.length)) {
    const index = group.profile.recursive ? merged.findIndex((other) => belongsTogether(other, group)) : -1;
    const other = merged[index];
    if (other === undefined) merged.push(group);
    else merged[index] = joinGroups(other, group);
  }
  return merged;
}

function belongsTogether(first: Group, second: Group): boolean {
  if (first.profile !== second.profile) return false;
  if (first.profile.joins?.(first.folder, second.folder) === true) return true;
  if (pathBelow(first.folder.root, second.folder.root) !== null)
    return first.isJoined !== true || !shareVersions(first, second);
  return areBeside(first.folder.root, second.folder.root) && !shareVersions(first, second);
}

/** Siblings, and what is `specific/postgresql` beside `migration`. */
function areBeside(first: string, second: string): boolean {
  const above = folderOf(first);
  if (above !== "" && above === folderOf(second)) return true;
  return isSpecific(first, second) || isSpecific(second, first);
}

function isSpecific(common: string, own: string): boolean {
  if (!/\/migrations?$/i.test(common) || !/\/postgres(?:ql)?$/i.test(own)) return false;
  return folderOf(common) === folderOf(folderOf(own));
}

/** Files that no tool claims inside of a folder that one runs, such as templates and scripts for hand, do not run. */
function runByTool(groups: readonly Group[]): Group[] {
  const claimed = groups.filter(({ profile }) => profile !== psql).map(({ folder }) => folder.root);
  const all = new Set(groups.map(({ folder }) => folder.root));
  const twins = backwardTwins(all);
  const isLeftOut = ({ profile, folder }: Group) =>
    profile === psql &&
    (claimed.some((root) => root !== folder.root && isBelow(root, folder.root)) ||
      (isBackwards(folder.root) && all.has(folderOf(folder.root))) ||
      twins.has(folder.root));
  return groups.filter((group) => !isLeftOut(group));
}

/** At the top of a project a sub-folder may be anything; one for going back is none to run either way. */
function isBelow(root: string, folder: string): boolean {
  return root === "" ? isBackwards(folder) : pathBelow(root, folder) !== null;
}

/** Two sequences that both start with V1 are two databases, not one history. */
function shareVersions(first: Group, second: Group): boolean {
  const versions = new Set(first.folder.files.map(versionKey));
  return second.folder.files.some((path) => versions.has(versionKey(path)));
}

function commonFolder(first: string, second: string): string {
  return foldersUp(first).find((at) => at === second || pathBelow(at, second) !== null) ?? "";
}

/** `V001` and `V1` are one version; a script without any is known by its whole name. */
function versionKey(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const [version = ""] = name.split("__", 1);
  return /\d/.test(version) ? version.replace(/0*(\d+)/g, "$1") : name;
}

function joinGroups(first: Group, second: Group): Group {
  const isAbove = pathBelow(first.folder.root, second.folder.root) !== null;
  const folder = {
    root: commonFolder(first.folder.root, second.folder.root),
    files: [...first.folder.files, ...second.folder.files],
    project: first.folder.project,
  };
  const stronger = first.confidence >= second.confidence ? first : second;
  return { ...stronger, folder, isJoined: first.isJoined === true || !isAbove };
}
