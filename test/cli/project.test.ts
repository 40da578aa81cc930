import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commitAll, createRepository, git } from "./repository.ts";
import { buildOnce, createFolder, lockwise, writeFiles } from "./run.ts";

buildOnce();

const index = "CREATE INDEX orders_status_idx ON orders (status);\n";

test("a configuration: its rules, its migrations, its overrides, from any folder below", () => {
  const folder = createFolder({
    "lockwise.config.json": `{
      "postgresVersion": 16,
      "migrations": ["db/*.sql"], // nothing else
      "ignore": ["db/0_seed.sql"],
      "rules": { "require-concurrent-index-creation": "warning" },
      "overrides": [{ "files": ["db/1*.sql"], "rules": { "index-without-concurrently": "off" } }],
    }`,
    "db/0_seed.sql": index,
    "db/1_a.sql": index,
    "db/2_b.sql": index,
    "other/3.sql": index,
  });
  const lines = (cwd: string, ...args: string[]) =>
    lockwise(cwd, ["--format", "compact", ...args])
      .stdout.split("\n")
      .filter((line) => line.includes("[index-without-concurrently]"));
  expect(lines(folder)).toEqual([expect.stringMatching(/^db\/2_b\.sql:1:1: warning/)]);
  expect(lines(join(folder, "db"), "1_a.sql", "2_b.sql")).toEqual([
    expect.stringMatching(/^2_b\.sql:1:1: warning/),
  ]);
  const forced = lines(folder, "--rule", "index-without-concurrently=error");
  expect(forced.filter((line) => line.includes(": error "))).toHaveLength(2);
  expect(lockwise(folder, ["db"]).stdout).toMatch(/PostgreSQL 16\)?\./);
});

test("what is wrong in a configuration ends the run, with its place", () => {
  const folder = createFolder({ "lockwise.config.json": '{\n  "rulse": {}\n}', "a.sql": index });
  const result = lockwise(folder, ["a.sql"]);
  expect(result).toMatchObject({ status: 2, stdout: "" });
  expect(result.stderr).toMatch(
    /lockwise\.config\.json:2:3: rulse is no key of the configuration; did you mean rules\?\n$/,
  );
  expect(lockwise(folder, ["a.sql", "--config", "none.json"]).stderr).toMatch(
    /there is no such configuration/,
  );
});

test("squawk's configuration, where there is none of ours", () => {
  const folder = createFolder({
    ".squawk.toml": 'excluded_rules = ["require-concurrent-index-creation", "prefer-robust-stmts"]\n',
    "a.sql": index,
  });
  const result = lockwise(folder, ["a.sql"]);
  expect(result.status).toBe(0);
  expect(result.stdout).not.toContain("index-without-concurrently");
});

test("a plugin's rules are asked; one that throws is named", () => {
  const plugin = `export default {
    id: "no-selects", severity: "error", category: "style", summary: "SELECT", why: "", instead: "", references: [],
    on: ["select"],
    *check(node, context) {
      if (context.text(node.span).includes("boom")) throw new Error("boom");
      yield { at: node.head, message: "SELECT in a migration" };
    },
  };`;
  const folder = createFolder({
    "lockwise.config.json": '{ "plugins": ["./own.mjs"], "rules": { "no-selects": "warning" } }',
    "own.mjs": plugin,
    "a.sql": `SELECT 1;\nSELECT 'boom';\n${index}`,
    "broken/lockwise.config.json": '{ "plugins": ["./own.mjs"] }',
    "broken/own.mjs": "throw new Error('no good');",
    "broken/a.sql": index,
  });
  const result = lockwise(folder, ["a.sql", "--format", "compact"]);
  expect(result.stdout).toMatch(/^a\.sql:1:1: warning SELECT in a migration \[no-selects\]$/m);
  expect(result.stdout).toMatch(/^a\.sql:3:1: error/m);
  expect(result.stderr).toMatch(/^lockwise: a\.sql:2: the rule no-selects failed: boom$/m);
  expect(result.status).toBe(2);
  const broken = lockwise(join(folder, "broken"), ["a.sql"]);
  expect(broken.stderr).toMatch(/1:14: the plugin \.\/own\.mjs cannot be loaded: no good\n$/);
  expect(broken.status).toBe(2);
});

