import { cpSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { git } from "../cli/repository.ts";
import { buildOnce, createFolder, lockwise, writeFiles } from "../cli/run.ts";

buildOnce();

const runners = join(import.meta.dirname, "../../fixtures/_runners");
const index = "CREATE INDEX i ON t (c);\n";

function copyOf(runner: string): string {
  const folder = createFolder({});
  cpSync(join(runners, runner), folder, { recursive: true });
  return folder;
}

function configOf(folder: string) {
  return JSON.parse(readFileSync(join(folder, "lockwise.config.json"), "utf8"));
}

const judged = (folder: string) =>
  (
    JSON.parse(lockwise(folder, ["--format", "json"]).stdout) as { files: readonly { path: string }[] }
  ).files.map(({ path }) => path);

describe.each(readdirSync(runners).filter((name) => name !== "psql"))("%s", (runner) => {
  test("is found, and its configuration judges what was judged without", () => {
    const folder = copyOf(runner);
    const before = judged(folder);
    const { status, stdout } = lockwise(folder, ["init"]);
    expect(status).toBe(0);
    const config = configOf(folder);
    expect(config.runner).toBe(runner);
    expect(config.migrations.length).toBeGreaterThan(0);
    expect(stdout).toMatch(/^Found\n {2}\d+ files in \S+: .+\n/);
    expect(before.length).toBeGreaterThan(0);
    expect(judged(folder).sort()).toEqual(before.sort());
  });
});

test("files without a tool: by the name of their folder, or by the folder that is named", () => {
  const folder = copyOf("psql");
  const lost = lockwise(folder, ["init"]);
  expect(lost).toMatchObject({ status: 2, stdout: "" });
  expect(lost.stderr).toMatch(/name their folder \(lockwise init db\/changes\)/);
  expect(lockwise(folder, ["init", "nowhere"]).stderr).toMatch(/nowhere: there is no such folder/);
  expect(lockwise(folder, ["init", ".."]).status).toBe(2);
  expect(existsSync(join(folder, "lockwise.config.json"))).toBe(false);
  expect(lockwise(folder, ["init", "."]).status).toBe(0);
  expect(configOf(folder)).toEqual({ migrations: ["*.sql"], baseline: "lockwise-baseline.json" });
  const named = createFolder({ "db/migrations/1.sql": index, "queries/a.sql": "SELECT 1;" });
  lockwise(named, ["init"]);
  expect(configOf(named)).toMatchObject({ migrations: ["db/migrations/*.sql"] });
});

test("the version: the oldest that compose files, CI and the like name", () => {
  const folder = createFolder({
    "migrations/1.sql": index,
    "docker-compose.yml": "services:\n  db:\n    image: postgres:17.2-alpine\n  cache:\n    image: redis:7\n",
    "deploy/compose.yaml": "services:\n  db: { image: 'timescale/timescaledb:2.15-pg16' }\n",
    ".github/workflows/ci.yml": 'services:\n  postgres:\n    image: "postgis/postgis:14-3.4"\n',
    ".tool-versions": "nodejs 22.1.0\npostgres 15.3\n",
  });
  const { stdout } = lockwise(folder, ["init"]);
  expect(stdout).toContain("PostgreSQL 17: postgres:17.2-alpine in docker-compose.yml");
  expect(stdout).toContain("PostgreSQL 16: timescaledb:2.15-pg16 in deploy/compose.yaml");
  expect(stdout).toContain("PostgreSQL 14: postgis:14-3.4 in .github/workflows/ci.yml");
  expect(stdout).toContain("PostgreSQL 15: postgres 15.3 in .tool-versions");
  expect(stdout).not.toMatch(/redis|22/);
  expect(configOf(folder).postgresVersion).toBe(14);
  const none = createFolder({ "migrations/1.sql": index, "compose.yml": "image: postgres:latest\n" });
  expect(lockwise(none, ["init"]).stdout).toContain("no word of the server's version");
});

test("squawk's configuration is taken over", () => {
  const folder = createFolder({
    "migrations/1.sql": index,
    ".squawk.toml":
      'pg_version = "13.0"\nexcluded_rules = ["ban-drop-column", "prefer-repack"]\nexcluded_paths = ["migrations/0*.sql"]\nassume_in_transaction = true\n',
  });
  const { stdout } = lockwise(folder, ["init"]);
  expect(configOf(folder)).toMatchObject({
    postgresVersion: 13,
    ignore: ["migrations/0*.sql"],
    rules: { "drop-column": "off" },
  });
  expect(stdout).toMatch(/\.squawk\.toml: \d+ rules? taken over/);
  expect(stdout).toContain("assume_in_transaction is not read");
  expect(lockwise(folder, []).status).toBe(1);
});

test("it can be run again, and overwrites with --force alone", () => {
  const folder = createFolder({ "migrations/1.sql": index });
  lockwise(folder, ["init"]);
  expect(lockwise(folder, ["init"]).stdout).toContain("lockwise.config.json has lockwise already");
  writeFiles(folder, { "lockwise.config.json": '{ "postgresVersion": 16 }\n' });
  expect(lockwise(folder, ["init"]).stdout).toMatch(/^Kept lockwise\.config\.json, which differs/m);
  expect(configOf(folder)).toEqual({ postgresVersion: 16 });
  expect(lockwise(folder, ["init", "--force"]).stdout).toMatch(/^Wrote lockwise\.config\.json/m);
  expect(configOf(folder)).toEqual({
    migrations: ["migrations/*.sql"],
    baseline: "lockwise-baseline.json",
  });
});

describe("hooks", () => {
  test("Git alone: a script, once, and none without Git", () => {
    const folder = createFolder({ "migrations/1.sql": index });
    expect(lockwise(folder, ["init", "--hook"]).stdout).toContain("no Git repository here");
    git(folder, "init", "-q");
    expect(lockwise(folder, ["init", "--hook"]).stdout).toContain("Wrote .git/hooks/pre-commit");
    expect(statSync(join(folder, ".git/hooks/pre-commit")).mode & 0o111).not.toBe(0);
    writeFiles(folder, { ".git/hooks/pre-commit": "#!/bin/sh\necho mine\n" });
    expect(lockwise(folder, ["init", "--hook"]).stdout).toContain("Kept .git/hooks/pre-commit");
    expect(readFileSync(join(folder, ".git/hooks/pre-commit"), "utf8")).toContain("mine");
  });

  test("pre-commit, lefthook, husky and lint-staged get what is theirs", () => {
    const list = "repos:\n- repo: local\n  hooks: []\n";
    const folder = createFolder({ "migrations/1.sql": index, ".pre-commit-config.yaml": list });
    lockwise(folder, ["init", "--hook"]);
    const config = readFileSync(join(folder, ".pre-commit-config.yaml"), "utf8");
    expect(config).toMatch(
      /^repos:\n- repo: local\n {2}hooks: \[\]\n- repo: https:\S+\n {2}rev: v\S+\n {2}hooks:\n {4}- id: lockwise\n$/,
    );
    expect(lockwise(folder, ["init", "--hook"]).stdout).toContain("has lockwise already");
    expect(readFileSync(join(folder, ".pre-commit-config.yaml"), "utf8")).toBe(config);
    writeFiles(folder, { ".pre-commit-config.yaml": `${list}default_stages: [commit]\n` });
    expect(lockwise(folder, ["init", "--hook"]).stdout).toContain(
      "Put into .pre-commit-config.yaml yourself",
    );

    const lefthook = createFolder({
      "migrations/1.sql": index,
      "lefthook.yml": "pre-push:\n  commands: {}\n",
    });
    lockwise(lefthook, ["init", "--hook"]);
    expect(readFileSync(join(lefthook, "lefthook.yml"), "utf8")).toMatch(
      /^pre-push:\n {2}commands: \{\}\npre-commit:\n {2}commands:\n {4}lockwise:/,
    );
    const husky = createFolder({ "migrations/1.sql": index, ".husky/pre-commit": "npm test" });
    lockwise(husky, ["init", "--hook"]);
    expect(readFileSync(join(husky, ".husky/pre-commit"), "utf8")).toMatch(/^npm test\ngit diff --cached/);
    const staged = createFolder({
      "migrations/1.sql": index,
      "package.json": '{ "lint-staged": { "*.js": "x" } }',
    });
    expect(lockwise(staged, ["init", "--hook"]).stdout).toContain('"*.sql": "lockwise"');
  });
});

test("CI: a workflow, a job, or the command", () => {
  const github = createFolder({ "db/migrations/1.sql": index, ".github/dependabot.yml": "" });
  lockwise(github, ["init", "--ci"]);
  const workflow = readFileSync(join(github, ".github/workflows/lockwise.yml"), "utf8");
  expect(workflow).toContain('- "db/migrations/**"');
  expect(workflow).toContain("fetch-depth: 0");
  const gitlab = createFolder({ "migrations/1.sql": index, ".gitlab-ci.yml": "test:\n  script: [x]\n" });
  lockwise(gitlab, ["init", "--ci"]);
  expect(readFileSync(join(gitlab, ".gitlab-ci.yml"), "utf8")).toMatch(
    /^test:\n {2}script: \[x\]\n\nlockwise:\n/,
  );
  expect(lockwise(gitlab, ["init", "--ci"]).stdout).toContain(".gitlab-ci.yml has lockwise already");
  const other = createFolder({ "migrations/1.sql": index });
  expect(lockwise(other, ["init", "--yes"]).stdout).toMatch(/npx --yes lockwise@\S+ --since origin\/main/);
  expect(existsSync(join(other, ".gitlab-ci.yml"))).toBe(false);
});
