import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildOnce, createFolder, lockwise, writeFiles } from "./run.ts";

buildOnce();

const index = "CREATE INDEX orders_status_idx ON orders (status);\n";
const clean = "SELECT 1;\n";

test("exit status: 0 clean, 1 findings, 2 what is wrong with the call", () => {
  const folder = createFolder({
    "bad.sql": index,
    "good.sql": clean,
    "warning.sql": "DROP TABLE orders;\n",
    "unknown.sql": "DO $$ BEGIN EXECUTE current_setting('x'); END $$;\n",
  });
  expect(lockwise(folder, ["good.sql"]).status).toBe(0);
  const bad = lockwise(folder, ["bad.sql", "--format", "compact"]);
  expect(bad).toMatchObject({ status: 1, stderr: "" });
  expect(bad.stdout).toMatch(/^bad\.sql:1:1: error .* \[index-without-concurrently\]$/m);
  expect(lockwise(folder, ["bad.sql", "--fail-on", "never"]).status).toBe(0);
  expect(lockwise(folder, ["nothing.sql"]).status).toBe(2);
  const warning = (...flags: string[]) => lockwise(folder, ["warning.sql", ...flags]).status;
  expect(warning()).toBe(0);
  expect(warning("--fail-on", "warning")).toBe(1);
  expect(warning("--max-warnings", "0")).toBe(1);
  expect(warning("--max-warnings", "100")).toBe(0);
  const unknown = (...flags: string[]) => lockwise(folder, ["unknown.sql", ...flags]).status;
  expect(unknown()).toBe(0);
  expect(unknown("--max-not-understood", "0")).toBe(1);
  expect(unknown("--max-not-understood", "1")).toBe(0);
});

test("a folder of which nothing is judged is not clean", () => {
  const mysql = "CREATE TABLE `a` (id int AUTO_INCREMENT) ENGINE=InnoDB;\n";
  const folder = createFolder({ "mysql/001_a.sql": mysql, "sql/001_a.sql": clean });
  const foreign = lockwise(folder, ["mysql"]);
  expect(foreign.status).toBe(2);
  expect(foreign.stderr).toContain("nothing that was asked for is judged");
  expect(lockwise(folder, ["mysql", "sql"]).status).toBe(0);
  const ignoring = createFolder({ "lockwise.config.json": '{ "ignore": ["sql/**"] }', "sql/a.sql": clean });
  expect(lockwise(ignoring, ["sql"])).toMatchObject({
    status: 2,
    stderr: "lockwise: sql: no SQL files in this folder but what the configuration ignores\n",
  });
});

test("a file without the marks of its tool is not clean: the tool runs nothing of it", () => {
  const folder = createFolder({
    "m/00001_a.sql": `-- +goose Up\n${clean}`,
    "m/00002_b.sql": "CREATE INDEX i ON orders (status);\n",
    "m/00003_c.sql": "",
  });
  const told = /^lockwise: m\/00002_b\.sql: left out \(goose runs nothing of it\)$/m;
  const alone = lockwise(folder, ["m/00002_b.sql", "--format", "compact"]);
  expect(alone.stderr).toMatch(told);
  expect(alone).toMatchObject({ status: 2, stdout: "" });
  const beside = lockwise(folder, ["m"]);
  expect(beside.stderr.match(/left out/g)).toHaveLength(1);
  expect(beside.stderr).toMatch(told);
  expect(beside.status).toBe(0);
  writeFiles(folder, Object.fromEntries(["d", "e", "f"].map((name) => [`m/00004_${name}.sql`, index])));
  expect(lockwise(folder, ["m"]).stderr).toBe(
    "lockwise: 4 SQL files left out (goose runs nothing of them); --verbose names them\n",
  );
  expect(lockwise(folder, ["m", "--verbose"]).stderr).toMatch(told);
});

