import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { toSlashes } from "./files.ts";
import { type Offer, readIfThere } from "./init-offers.ts";
import { lineOf, runGit, topOf } from "./run-git.ts";
import { packageVersion } from "./version.ts";

export const repository = "https://github.com/lockwise/lockwise";

/** What is installed with a project is the version that it wants; where it has no place for packages npx fetches ours. */
function commandIn(root: string): string {
  return existsSync(`${root}/package.json`)
    ? "npx --no-install lockwise"
    : `npx --yes lockwise@${packageVersion}`;
}

/** For Git itself and for tools that run a script: only the staged files are judged, their folder is the history. */
function stagedIn(root: string): string {
  return `git diff --cached --name-only -z --diff-filter=ACMR -- '*.sql' | xargs -0 -r ${commandIn(root)}`;
}

/** The hook that fits to what the project has: pre-commit, lefthook, husky, lint-staged, or Git alone. Null: no Git. */
export function hookOffer(root: string): Offer | null {
  const read = (path: string) => readIfThere(`${root}/${path}`);
  const preCommit = read(".pre-commit-config.yaml");
  if (preCommit !== null) return preCommitOffer(preCommit);
  for (const path of ["lefthook.yml", ".lefthook.yml", "lefthook.yaml"]) {
    const text = read(path);
    if (text !== null) return lefthookOffer(path, text, commandIn(root));
  }
  if (/"lint-staged"\s*:\s*\{/.test(read("package.json") ?? "")) {
    const text = '"lint-staged": {\n  "*.sql": "lockwise"\n}\n';
    return { what: "a line for lint-staged", path: "package.json", how: "show", text };
  }
  if (existsSync(`${root}/.husky`)) {
    const path = ".husky/pre-commit";
    return { what: "a husky hook", path, how: "append", text: `${stagedIn(root)}\n`, isScript: true };
  }
  const path = gitHook(root);
  if (path === null) return null;
  const text = `#!/bin/sh\n${stagedIn(root)}\n`;
  return { what: "a Git hook", path, how: "create", text, isScript: true };
}

function preCommitOffer(before: string): Offer {
  const indent = /^( *)- repo:/m.exec(before)?.[1] ?? "  ";
  const lines = [`- repo: ${repository}`, `  rev: v${packageVersion}`, "  hooks:", "    - id: lockwise"];
  const text = lines.map((line) => `${indent}${line}\n`).join("");
  // The list can be added to at the end of the file only where it is what the file ends with.
  const isLast = lastKey(before) === "repos";
  const what = "a hook of pre-commit";
  return { what, path: ".pre-commit-config.yaml", how: isLast ? "append" : "show", text };
}

function lefthookOffer(path: string, before: string, command: string): Offer {
  const job = `    lockwise:\n      glob: "*.sql"\n      run: ${command} {staged_files}\n`;
  const what = "a command of lefthook";
  const isNew = !/^pre-commit\s*:/m.test(before);
  const text = `pre-commit:\n  commands:\n${job}`;
  return { what, path, how: isNew ? "append" : "show", text };
}

function lastKey(yaml: string): string | null {
  const keys = [...yaml.matchAll(/^([A-Za-z_][\w-]*)\s*:/gm)];
  return keys.at(-1)?.[1] ?? null;
}

function gitHook(root: string): string | null {
  if (topOf(root) === null) return null;
  const found = runGit(root, ["rev-parse", "--git-path", "hooks/pre-commit"]);
  if (found.status !== 0) return null;
  const path = toSlashes(lineOf(found));
  // Hooks that are kept elsewhere, for all repositories of a person, are not ours to write.
  return isAbsolute(path) || path.startsWith("..") ? null : path;
}