test("a baseline hides what was there, also after lines moved, and tells what has gone", () => {
  const folder = createFolder({ "db/1.sql": index });
  const written = lockwise(folder, ["db", "--write-baseline"]);
  expect(written.stderr).toMatch(/--baseline lockwise-baseline\.json hides them/);
  expect(written.stderr).toMatch(/^lockwise: lockwise-baseline\.json: 1 finding written/);
  expect(written.status).toBe(0);
  const { findings } = JSON.parse(readFileSync(join(folder, "lockwise-baseline.json"), "utf8"));
  expect(findings).toEqual([
    expect.objectContaining({ rule: "index-without-concurrently", path: "db/1.sql" }),
  ]);
  writeFiles(folder, { "db/1.sql": `-- new\n\n${index}CREATE INDEX i ON orders (total);\n` });
  const later = lockwise(folder, ["db", "--baseline", "lockwise-baseline.json", "--format", "json"]);
  expect(JSON.parse(later.stdout)).toMatchObject({
    diagnostics: [{ start: { line: 4 } }],
    summary: { errors: 1, baseline: 1 },
  });
  const below = lockwise(join(folder, "db"), [
    "1.sql",
    "--baseline",
    "../lockwise-baseline.json",
    "--format",
    "json",
  ]);
  expect(JSON.parse(below.stdout).summary).toMatchObject({ errors: 1, baseline: 1 });
  writeFiles(folder, { "db/1.sql": "SELECT 1;\n" });
  expect(lockwise(folder, ["db", "--baseline", "lockwise-baseline.json"]).stdout).toMatch(
    /1 of the\nbaseline is gone/,
  );
  writeFiles(folder, { "b.json": '{"version": 9}' });
  expect(lockwise(folder, ["db", "--baseline", "b.json"]).stderr).toMatch(
    /b\.json: is a baseline of version 9/,
  );
  expect(lockwise(folder, ["db", "--baseline", "none.json"]).stderr).toMatch(/--write-baseline writes one/);
});

test("--since judges what is new or changed, the rest is history", () => {
  const folder = createFolder({
    "db/1.sql": "CREATE TABLE orders (id bigint, status text);\n",
    "db/2.sql": index,
  });
  const since = (...args: string[]) =>
    lockwise(folder, ["db", "--format", "json", "--since", "HEAD", ...args]);
  expect(since().stderr).toMatch(/--since needs git and a repository/);
  git(folder, "init", "-q");
  commitAll(folder);
  expect(JSON.parse(since().stdout).files).toEqual([]);
  writeFiles(folder, { "db/3.sql": index.replace("status_idx", "more_idx") });
  git(folder, "mv", "db/2.sql", "db/2_renamed.sql");
  const result = since();
  expect(JSON.parse(result.stdout).files).toEqual([{ path: "db/3.sql", statements: 1 }]);
  expect(result).toMatchObject({ status: 1, stderr: "" });
  writeFiles(folder, { "db/1.sql": "CREATE TABLE orders (id bigint, status text, total int);\n" });
  expect(since().stderr).toBe(
    "lockwise: db/1.sql: changed since HEAD; databases that have run it will not run it again\n",
  );
  expect(lockwise(folder, ["db", "--since", "nowhere"]).stderr).toMatch(
    /--since nowhere: git knows no such commit/,
  );
  expect(lockwise(folder, ["db", "--since=--help"]).stderr).toMatch(/this is no commit/);
});

test("an edited migration makes nothing new: what it created has been there since it ran", () => {
  const folder = createRepository({ "db/1.sql": "CREATE TABLE orders (id bigint, status text);\n" });
  writeFiles(folder, {
    "db/1.sql": "-- orders\nCREATE TABLE orders (id bigint, status text);\n",
    "db/2.sql": `CREATE TABLE lines (id bigint);\n`,
    "db/3.sql": `${index}CREATE INDEX lines_idx ON lines (id);\n`,
  });
  const { stdout } = lockwise(folder, ["db", "--since", "HEAD", "--format", "compact"]);
  expect(stdout.trim().split("\n")).toHaveLength(1);
  expect(stdout).toMatch(/^db\/3\.sql:1:1: error Writes to orders wait/);
});

