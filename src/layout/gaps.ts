import { codeFilesOf } from "./code-files.ts";
import { baseName, folderOf, leadingDigits, stemOf } from "./paths.ts";
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
  const others = installations(layout);
  if (others.size > 0)
    return {
      before: others,
      because:
        "each of these scripts starts from the version in its name: what one says is not held against the next",
    };
  const unordered = withoutOrder(layout);
  if (unordered.size > 0)
    return {
      before: unordered,
      because:
        "nobody can tell the order of files without numbers in their names: what one says is not held against the next",
    };
  const behindCalls = besideCalls(layout);
  if (behindCalls.size > 0)
    return {
      before: behindCalls,
      because: "templates call functions that write statements which nobody reads here",
    };
  return besidePrograms(layout);
}

/** Files behind one in which a line of a template is a call, `{{ addColumn "users" "note" }}`: what it runs is not in the file. */
function besideCalls({ profile, folder }: Layout): ReadonlySet<string> {
  if (!profile.placeholders.includes("mustache")) return none.before;
  const calls =
    /^[ \t]*\{\{-?[ \t]*(?!(?:if|else|end|range|with|template|block|define)\b)[a-z]\w*[ \t]+["'`]/im;
  const hasCall = (path: string | undefined) => {
    const text = path === undefined ? null : folder.project.read(path);
    return text?.includes("{{") === true && calls.test(text);
  };
  return new Set(folder.files.filter((_, k) => hasCall(folder.files[k - 1])));
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
  const isNext = (path: string, k: number): boolean => {
    const before = files[k - 1];
    if (before === undefined) return false;
    return isLost(path, before) || isVariant(path, before) || isVariant(before, files[k - 2] ?? before);
  };
  return new Set(files.filter(isNext));
}

/** `0007_users_replica.sql` behind `0007_users.sql` of the same number: the same once more, for elsewhere or by hand. */
function isVariant(path: string, before: string): boolean {
  const number = leadingDigits(baseName(path));
  return (
    number !== "" &&
    leadingDigits(baseName(before)) === number &&
    stemOf(path).startsWith(`${stemOf(before)}_`)
  );
}

/** Files named as an extension's scripts are, `x--1.0.sql` and `x--1.0--1.1.sql`: many installations, and ways between them. */
function installations({ profile, folder }: Layout): ReadonlySet<string> {
  if (profile.isByHand !== true) return none.before;
  const scripts = folder.files.filter((path) => /^[a-z][\w-]*--\d/i.test(baseName(path)));
  const hasWays = scripts.some((path) => /--\d.*--/.test(baseName(path)));
  return hasWays ? new Set(scripts.slice(1)) : none.before;
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
