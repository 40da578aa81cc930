import { isSqlFile } from "../layout/paths.ts";
import { readBlobs } from "./blobs.ts";
import { usageError } from "./failure.ts";
import { ranWhereItWas } from "./moved.ts";
import { lineOf, runGit, topOf } from "./run-git.ts";

/** What changed since a commit, as absolute paths. */
interface Changes {
  /** New, edited, renamed and untracked files. */
  readonly changed: ReadonlySet<string>;
  /** Of those, the ones that were there before and were edited, each with its text of then. */
  readonly edited: ReadonlyMap<string, string>;
}

/** What changed between the merge base of `ref` and the working tree. Ends the command where git cannot tell. */
export function changesSince(ref: string, cwd: string): Changes {
  const root = topOf(cwd);
  if (root === null) throw usageError("--since needs git and a repository: this folder is in none");
  if (ref.startsWith("-")) throw usageError(`--since ${ref}: this is no commit`);
  git(cwd, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`], () => {
    const hint = isShallow(cwd)
      ? "; the clone is shallow: fetch more of it (actions/checkout: fetch-depth: 0)"
      : "";
    return usageError(`--since ${ref}: git knows no such commit${hint}`);
  });
  const base = git(cwd, ["merge-base", ref, "HEAD"], () => {
    const why = isShallow(cwd) ? "the clone is too shallow, fetch more of it" : "they share no commit";
    return usageError(`--since ${ref}: no common ancestor with HEAD: ${why}`);
  }).trim();
  const diff = git(cwd, ["diff", "--raw", "--no-abbrev", "-z", "--find-renames", base, "--"], (words) =>
    usageError(`git diff failed: ${words}`),
  ).split("\0");
  const changed = new Set<string>();
  /** The ids of what edited migrations were, by path. */
  const before = new Map<string, string>();
  const absolute = (path: string) => `${root}/${path}`;
  let names: readonly string[] | undefined;
  const namesBefore = () => {
    names ??= namesIn(cwd, base, (words) => usageError(`git ls-tree failed: ${words}`));
    return names;
  };
  for (let k = 0; k + 1 < diff.length; ) {
    // `:100644 100644 <id before> <id now> M`: the mode, the id and the kind of change.
    const [, , id = "", , status = ""] = (diff[k++] ?? "").split(" ");
    const isMove = status.startsWith("R") || status.startsWith("C");
    const name = diff[isMove ? k + 1 : k] ?? "";
    const path = absolute(name);
    k += isMove ? 2 : 1;
    if (status.startsWith("D")) continue;
    if (status === "R100" && ranWhereItWas(diff[k - 2] ?? "", name, namesBefore())) continue;
    changed.add(path);
    // Of a migration alone it matters what it was.
    if (status.startsWith("M") && isSqlFile(name)) before.set(path, id);
  }
  const texts = readBlobs(cwd, [...before.values()]);
  const edited = new Map<string, string>();
  for (const [path, id] of before) {
    const text = texts.get(id);
    if (text !== undefined) edited.set(path, text);
  }
  const untracked = git(root, ["ls-files", "--others", "--exclude-standard", "-z"], (words) =>
    usageError(`git ls-files failed: ${words}`),
  );
  for (const path of untracked.split("\0")) if (path !== "") changed.add(absolute(path));
  return { changed, edited };
}

/** Absolute paths of the files of the last commit around a folder; none where git is missing, or knows no commit. */
export function committedFiles(folder: string): ReadonlySet<string> {
  const root = topOf(folder);
  if (root === null) return new Set();
  try {
    return new Set(namesIn(folder, "HEAD", Error).map((name) => `${root}/${name}`));
  } catch {
    return new Set();
  }
}

/** The paths of all files of a commit. */
function namesIn(cwd: string, commit: string, fail: (words: string) => Error): string[] {
  const names = git(cwd, ["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit], fail);
  return names.split("\0").filter((name) => name !== "");
}

function isShallow(cwd: string): boolean {
  return lineOf(runGit(cwd, ["rev-parse", "--is-shallow-repository"])) === "true";
}

function git(cwd: string, args: readonly string[], fail: (words: string) => Error): string {
  const result = runGit(cwd, args);
  if (result.error !== undefined || result.status !== 0) {
    throw fail((result.stderr || result.error?.message || "").trim());
  }
  return result.stdout;
}