test("a changelog that goes on: only the changesets that are new are judged", () => {
  const changeset = (id: number, sql: string) => `--changeset a:${id}\n${sql}`;
  const old = `--liquibase formatted sql\n${changeset(1, "CREATE TABLE orders (id bigint, status text);\n")}`;
  const folder = createRepository({
    "db/1.sql": `${old}${changeset(2, index)}`,
    "db/2.sql": `--liquibase formatted sql\n${changeset(9, "CREATE TABLE lines (id bigint);\n")}`,
  });
  writeFiles(folder, {
    "db/1.sql": `${old}${changeset(2, index)}${changeset(3, index.replace("_idx", "_i"))}`,
  });
  const { stdout, stderr } = lockwise(folder, ["db", "--since", "HEAD", "--format", "compact"]);
  expect(stdout.match(/^.*index-without-concurrently/gm)).toEqual([
    expect.stringMatching(/^db\/1\.sql:7:1: error Writes to orders wait/),
  ]);
  expect(stderr).toBe("");
});

test("what runs again when it is edited is not said to have run for good", () => {
  const folder = createRepository({
    "db/migration/V1__a.sql": "CREATE TABLE orders (id bigint);\n",
    "db/migration/R__v.sql": "CREATE OR REPLACE VIEW v AS SELECT id FROM orders;\n",
  });
  writeFiles(folder, {
    "db/migration/R__v.sql": "CREATE OR REPLACE VIEW v AS SELECT id, 1 AS one FROM orders;\n",
  });
  expect(lockwise(folder, ["db", "--since", "HEAD", "--format", "compact"]).stderr).toBe("");
});

test("files of several projects: each is judged by its own configuration", () => {
  const folder = createFolder({
    "a/migrations/1.sql": index,
    "a/lockwise.config.json": "{}",
    "b/migrations/1.sql": index,
    "b/lockwise.config.json": `{ "rules": { "index-without-concurrently": "off" } }`,
  });
  const [a, b] = ["a/migrations/1.sql", "b/migrations/1.sql"];
  for (const paths of [
    [a, b],
    [b, a],
  ]) {
    const { status, stdout } = lockwise(folder, [...paths, "--format", "compact"]);
    expect(status).toBe(1);
    expect(stdout.trim().split("\n")).toEqual([expect.stringMatching(/^a\/migrations\/1\.sql:1:1: error/)]);
  }
  const json = lockwise(folder, [a, b, "--format", "json"]);
  expect(json).toMatchObject({ status: 2, stdout: "" });
  expect(json.stderr).toMatch(/have configurations of their own/);
  expect(lockwise(folder, [a, b, "--format", "json", "--config", "a/lockwise.config.json"]).status).toBe(1);
});

test("what lies outside of the migrations that were found may be unreadable, and is told by its number", () => {
  const folder = createFolder({
    "migrations/0001_a.sql": index,
    "seeds/latin.sql": Buffer.from("-- gr\xfc\xdfe\n", "latin1"),
    "seeds/empty.sql": "",
  });
  const { status, stderr } = lockwise(folder, ["--format", "compact"]);
  expect(status).toBe(1);
  expect(stderr).toBe("lockwise: 2 SQL files left out (not run by a migration tool); --verbose names them\n");
  expect(lockwise(folder, ["--format", "compact", "--verbose"]).stderr).toMatch(
    /seeds\/latin\.sql: left out/,
  );
  expect(lockwise(folder, ["seeds", "--format", "compact"]).status).toBe(2);
});

test("what another sequence does to the same tables counts where only what is new is judged", () => {
  const unknown = (other: string) => {
    const folder = createRepository({
      "go.mod": "module shop\n",
      "a/1_a.up.sql": other,
      "b/1_b.up.sql": "CREATE TABLE orders (id bigint);\n",
    });
    writeFiles(folder, { "b/2_b.up.sql": "ALTER TABLE orders DROP COLUMN note;\n" });
    const flags = ["--since", "HEAD", "--format", "compact", "--rule", "unknown-object=error"];
    return lockwise(folder, flags).stdout.match(/^.*unknown-object/gm);
  };
  expect(unknown("CREATE TABLE lines (id bigint);\n")).toHaveLength(1);
  expect(unknown("ALTER TABLE orders ADD COLUMN note text;\n")).toBeNull();
});

