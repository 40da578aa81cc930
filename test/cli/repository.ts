import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createFolder, writeFiles } from "./run.ts";

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

/** A PATH whose git writes down what it is called with, a line for each call, and what `cat-file` is asked for. */
export function watchGit() {
  const tools = createFolder({ git: "", calls: "", asked: "" });
  const real = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
  const [calls, asked] = [join(tools, "calls"), join(tools, "asked")];
  const feed = `case "$*" in *cat-file*) tee -a '${asked}' | '${real}' "$@";; *) exec '${real}' "$@";; esac`;
  writeFiles(tools, { git: `#!/bin/sh\necho "$*" >> '${calls}'\n${feed}\n` });
  chmodSync(join(tools, "git"), 0o755);
  const linesOf = (path: string) => readFileSync(path, "utf8").split("\n").slice(0, -1);
  return {
    path: `${tools}${delimiter}${process.env.PATH}`,
    calls: (command = "") => linesOf(calls).filter((call) => call.includes(command)),
    asked: () => linesOf(asked),
  };
}
