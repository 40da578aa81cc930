import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildOnce, createFolder, lockwise, shellCommand } from "../cli/run.ts";

buildOnce();

const index = "CREATE INDEX ON orders (status);\n";
const read = (path: string) => readFileSync(path, "utf8");

describe.skipIf(process.platform === "win32")("init", () => {
  const project = () => createFolder({ "p/db/migrations/1.sql": index, rc: "mine\n" });
  it("writes nothing behind links out of the project", () => {
    const links: readonly (readonly [name: string, to: string])[] = [
      ["lockwise.config.json", "../new.json"],
      [".husky/pre-commit", "../../rc"],
      [".gitlab-ci.yml", "../rc"],
      [".github", "../elsewhere"],
    ];
    for (const [name, to] of links) {
      const folder = project();
      mkdirSync(join(folder, "elsewhere"));
      mkdirSync(join(folder, "p/.git"));
      if (name.includes("/")) mkdirSync(dirname(join(folder, "p", name)));
      symlinkSync(to, join(folder, "p", name));
      for (const args of [
        ["init", "--yes"],
        ["init", "--yes", "--force"],
      ]) {
        const { status, stderr } = lockwise(join(folder, "p"), args);
        expect(status, name).toBe(2);
        expect(stderr).not.toMatch(/internal error/);
      }
      expect(read(join(folder, "rc"))).toBe("mine\n");
      expect(readdirSync(join(folder, "elsewhere"))).toEqual([]);
      expect(existsSync(join(folder, "new.json"))).toBe(false);
    }
  });

  it("waits for no pipe and reads no device", () => {
    for (const name of [
      ".pre-commit-config.yaml",
      "package.json",
      ".squawk.toml",
      "lefthook.yml",
      "compose.yml",
    ])
      for (const make of ["mkfifo", "ln -s /dev/zero"]) {
        const folder = join(project(), "p");
        execFileSync("sh", ["-c", `${make} ${name}`], { cwd: folder });
        const { status, stderr } = lockwise(folder, ["init", "--yes"]);
        expect([0, 2], `${name}: ${stderr}`).toContain(status);
        expect(stderr).not.toMatch(/internal error/);
      }
  });
});

describe.skipIf(process.platform === "win32")("what is written", () => {
  it("as a baseline takes the place of a baseline alone, wherever the configuration says it is", () => {
    const folder = createFolder({
      "p/db/1.sql": index,
      rc: "mine\n",
      "p/lockwise.config.json": JSON.stringify({ baseline: "../rc" }),
    });
    const cwd = join(folder, "p");
    const refused = lockwise(cwd, ["db", "--write-baseline"]);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toBe("lockwise: ../rc: is there and is no baseline: nothing is written\n");
    expect(read(join(folder, "rc"))).toBe("mine\n");
    writeFileSync(join(cwd, "lockwise.config.json"), "{}");
    symlinkSync("../rc", join(cwd, "lockwise-baseline.json"));
    symlinkSync("../nowhere", join(cwd, "dead.json"));
    for (const args of [[], ["--baseline", "dead.json"], ["--baseline", "db"]])
      expect(lockwise(cwd, ["db", "--write-baseline", ...args]).status).toBe(2);
    expect(read(join(folder, "rc"))).toBe("mine\n");
    expect(existsSync(join(folder, "nowhere"))).toBe(false);
    // A baseline of before may go, also one that a merge has broken.
    writeFileSync(join(cwd, "b.json"), '<<<<<<< ours\n{ "version": 1, "findings": [');
    expect(lockwise(cwd, ["db", "--write-baseline", "--baseline", "b.json"]).status).toBe(0);
    expect(JSON.parse(read(join(cwd, "b.json"))).findings).toHaveLength(1);
  });

  it("by --output goes through no link that leads out of the folder", () => {
    const folder = createFolder({ "p/db/1.sql": index, rc: "mine\n", "p/old.json": "" });
    const cwd = join(folder, "p");
    symlinkSync("../rc", join(cwd, "report.json"));
    symlinkSync("../new", join(cwd, "dead.json"));
    symlinkSync("old.json", join(cwd, "inside.json"));
    for (const name of ["report.json", "dead.json"]) {
      const { status, stderr } = lockwise(cwd, ["db", "--format", "json", "--output", name]);
      expect(status).toBe(2);
      expect(stderr).toBe(`lockwise: ${name}: is a link out of this folder, and is left alone\n`);
    }
    expect(read(join(folder, "rc"))).toBe("mine\n");
    expect(existsSync(join(folder, "new"))).toBe(false);
    expect(lockwise(cwd, ["db", "--format", "json", "--output", "inside.json"]).status).toBe(1);
    expect(read(join(cwd, "old.json"))).toContain("index-without-concurrently");
    const script = `${shellCommand()} db --output /dev/stdout | cat`;
    expect(execFileSync("sh", ["-c", script], { cwd, encoding: "utf8" })).toContain(
      "index-without-concurrently",
    );
    expect(lockwise(cwd, ["db", "--output", "../rc"]).status).toBe(1);
  });

  it("by --output replaces no migration", () => {
    const cwd = createFolder({ "db/1.sql": index, "empty.sql": "" });
    const { status, stderr } = lockwise(cwd, ["db", "--output", "db/1.sql"]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: "lockwise: db/1.sql: is an SQL file, and no report is written over it\n",
    });
    expect(read(join(cwd, "db/1.sql"))).toBe(index);
    expect(lockwise(cwd, ["db", "--output", "empty.sql"]).status).toBe(1);
  });
});