test("beside what a tool runs, another program's own migrations are judged too", () => {
  const numbered = (folder: string) =>
    Object.fromEntries([1, 2, 3].map((k) => [`${folder}/000${k}-a.sql`, index.replace("_idx", `_${k}`)]));
  const folder = createFolder({
    "api/go.mod": "module api\n",
    "api/db/1_a.up.sql": "CREATE TABLE orders (id bigint);\n",
    ...numbered("api/migrations"),
    "agent/Cargo.toml": "[package]\n",
    ...numbered("agent/src/migrations"),
    ...numbered("agent/src/reports"),
  });
  const { files } = JSON.parse(lockwise(folder, ["--format", "json"]).stdout);
  const folders = new Set(files.map(({ path }: { path: string }) => path.slice(0, path.lastIndexOf("/"))));
  expect([...folders].sort()).toEqual(["agent/src/migrations", "api/db"]);
});

test("of what is left out the reasons are told, each with its number", () => {
  const folder = createFolder({
    "sqitch.plan": "%project=p\n\na 2026-01-01T00:00:00Z N <n@example.com> # a\n",
    "deploy/a.sql": index,
    "data/seed.sql": "INSERT INTO t VALUES (1);",
    "mysql/1.sql": "CREATE TABLE `a` (id int AUTO_INCREMENT) ENGINE=InnoDB;",
  });
  const { stderr } = lockwise(folder, [".", "--format", "compact"]);
  expect(stderr).toBe(
    "lockwise: 2 SQL files left out (1 not run by sqitch, 1 for another database); --verbose names them\n",
  );
  const { stderr: told } = lockwise(folder, [".", "--format", "compact", "--verbose"]);
  expect(told).toContain("lockwise: mysql/1.sql: left out (for another database)\n");
  expect(told).toContain("lockwise: data/seed.sql: left out (not run by sqitch)\n");
});

test("--verbose says which tool was found, and why", () => {
  const folder = createFolder({ "db/1_a.sql": "-- +goose Up\nSELECT 1;\n" });
  expect(lockwise(folder, ["db", "--verbose"]).stderr).toBe(
    "lockwise: db: read as goose runs it (-- +goose Up)\n",
  );
});

test("the runner is found from what lies around, or named", () => {
  const folder = createFolder({
    "atlas/atlas.sum": "h1:x=\n",
    "db/migrations/20240101000000_a.sql": "-- migrate:up\nDROP TABLE a;\n\n-- migrate:down\n",
    "x.sql": index,
  });
  expect(lockwise(folder, ["db"]).stdout).toMatch(/dbmate/);
  expect(lockwise(folder, ["x.sql", "--runner", "goose"]).stdout).toMatch(/goose/);
});

test("two sequences on one database prove nothing to each other", () => {
  const make = "CREATE TYPE state AS ENUM ('new');\nCREATE TABLE t (id int PRIMARY KEY, s state);\n";
  const write = "UPDATE t SET s = 'done' WHERE id = 1;\n";
  const alone = { "app/migrations/1_a.up.sql": make, "app/migrations/2_b.up.sql": write };
  const refusal = /impossible-statement/;
  expect(lockwise(createFolder(alone), ["--format", "compact"]).stdout).toMatch(refusal);
  const types = "ALTER TYPE state ADD VALUE 'done';\n";
  const beside = { ...alone, "app/types/1_a.up.sql": types };
  expect(lockwise(createFolder(beside), ["--format", "compact"]).stdout).not.toMatch(refusal);
  const byHand = { ...alone, "scripts/types.sql": types };
  expect(lockwise(createFolder(byHand), ["--format", "compact"]).stdout).toMatch(refusal);
  const other = { ...alone, "other/migrations/1_a.up.sql": `CREATE TYPE state AS ENUM ();\n${types}` };
  expect(lockwise(createFolder(other), ["--format", "compact"]).stdout).toMatch(refusal);
});

test("one file has what Flyway reads along with its folder before it", () => {
  const main = "src/main/resources";
  const folder = createFolder({
    "pom.xml": "<project/>",
    [`${main}/application.properties`]: "spring.flyway.locations=classpath:db/base,classpath:db/more\n",
    [`${main}/db/base/V1__a.sql`]: "CREATE TABLE orders (id bigint, status varchar(9));\n",
    [`${main}/db/more/V2__b.sql`]: "ALTER TABLE orders ALTER COLUMN status TYPE varchar(20);\n",
    [`${main}/db/other/V1__a.sql`]: "CREATE TABLE orders (id bigint, status int);\n",
  });
  const { stdout } = lockwise(folder, [`${main}/db/more/V2__b.sql`, "--only", "column-type-change"]);
  expect(stdout).toContain("1 earlier migration read as history (Flyway");
  expect(stdout).toContain("No findings");
});
