import { execFileSync } from "node:child_process";
import { createFolder } from "./run.ts";

/** The environment without what git hands on to its hooks: what runs these tests may be one. */
export const plainEnvironment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")),
);

/** Somebody who commits, wherever the tests run. */
const identity = ["-c", "user.name=x", "-c", "user.email=x@example.com"];

/** Runs git in a folder and gives what it prints. */
export function git(cwd: string, ...args: string[]): string {
  return execFileSync("git", [...identity, ...args], { cwd, encoding: "utf8", env: plainEnvironment }).trim();
}

/** Adds and commits all that is in the folder. */
export function commitAll(folder: string): void {
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "x");
}

/** A repository whose one commit, on main, holds these files; gone after the test file. */
export function createRepository(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = createFolder(files);
  git(folder, "init", "-q", "-b", "main");
  commitAll(folder);
  return folder;
}
