import { codeFilesOf } from "./code-files.ts";
import { baseName, folderOf, stemOf } from "./paths.ts";
import type { Layout } from "./types.ts";
import { directionOf } from "./units.ts";

/** Where a history is not what its files say. */
export interface Gaps {
  /** The files just before which something runs that nobody reads, or nobody knows what. */
  readonly before: ReadonlySet<string>;
  /** For people; null where there are none. */
  readonly because: string | null;
}

const none: Gaps = { before: new Set(), because: null };

/** The gaps in the history of a layout: its order that no name tells, and its migrations that are programs. */
export function gapsOf(layout: Layout): Gaps {
  const unordered = withoutOrder(layout);
  if (unordered.size > 0)
    return {
      before: unordered,
      because:
        "nobody can tell the order of files without numbers in their names: what one says is not held against the next",
    };
  return besidePrograms(layout);
}

/**
 * Files that no tool runs in the order of their names, and that have no numbers by which people would. Files of two folders
 * are only in one sequence where the folders are versions: their order is known.
 */
function withoutOrder({ profile, folder }: Layout): ReadonlySet<string> {
  const files = folder.files.filter((path) => directionOf(path) !== "down");
  if (profile.isByHand !== true || files.length < 2) return none.before;
  const isLost = (path: string, before: string) =>
    folderOf(path) === folderOf(before) && !(hasNumber(path) && hasNumber(before));
  return new Set(files.filter((path, k) => k > 0 && isLost(path, files[k - 1] ?? path)));
}

/** `001_users`, `v1.2`, `upgrade-3-to-4`, `2024-01-31 users`, `schema2`; not `utf8`, `oauth2_tokens`. */
function hasNumber(path: string): boolean {
  return /(?:^|[^a-z0-9])[vr]?\d|^[a-z]+\d+$/i.test(stemOf(path));
}

/** Files that run behind a migration which is a program. */
function besidePrograms({ profile, folder }: Layout): Gaps {
  const [first] = folder.files;
  if (first === undefined) return none;
  const programs = codeFilesOf(folder, (path) => profile.isMigration(path, folder));
  if (programs.size === 0) return none;
  const standIns = new Set(programs.values());
  const ordered = profile.order({ ...folder, files: [...folder.files, ...standIns] });
  const before = ordered.filter((path, k) => !standIns.has(path) && standIns.has(ordered[k - 1] ?? ""));
  if (before.length === 0) return none;
  const [name = ""] = programs.keys();
  const others = programs.size === 1 ? "is a program" : `and ${programs.size - 1} more are programs`;
  return { before: new Set(before), because: `${baseName(name)} ${others} that nobody reads here` };
}
