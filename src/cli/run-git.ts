import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { toSlashes } from "./files.ts";
import { isWithin } from "./project.ts";

/**
 * What git would run because a configuration says so, and what changes the form of its answers. Without optional locks it writes
 * no index, and so runs no hook that follows the writing.
 */
const settings = ["core.fsmonitor=false", "diff.relative=false", "safe.bareRepository=explicit"];

const largestAnswer = 256 * 1024 * 1024;

/** Runs git in a folder, whose files others may have written. */
export function runGit(cwd: string, args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync("git", hardened(args), { cwd, encoding: "utf8", maxBuffer: largestAnswer });
}

/** As {@link runGit}, for a command that reads `input`; its answer is bytes, and fails where there are more than `most`. */
export function feedGit(
  cwd: string,
  args: readonly string[],
  input: string,
  most = largestAnswer,
): SpawnSyncReturns<Buffer> {
  return spawnSync("git", hardened(args), { cwd, input, maxBuffer: most });
}

function hardened(args: readonly string[]): string[] {
  return ["--no-optional-locks", ...settings.flatMap((one) => ["-c", one]), ...args];
}

/** The first and only line of an answer: its line break is no part of a name, blanks are. */
export function lineOf({ stdout }: Pick<SpawnSyncReturns<string>, "stdout">): string {
  return (stdout ?? "").replace(/\r?\n$/, "");
}

/**
 * The top of the working tree around a folder; null where there is none, or git is missing. A pull request can bring files that are
 * called as those of a bare repository, in the folder of its migrations: git would take the folder for one, and run what its
 * configuration says. So the repository that is found must not lie open around the folder.
 */
export function topOf(folder: string): string | null {
  const found = runGit(folder, ["rev-parse", "--absolute-git-dir"]);
  if (found.status !== 0) return null;
  const isNamed = process.env.GIT_DIR !== undefined;
  if (!isNamed && isWithin(toSlashes(realpathSync(folder)), toSlashes(lineOf(found)))) return null;
  const top = runGit(folder, ["rev-parse", "--show-toplevel"]);
  return top.status === 0 ? toSlashes(lineOf(top)) : null;
}