test("a file whose changesets are all for another database is no reason to stop a commit", () => {
  const text = `--liquibase formatted sql\n--changeset a:1 dbms:oracle\n${index}`;
  const folder = createFolder({ "m/1.sql": text });
  expect(lockwise(folder, ["m/1.sql"])).toMatchObject({ status: 0, stderr: "" });
  expect(lockwise(folder, ["m/1.sql", "--verbose"]).stderr).toContain(
    "m/1.sql: left out (for another database)",
  );
});

test("files, folders and globs, in the order in which they run", () => {
  const folder = createFolder({
    "db/10.sql": index,
    "db/9.sql": index,
    "db/deep/1.SQL": index,
    "db/node_modules/x.sql": index,
    "db/.hidden/x.sql": index,
    "db/readme.txt": "",
    "one.txt": index,
  });
  const paths = (...args: string[]) => {
    const { stdout } = lockwise(folder, [...args, "--format", "json", "--fail-on", "never"]);
    return (JSON.parse(stdout) as { files: { path: string }[] }).files.map(({ path }) => path);
  };
  expect(paths("db")).toEqual(["db/9.sql", "db/10.sql", "db/deep/1.SQL"]);
  expect(paths("db/*.sql")).toEqual(["db/9.sql", "db/10.sql"]);
  expect(paths("db/{9,10}.sql")).toEqual(["db/9.sql", "db/10.sql"]);
  expect(paths("one.txt", "db/9.sql")).toContain("one.txt");
});

test("paths alone mean what `lint` before them means", () => {
  const folder = createFolder({
    "migrations/0001_a.sql": "CREATE TABLE t (c int);\n",
    "migrations/0002_b.sql": "CREATE INDEX i ON u (c);\nUPDATE u SET c = 1;\n",
  });
  for (const paths of [
    [],
    ["."],
    ["migrations"],
    ["migrations/0002_b.sql"],
    ["migrations/*.sql"],
    ["nothing"],
  ]) {
    expect(lockwise(folder, paths)).toEqual(lockwise(folder, ["lint", ...paths]));
  }
  expect(lockwise(folder, ["migrations"]).status).toBe(1);
});

test("a helpful word for what is not there", () => {
  const folder = createFolder({ "migrations/0001_init.sql": clean, "empty/x.txt": "" });
  const words = (...args: string[]) => lockwise(folder, args).stderr;
  expect(words("linnt")).toMatch(/linnt: there is no such file or folder; did you mean the command lint\?/);
  expect(words("migrations/0001_int.sql")).toMatch(/no such file or folder; did you mean .*0001_init\.sql\?/);
  expect(words("empty")).toBe("lockwise: empty: no SQL files in this folder\n");
  expect(words("*.psql")).toBe("lockwise: *.psql: no file matches\n");
  expect(words("migrations", "--only", "drop-tabel")).toMatch(
    /unknown rule "drop-tabel": did you mean drop-table\?/,
  );
  expect(words("migrations", "--rule", "drop-table=fatal")).toMatch(
    /write --rule <id>=off, =warning or =error/,
  );
  expect(words("--formt", "json")).toMatch(/unknown option '--formt'\n\(Did you mean --format\?\)/);
  expect(words("--postgres-version", "11")).toMatch(/major version, 12 to 18/);
  expect(words("--runner", "gose")).toMatch(/Did you mean goose\?/);
  expect(words("--runner", "foo")).toMatch(/It is one of atlas, /);
  symlinkSync("nowhere.sql", join(folder, "migrations/0002_gone.sql"));
  expect(words("migrations/0002_gone.sql")).toMatch(
    /no such file or folder; it is a link that leads nowhere/,
  );
  expect(words("migrations")).toMatch(/0002_gone\.sql: cannot be read \(ENOENT\)/);
  expect(lockwise(folder, ["migrations"]).status).toBe(2);
  expect(words("--format", "xml")).toMatch(/Allowed choices are pretty, compact, json/);
  expect(lockwise(folder, ["--formt"]).status).toBe(2);
  expect(lockwise(folder, ["--help"])).toMatchObject({ status: 0, stderr: "" });
});

