import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readBlobs } from "../../src/cli/blobs.ts";
import { buildOnce, createFolder, lockwise, writeFiles } from "./run.ts";

buildOnce();

function git(cwd: string, ...args: string[]): string {
  return execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.com", ...args], {
    cwd,
    encoding: "utf8",
  }).trim();
}

function commit(files: Readonly<Record<string, string>>): string {
  const folder = createFolder(files);
  git(folder, "init", "-q", "-b", "main");
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "one");
  return folder;
}

describe("what files were", () => {
  it("is read whole, whatever is in it, and each text once", () => {
    const texts = ["", "\n", "SELECT 'é🐘';\n", "a blob 5\nb\n\n", "x".repeat(70_000)];
    const folder = commit(Object.fromEntries(texts.map((text, k) => [`${k}.sql`, text])));
    const ids = texts.map((_, k) => git(folder, "rev-parse", `HEAD:${k}.sql`));
    expect(readBlobs(folder, [...ids, ...ids])).toEqual(new Map(ids.map((id, k) => [id, texts[k]])));
  });

  it("is nothing of what is no blob", () => {
    const folder = commit({ "a/1.sql": "SELECT 1;" });
    expect(readBlobs(folder, [git(folder, "rev-parse", "HEAD:a")])).toEqual(new Map());
    expect(readBlobs(folder, [])).toEqual(new Map());
  });

  it("ends the command where it is not there", () => {
    const folder = commit({ "1.sql": "SELECT 1;" });
    expect(() => readBlobs(folder, ["1".repeat(40)])).toThrow(/git cat-file failed: 1+ is missing/);
  });
});

it.skipIf(process.platform === "win32")("one process of git reads what all edited migrations were", () => {
  const migrations = (text: string) =>
    Object.fromEntries(Array.from({ length: 5 }, (_, k) => [`m/000${k}_a\n.sql`, text]));
  const folder = commit({ ...migrations("CREATE TABLE a (b int);\n"), "m/0009_x.sql": "SELECT 1;\n" });
  writeFiles(folder, migrations("CREATE TABLE a (b bigint);\n"));
  const tools = createFolder({ git: "" });
  const real = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
  writeFiles(tools, { git: `#!/bin/sh\necho "$*" >> '${join(tools, "log")}'\nexec '${real}' "$@"\n` });
  chmodSync(join(tools, "git"), 0o755);
  const env = { PATH: `${tools}${delimiter}${process.env.PATH}` };
  const { stdout, stderr } = lockwise(folder, ["--since", "HEAD", "m"], { env });
  expect(stdout + stderr).toMatch(/changed since HEAD/);
  const calls = readFileSync(join(tools, "log"), "utf8").split("\n");
  expect(calls.filter((call) => call.includes("cat-file"))).toHaveLength(1);
});
