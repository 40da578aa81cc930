import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRepository, git, plainEnvironment } from "../cli/repository.ts";
import { buildOnce, createFolder, lockwise, shellCommand, writeFiles } from "../cli/run.ts";

buildOnce();

const root = join(import.meta.dirname, "../..");
const isHere = spawnSync("pre-commit", ["--version"]).status === 0;
const hooks = readFileSync(join(root, ".pre-commit-hooks.yaml"), "utf8");
const table = "CREATE TABLE orders (id bigint PRIMARY KEY, code varchar(10));\n";

function runPreCommit(folder: string, hookRepository: string) {
  writeFiles(folder, {
    ".pre-commit-config.yaml": `repos:\n  - repo: ${hookRepository}\n    rev: ${git(hookRepository, "rev-parse", "HEAD")}\n    hooks:\n      - id: lockwise\n`,
  });
  git(folder, "add", "-A");
  const env = { ...plainEnvironment, PRE_COMMIT_HOME: createFolder({}), PRE_COMMIT_COLOR: "never" };
  return spawnSync("pre-commit", ["run"], { cwd: folder, encoding: "utf8", env });
}

/** The staged files are judged, what is committed is history, what is not staged is not there. */
function proveHook(hookRepository: string): void {
  const folder = createRepository({
    "migrations/0001.sql": table,
    "migrations/0002.sql": "CREATE INDEX old ON orders (code);\n",
    "README.md": "x\n",
  });
  expect(runPreCommit(folder, hookRepository).stdout).toMatch(/lockwise\.+\(no files to check\)\s*Skipped/);
  git(folder, "commit", "-q", "-m", "two");
  writeFiles(folder, {
    "migrations/0003.sql":
      "SET lock_timeout = '2s';\nALTER TABLE orders ALTER COLUMN code TYPE varchar(20);\n",
  });
  expect(runPreCommit(folder, hookRepository).stdout).toMatch(/lockwise\.+Passed/);
  writeFiles(folder, { "migrations/0004.sql": "CREATE INDEX new ON orders (code);\n" });
  git(folder, "add", "-A");
  writeFiles(folder, { "migrations/0004.sql": "SELECT 1;\n" });
  git(folder, "add", "migrations/0003.sql");
  const env = { ...plainEnvironment, PRE_COMMIT_HOME: createFolder({}), PRE_COMMIT_COLOR: "never" };
  const failed = spawnSync("pre-commit", ["run"], { cwd: folder, encoding: "utf8", env });
  expect(failed.status).toBe(1);
  expect(failed.stdout).toContain("migrations/0004.sql");
  expect(failed.stdout).toContain("CREATE INDEX CONCURRENTLY new ON orders (code);");
  expect(failed.stdout).not.toMatch(/0002\.sql|INDEX old/);
  expect(readFileSync(join(folder, "migrations/0004.sql"), "utf8")).toBe("SELECT 1;\n");
}

test.skipIf(!isHere)("pre-commit judges what is staged (skipped where it is not installed)", () => {
  // Without the network no Node environment can be made: the same hook, with the executable of this build.
  expect(hooks).toMatch(/^ {2}entry: lockwise\n {2}language: node$/m);
  const local = hooks
    .replace("entry: lockwise", `entry: '${shellCommand()}'`)
    .replace("language: node", "language: system");
  proveHook(createRepository({ ".pre-commit-hooks.yaml": local }));
});

const isOnline = process.env.LOCKWISE_ONLINE === "1";

test.skipIf(!isHere || !isOnline)(
  "pre-commit installs the hook from a clone of this repository (with LOCKWISE_ONLINE=1 only)",
  { timeout: 600_000 },
  () => {
    const clone = createFolder({});
    git(clone, "clone", "-q", root, ".");
    proveHook(clone);
  },
);

test("Git's own hook, as init writes it: only what is staged, whatever its name", () => {
  const folder = createRepository({
    "migrations/0001.sql": table,
    "migrations/0002.sql": "DROP INDEX old;\n",
  });
  lockwise(folder, ["init", "--hook"]);
  // As npx would fetch it for a project without packages.
  const bin = createFolder({
    npx: `#!/bin/sh\n[ "$1" = --yes ] && shift 2\nexec ${shellCommand()} "$@"\n`,
  });
  execFileSync("chmod", ["+x", join(bin, "npx")]);
  const commit = () =>
    spawnSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-m", "x"], {
      cwd: folder,
      encoding: "utf8",
      env: { ...plainEnvironment, PATH: `${bin}:${process.env.PATH}` },
    });
  git(folder, "add", "lockwise.config.json");
  expect(commit()).toMatchObject({ status: 0 });
  writeFiles(folder, {
    "migrations/0003 a b.sql": "CREATE INDEX new ON orders (code);\n",
    "migrations/0004.sql": "!",
  });
  git(folder, "add", "migrations/0003 a b.sql");
  const refused = commit();
  expect(refused.status).not.toBe(0);
  expect(refused.stdout + refused.stderr).toContain("migrations/0003 a b.sql");
  expect(refused.stdout + refused.stderr).not.toMatch(/0002\.sql|0004\.sql/);
  writeFiles(folder, { "migrations/0003 a b.sql": "CREATE TABLE more (id bigint PRIMARY KEY);\n" });
  git(folder, "add", "migrations/0003 a b.sql");
  expect(commit()).toMatchObject({ status: 0 });
});