test("nothing named: the project's migrations, or a word that there are none", () => {
  const folder = createFolder({ "migrations/1.sql": index, "seed/dev.sql": index });
  const { stdout } = lockwise(folder, ["--format", "compact"]);
  expect(stdout).toContain("migrations/1.sql");
  expect(stdout).not.toContain("seed/");
  const none = lockwise(createFolder({ "seed/dev.sql": index }), []);
  expect(none).toMatchObject({ status: 2, stdout: "" });
  expect(none.stderr).toMatch(/no migrations found here.*; SQL lies in seed \(1 file\)\n/);
  const tests = { "src/test/a.sql": index, "src/test/b.sql": index, "scripts/c.sql": index };
  expect(lockwise(createFolder(tests), []).stderr).toContain("in scripts (1 file), src/test (2 files)");
  const foreign = lockwise(createFolder({ "m/1.sql": "CREATE TABLE [dbo].[a] (id int)\nGO\n" }), []);
  expect(foreign.stderr).toMatch(/no migrations found here.*; 1 SQL file left out \(for another database/);
  const both = { "m/1.sql": "CREATE TABLE [dbo].[a] (id int)\nGO\n", "seed/dev.sql": index };
  expect(lockwise(createFolder(both), []).stderr).toMatch(
    /; SQL lies in seed \(1 file\); 1 SQL file left out \(for another database\)\n/,
  );
});

test("nothing to read: migrations that are programs are told, by the folder that has most of them", () => {
  const wordsOf = (files: Record<string, string>) => lockwise(createFolder(files), []).stderr;
  const two = { "db/migrate/1_a.rb": "", "db/migrate/2_b.rb": "", "db/migrate/README.md": "" };
  expect(wordsOf(two)).toBe(
    "lockwise: .: no SQL files in this folder; db/migrate (2 .rb files) is not SQL and not read: hand over the SQL that runs there, with --stdin\n",
  );
  const more = {
    ...two,
    "app/migrations/0001_a.py": "",
    "app/migrations/0002_b.py": "",
    "app/migrations/0003_c.py": "",
  };
  expect(wordsOf(more)).toMatch(
    /; app\/migrations \(3 \.py files\) and 1 other folder are not SQL and not read/,
  );
  expect(wordsOf({ ...two, "seed/dev.sql": index })).toMatch(
    /; SQL lies in seed \(1 file\); db\/migrate \(2 /,
  );
  expect(wordsOf({ "migrations/1_a.ts": "", "src/1.ts": "", "src/2.ts": "" })).not.toContain("not read");
  expect(wordsOf({ "migrations/mysql/1.ts": "", "migrations/mysql/2.ts": "" })).not.toContain("not read");
});

test("nothing named: what is named by days, and what counts up where there is nothing else", () => {
  const days = {
    "lib/sql/20240110-a.sql": clean,
    "lib/sql/20240120-b.sql": clean,
    "lib/sql/20240131-c.sql": index,
  };
  const back = { "lib/downgrade/20240110-a.sql": index };
  const numbers = { "schema/001_a.sql": clean, "schema/002_b.sql": clean, "schema/003_c.sql": index };
  const first = lockwise(createFolder({ ...days, ...back, ...numbers }), ["--format", "compact"]);
  expect(first.stdout).toMatch(/^lib\/sql\/20240131-c\.sql:/m);
  expect(first.stdout).not.toMatch(/downgrade|schema\//);
  expect(lockwise(createFolder(numbers), ["--format", "compact"]).stdout).toMatch(/^schema\/003_c\.sql:/m);
  for (const place of ["sql/Pg-upgrade2", "db_upgrade_scripts", "model/changelogs"]) {
    const named = createFolder({ [`${place}/a.sql`]: clean, [`${place}/b.sql`]: index, "seed/c.sql": index });
    expect(lockwise(named, ["--format", "compact"]).stdout).toContain(`${place}/b.sql:1:1: error`);
  }
  const called = {
    "src/sql/migration2.sql": clean,
    "src/sql/migration10.sql": index,
    "src/seed/a.sql": clean,
  };
  expect(lockwise(createFolder(called), ["--format", "compact"]).stdout).toContain(
    "src/sql/migration10.sql:1:1",
  );
  // They may be patches of which each database has had some.
  const patches = {
    ...days,
    "lib/sql/20240102-z.sql": "CREATE TABLE t (id bigint PRIMARY KEY);\nDROP TABLE t;\n",
  };
  const twice = { ...patches, "lib/sql/20240131-c.sql": "ALTER TABLE t ADD COLUMN c int;\n" };
  expect(lockwise(createFolder(twice), ["--only", "impossible-statement"]).status).toBe(0);
});

test("a configuration below the place of the call is told of, and not read in silence", () => {
  const folder = createFolder({
    "a/migrations/1.sql": clean,
    "b/migrations/1.sql": clean,
    "b/migrations/2.sql": clean,
    "b/lockwise.config.json": '{ "rules": { "drop-table": "off" } }',
  });
  const note =
    "lockwise: b/lockwise.config.json: not read by this run; run lockwise from its folder, or name it with --config\n";
  expect(lockwise(folder, []).stderr).toBe(note);
  expect(lockwise(folder, ["a", "b/migrations"]).stderr).toBe("");
  expect(lockwise(folder, ["b"]).stderr).toBe("");
  expect(lockwise(folder, ["--config", "b/lockwise.config.json", "a"]).stderr).toBe("");
});

test("files before the one that is named are history", () => {
  const folder = createFolder({
    "1.sql": "CREATE TABLE orders (id bigint PRIMARY KEY, total varchar(10));\n",
    "2.sql": "ALTER TABLE orders ALTER COLUMN total TYPE varchar(20);\n",
    "3.sql": "ALTER TABLE orders ALTER COLUMN total TYPE int USING total::int;\n",
  });
  const { stdout } = lockwise(folder, ["2.sql", "--only", "column-type-change"]);
  expect(stdout).toMatch(/^No findings in 1 file\. 1 earlier migration read as history/);
});

test("stdin, with and without a name", () => {
  const folder = createFolder({ "db/1.sql": "CREATE TABLE orders (id bigint);\n" });
  const named = lockwise(folder, ["--stdin", "--stdin-filename", "db/2.sql", "--format", "compact"], {
    input: index,
  });
  expect(named.stdout).toMatch(/^db\/2\.sql:1:1: error/m);
  const unnamed = lockwise(folder, ["--stdin", "--format", "compact"], { input: index });
  expect(lockwise(folder, ["--stdin", "a.sql"], { input: index })).toMatchObject({
    status: 2,
    stderr: "lockwise: a.sql: with --stdin nothing else is read; its place is named by --stdin-filename\n",
  });
  expect(lockwise(folder, ["-"], { input: index }).stderr).toMatch(/stdin is read with --stdin/);
  expect(lockwise(folder, ["--stdin-filename", "a.sql"]).stderr).toMatch(/goes with --stdin/);
  expect(unnamed.stdout).toMatch(/^stdin\.sql:1:1: error/m);
  expect(lockwise(folder, ["--stdin"], { input: "\xff\xfe", env: {} }).status).not.toBe(null);
});

test("--output takes the findings, stdout stays empty", () => {
  const folder = createFolder({ "bad.sql": index });
  const result = lockwise(folder, ["bad.sql", "--format", "sarif", "-o", "out.sarif"]);
  expect(result).toMatchObject({ status: 1, stdout: "" });
  expect(JSON.parse(readFileSync(join(folder, "out.sarif"), "utf8")).version).toBe("2.1.0");
  expect(lockwise(folder, ["bad.sql", "-o", "no/such/folder"]).stderr).toMatch(
    /cannot be written \(ENOENT\)/,
  );
});

test("colour only where it is wanted", () => {
  const folder = createFolder({ "bad.sql": index });
  const stdoutOf = (env: Readonly<Record<string, string>>) => lockwise(folder, ["bad.sql"], { env }).stdout;
  expect(stdoutOf({})).not.toContain("\u001b[");
  expect(stdoutOf({ FORCE_COLOR: "1" })).toContain("\u001b[31m");
  expect(stdoutOf({ FORCE_COLOR: "0" })).not.toContain("\u001b[");
  expect(stdoutOf({ FORCE_COLOR: "1", NO_COLOR: "1" })).not.toContain("\u001b[");
});

test("github: annotations, and the job summary", () => {
  const folder = createFolder({ "bad.sql": index });
  const summary = join(folder, "summary.md");
  const { stdout } = lockwise(folder, ["bad.sql", "--format", "github"], {
    env: { GITHUB_STEP_SUMMARY: summary },
  });
  expect(stdout).toMatch(/^::error file=bad\.sql,line=1,/m);
  expect(readFileSync(summary, "utf8")).toMatch(/^### lockwise: 1 error/);
});

test("--fix writes, --fix-dry-run shows, stdin is answered with the fixed text", () => {
  const folder = createFolder({ "bad.sql": index });
  const dry = lockwise(folder, ["bad.sql", "--fix-dry-run"]);
  expect(dry.stdout).toMatch(/^--- bad\.sql\n\+\+\+ bad\.sql\n@@ /);
  expect(dry.stdout).toContain("+CREATE INDEX CONCURRENTLY orders_status_idx");
  expect(readFileSync(join(folder, "bad.sql"), "utf8")).toBe(index);
  const piped = lockwise(folder, ["--stdin", "--fix", "--stdin-filename", "x.sql"], { input: index });
  expect(piped.stdout).toContain("CREATE INDEX CONCURRENTLY orders_status_idx");
  const fixed = lockwise(folder, ["bad.sql", "--fix"]);
  expect(fixed.stderr).toBe("lockwise: 1 file fixed\n");
  expect(fixed.status).toBe(0);
  expect(readFileSync(join(folder, "bad.sql"), "utf8")).toContain(
    "CREATE INDEX CONCURRENTLY orders_status_idx",
  );
});

test("rules: the catalogue, and one of it", () => {
  const folder = createFolder({});
  expect(lockwise(folder, ["rules"]).stdout).toMatch(/^index-without-concurrently +error/m);
  const { rules } = JSON.parse(lockwise(folder, ["rules", "--format", "json"]).stdout);
  expect(rules).toContainEqual(expect.objectContaining({ id: "syntax-error", severity: "error" }));
  const page = lockwise(folder, ["explain", "require-concurrent-index-creation"]);
  expect(page.status).toBe(0);
  expect(page.stdout).toMatch(/^index-without-concurrently {2}error/);
  expect(page.stdout).toContain("CREATE INDEX CONCURRENTLY");
  const none = lockwise(folder, ["explain", "index-without-concurently"]);
  expect(none).toMatchObject({ status: 2, stdout: "" });
  expect(none.stderr).toMatch(/did you mean index-without-concurrently\?/);
});

test("explain: what every statement of a file does", () => {
  const sql = "BEGIN;\nALTER TABLE orders ADD COLUMN note text;\nCREATE INDEX i ON orders (note);\nCOMMIT;\n";
  const folder = createFolder({ "a.sql": sql });
  expect(lockwise(folder, ["explain", "a.sql", "--postgres-version", "16"]).stdout).toMatchInlineSnapshot(`
    "a.sql  PostgreSQL 16 · psql

      line  statement                             lock on  mode              reads   writes  work
         1  BEGIN                                                            go on   go on
         2  ALTER TABLE orders ADD COLUMN not...  orders   ACCESS EXCLUSIVE  wait    wait    none: catalog only
         3  CREATE INDEX i ON orders (note)       orders   SHARE             wait *  wait    reads all rows of orders, builds i
         4  COMMIT                                                           go on   go on

     * The ACCESS EXCLUSIVE lock of line 2 is held until COMMIT: nobody reads orders
       while line 3 runs.
    "
  `);
  const { statements } = JSON.parse(lockwise(folder, ["explain", "a.sql", "--format", "json"]).stdout);
  expect(statements[2]).toMatchObject({
    line: 3,
    kind: "create index",
    transaction: "explicit",
    buildsIndexes: ["i"],
  });
});
