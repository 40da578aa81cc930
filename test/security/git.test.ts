import { chmodSync, cpSync, existsSync, readdirSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRepository, git, watchGit } from "../cli/repository.ts";
import { buildOnce, createFolder, lockwise, writeFiles } from "../cli/run.ts";

buildOnce();

const index = "CREATE INDEX ON orders (status);\n";
/** A command that git could be told to run, and the file that it would leave. */
function trap() {
  const folder = createFolder({ "trap.sh": "" });
  const sprung = join(folder, "sprung");
  const command = join(folder, "trap.sh");
  writeFiles(folder, { "trap.sh": `#!/bin/sh\ntouch ${JSON.stringify(sprung)}\nexit 1\n` });
  chmodSync(command, 0o755);
  return { command, isSprung: () => existsSync(sprung) };
}

describe.skipIf(process.platform === "win32")("what git is made to run", () => {
  it("is nothing of a bare repository that a pull request brings among the migrations", () => {
    const { command, isSprung } = trap();
    const inner = createRepository({ "1.sql": "SELECT 1;\n" });
    const folder = createRepository({ "db/0.sql": "SELECT 1;\n" });
    for (const name of ["HEAD", "objects", "refs", "index"])
      cpSync(join(inner, ".git", name), join(folder, "db", name), { recursive: true });
    writeFiles(folder, {
      "db/config": `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n\tfsmonitor = ${command}\n`,
      "db/1.sql": index,
      "db/atlas.sum": "",
      "db/lockwise.config.json": "{}",
    });
    const db = join(folder, "db");
    for (const args of [
      ["--since", "HEAD", "1.sql"],
      ["--fix", "."],
      ["init", "--yes", "--force", "."],
    ]) {
      const { stdout, stderr } = lockwise(db, args);
      expect(isSprung(), stderr).toBe(false);
      if (args[0] === "--since") expect(stderr).toMatch(/this folder is in none/);
      expect(stdout + stderr).not.toMatch(/internal error/);
    }
    // The trap is one: git itself steps into it where nobody tells it better.
    expect(() => git(db, "-c", "safe.bareRepository=all", "status")).not.toThrow();
    expect(isSprung()).toBe(true);
  });

  it("is none of the programs that a configuration or the surroundings name", () => {
    const { command, isSprung } = trap();
    const folder = createRepository({ "db/1.sql": "SELECT 1;\n", ".gitattributes": "*.sql diff=x\n" });
    for (const setting of [
      "core.fsmonitor",
      "core.pager",
      "diff.external",
      "diff.x.command",
      "diff.x.textconv",
      "pager.diff",
    ])
      git(folder, "config", setting, command);
    writeFiles(folder, { "hooks/post-index-change": `#!/bin/sh\n${command}\n` });
    chmodSync(join(folder, "hooks/post-index-change"), 0o755);
    git(folder, "config", "core.hooksPath", join(folder, "hooks"));
    writeFiles(folder, { "db/1.sql": "SELECT 2;\n", "db/2.sql": index });
    const env = { GIT_EXTERNAL_DIFF: command, GIT_PAGER: command, PAGER: command };
    const { stdout, status } = lockwise(folder, ["db", "--since", "main", "--format", "compact"], { env });
    expect(stdout).toMatch(/^db\/2\.sql:1:1: error/);
    expect(status).toBe(1);
    expect(isSprung()).toBe(false);
  });

  it("is a filter of .gitattributes only where the user has set it up", () => {
    const { command, isSprung } = trap();
    const folder = createRepository({ "db/1.sql": "SELECT 1;\n", ".gitattributes": "*.sql filter=x\n" });
    writeFiles(folder, { "db/1.sql": index });
    const run = () => lockwise(folder, ["db", "--since", "main", "--format", "compact"]).stdout;
    expect(run()).toMatch(/^db\/1\.sql:1:1: error/);
    expect(isSprung()).toBe(false);
    git(folder, "config", "filter.x.clean", command);
    expect(run()).toMatch(/^db\/1\.sql:1:1: error/);
    expect(isSprung()).toBe(true);
  });

  it("is nothing at all, but for --since, --fix over folders and init", () => {
    const text = "CREATE TABLE orders (id bigint);\n";
    const folder = createRepository({ "db/migration/V1__a.sql": text, "db/migration/V2__b.sql": index });
    const watched = watchGit();
    const run = (...args: string[]) => lockwise(folder, args, { input: text, env: { PATH: watched.path } });
    const file = "db/migration/V2__b.sql";
    for (const args of [
      ["db"],
      [file, "--fix", "--fail-on", "never"],
      ["db", "--write-baseline"],
      ["--stdin", "--stdin-filename", file],
      ["--stdin", "--fix"],
      ["explain", file],
      ["explain", "truncate"],
      ["plan", file, "--write"],
      ["rules"],
    ])
      expect(run(...args).status, args.join(" ")).not.toBe(null);
    expect(watched.calls()).toEqual([]);
    for (const args of [
      ["db", "--since", "HEAD"],
      ["db", "--fix"],
      ["init", "--hook"],
    ]) {
      const before = watched.calls().length;
      run(...args);
      expect(watched.calls().length, args.join(" ")).toBeGreaterThan(before);
    }
  });

  it("is told nothing by names: neither of the commit nor of files", () => {
    const folder = createRepository({ "db/1.sql": "SELECT 1;\n" });
    writeFiles(folder, { "db/1.sql": "SELECT 2;\n" });
    for (const name of ["--output=out.sql", "-x.sql", "a\n::error::b.sql", ":(top)x.sql", 'q"\t.sql'])
      writeFiles(folder, { [`db/${name}`]: index });
    git(folder, "add", "-A");
    const before = readdirSync(folder).sort();
    const { stdout } = lockwise(folder, ["db", "--since", "main", "--format", "json"]);
    expect(JSON.parse(stdout).files).toHaveLength(6);
    for (const ref of ["--output=out", "-h", "--exec=touch out", "main --output=out", "main:db/1.sql", ""]) {
      const { status, stderr } = lockwise(folder, ["db", `--since=${ref}`]);
      expect(status, ref).toBe(2);
      expect(stderr).toMatch(/no commit|no such commit/);
    }
    expect(readdirSync(folder).sort()).toEqual(before);
  });
});

