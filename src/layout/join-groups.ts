import { folderOf, foldersUp, pathBelow } from "./paths.ts";
import type { Evidence, Folder, Profile } from "./types.ts";

/** The tool that runs a folder, and how sure that is. */
export interface Chosen extends Evidence {
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

/** Tools that look into sub-folders have one sequence for all: a group joins the one above it, or its siblings. */
export function mergeGroups(groups: readonly Group[]): Group[] {
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
  const told = first.profile.joins?.(first.folder, second.folder) ?? null;
  if (told !== null) return told;
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
