import type { Group } from "./join-groups.ts";
import { baseName, folderOf, pathBelow } from "./paths.ts";

/** What folders are called whose migrations do not run any more, or not yet. */
const words = /(?:^|[-_. ])(?:archived?|backups?|deprecated|disabled|legacy|obsolete|old|unused)$/i;

/**
 * Folders of what was set aside: inside of one that runs, by a tool that does not look into it, or beside one that holds the
 * same versions, as `legacy` beside `sql` and `migrations_unused` beside `migrations` do.
 */
export function setAside(groups: readonly Group[]): ReadonlySet<string> {
  const running = groups.filter(({ folder }) => !words.test(baseName(folder.root)));
  const isAside = (group: Group) => running.some((other) => isInside(group, other) || isTwin(group, other));
  return new Set(groups.filter(isAside).map(({ folder }) => folder.root));
}

function isInside({ folder }: Group, other: Group): boolean {
  if (other.profile.recursive || other.folder.root === "") return false;
  const [first = ""] = pathBelow(other.folder.root, folder.root)?.split("/") ?? [];
  return words.test(first);
}

function isTwin(group: Group, other: Group): boolean {
  const { root, files } = group.folder;
  if (!words.test(baseName(root)) || group.profile !== other.profile) return false;
  if (folderOf(root) !== folderOf(other.folder.root)) return false;
  const versions = new Set(other.folder.files.map(versionOf));
  return files.some((path) => versions.has(versionOf(path)));
}

/** The number of a script, a time to the second: what was split in two counts on behind it. */
function versionOf(path: string): string {
  const digits = /\d+/.exec(baseName(path))?.[0] ?? /\d+/.exec(baseName(folderOf(path)))?.[0];
  return digits === undefined ? baseName(path) : digits.replace(/^0+/, "").slice(0, 14);
}