describe("--since judges", () => {
  const judged = (folder: string, cwd = folder, paths = ["db"]) =>
    JSON.parse(lockwise(cwd, [...paths, "--since", "main", "--format", "json"]).stdout).files.map(
      ({ path }: { readonly path: string }) => path,
    );

  it("what lies behind a link, and what a link leads to", () => {
    const folder = createRepository({
      "db/1.sql": "SELECT 1;\n",
      "shared/2.sql": "SELECT 1;\n",
      "far/3.sql": "",
    });
    symlinkSync("../shared/2.sql", join(folder, "db/2.sql"));
    symlinkSync("../far", join(folder, "db/more"));
    git(folder, "add", "-A");
    git(folder, "commit", "-q", "-m", "two");
    writeFiles(folder, { "shared/2.sql": index, "far/4.sql": index });
    expect(judged(folder)).toEqual(["db/2.sql", "db/more/4.sql"]);
    // A folder that gives way to a link.
    renameSync(join(folder, "db/1.sql"), join(folder, "far/1.sql"));
    writeFiles(folder, { "far/5.sql": index });
    expect(judged(folder)).toContain("db/more/5.sql");
  });

  it("the same where the repository says that names shall be relative", () => {
    const folder = createRepository({ "db/1.sql": "SELECT 1;\n" });
    git(folder, "config", "diff.relative", "true");
    writeFiles(folder, { "db/2.sql": index });
    git(folder, "add", "-A");
    expect(judged(folder, join(folder, "db"), ["."])).toEqual(["2.sql"]);
  });

  it("what was moved to where it runs, and not what was only numbered anew", () => {
    const folder = createRepository({
      "db/1.up.sql": "CREATE TABLE a (b int);\n",
      "db/1.down.sql": "DROP TABLE a;\n",
      "drafts/2.up.sql": index,
      "old/V1__a.sql": "CREATE TABLE c (d int);\n",
    });
    git(folder, "mv", "db/1.up.sql", "db/3.up.sql");
    git(folder, "mv", "db/1.down.sql", "db/4.up.sql");
    git(folder, "mv", "drafts/2.up.sql", "db/5.up.sql");
    git(folder, "mv", "old", "new");
    expect(judged(folder)).toEqual(["db/4.up.sql", "db/5.up.sql"]);
    expect(judged(folder, folder, ["new"])).toEqual([]);
  });
});
