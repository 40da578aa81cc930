import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildOnce, createFolder, lockwise } from "../cli/run.ts";

buildOnce();

const index = "CREATE INDEX ON orders (status);\n";

describe("links", () => {
  it("that lead round in a circle end", () => {
    const folder = createFolder({ "db/1.sql": index });
    symlinkSync("..", join(folder, "db/up"));
    symlinkSync(".", join(folder, "db/here"));
    symlinkSync("loop", join(folder, "db/loop"));
    const { status, stdout } = lockwise(folder, ["db", "--format", "compact"]);
    expect(status).toBe(1);
    expect(stdout.match(/index-without-concurrently/g)).toHaveLength(1);
  });

  it("out of the project do not let --fix write there", () => {
    const outside = createFolder({ "victim.sql": index });
    const folder = createFolder({ "db/1.sql": index, "other/3.sql": index });
    symlinkSync(join(outside, "victim.sql"), join(folder, "db/2.sql"));
    symlinkSync("../other/3.sql", join(folder, "db/3.sql"));
    const read = (path: string) => readFileSync(path, "utf8");
    const { stderr, status } = lockwise(folder, ["db", "--fix"]);
    expect(read(join(outside, "victim.sql"))).toBe(index);
    expect(stderr).toContain("2.sql");
    expect(status).toBe(2);
    // Within the project links are followed, and stay links.
    lockwise(folder, ["db/3.sql", "--fix"]);
    expect(read(join(folder, "other/3.sql"))).toContain("CONCURRENTLY");
    expect(lstatSync(join(folder, "db/3.sql")).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(folder, "db"))).toEqual(["1.sql", "2.sql", "3.sql"]);
  });

  it("out of the project cannot be followed to devices", () => {
    const folder = createFolder({ "db/1.sql": index });
    symlinkSync("/dev/zero", join(folder, "db/2.sql"));
    const { status, stderr } = lockwise(folder, ["db"]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/2\.sql: is a link to something that is no SQL file/);
  });
});

describe("what is no file with SQL", () => {
  it("is not read behind a link that is called so", () => {
    const folder = createFolder({
      "p/db/1.sql": index,
      "p/.git/config": "token = hunter2\n",
      key: "hunter2",
    });
    symlinkSync("../.git/config", join(folder, "p/db/2.sql"));
    symlinkSync("../../key", join(folder, "p/db/3.sql"));
    for (const args of [["db"], ["db/2.sql", "db/3.sql"], ["explain", "db/2.sql"], ["plan", "db/3.sql"]]) {
      const { status, stdout, stderr } = lockwise(join(folder, "p"), [...args, "--format", "json"]);
      expect(status).toBe(2);
      expect(stderr).toMatch(/[23]\.sql: is a link to something that is no SQL file/);
      expect(stdout + stderr).not.toContain("hunter2");
    }
  });

  it.skipIf(!existsSync("/proc/self/environ"))("is not read where the kernel makes it up", () => {
    const folder = createFolder({ "db/1.sql": index });
    symlinkSync("/proc/self/environ", join(folder, "db/2.sql"));
    const env = { SECRET: "hunter2" };
    for (const path of ["db", "/proc/self/environ", "/proc/kmsg"]) {
      const { status, stdout, stderr } = lockwise(folder, [path], { env });
      expect(status).not.toBe(null);
      expect(stdout + stderr).not.toContain("hunter2");
    }
  });

  it.skipIf(process.platform === "win32")(
    "is not waited for: pipes and devices in the place of settings",
    () => {
      const folder = createFolder({ "db/1.sql": index });
      for (const name of [
        "lockwise.config.json",
        ".squawk.toml",
        "package.json",
        "flyway.conf",
        "baseline.json",
      ]) {
        const path = join(folder, name);
        const args = name === "baseline.json" ? ["db", "--baseline", name] : ["db"];
        for (const make of [
          () => execFileSync("mkfifo", [path]),
          () => symlinkSync("/dev/zero", path),
          () => mkdirSync(path),
        ]) {
          make();
          const { status, stderr } = lockwise(folder, args);
          expect([1, 2], `${name}: ${stderr}`).toContain(status);
          expect(stderr).not.toMatch(/internal error|^\s+at /m);
          rmSync(path, { recursive: true });
        }
      }
    },
  );
});

describe("plugins", () => {
  const spy = (folder: string) =>
    `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(join(folder, "ran"))}, "x"); export const rule = { id: "spy", on: [], check() {} };`;

  it("beside or among the migrations are never loaded", () => {
    const folder = createFolder({ "db/1.sql": index });
    for (const name of ["lockwise.config.js", "lockwise.config.mjs", "index.js", "1.sql.js", "plugin.mjs"])
      writeFileSync(join(folder, "db", name), spy(folder));
    writeFileSync(
      join(folder, "db/2.sql"),
      "-- lockwise-plugin ./plugin.mjs\n\\! touch ran\n\\i plugin.mjs\n",
    );
    lockwise(folder, ["db"]);
    lockwise(folder, ["db/1.sql", "db/plugin.mjs"]);
    expect(existsSync(join(folder, "ran"))).toBe(false);
  });

  it("of the configuration are, so that the test above can fail", () => {
    const folder = createFolder({
      "db/1.sql": index,
      "lockwise.config.json": JSON.stringify({ plugins: ["./db/plugin.mjs"] }),
    });
    writeFileSync(join(folder, "db/plugin.mjs"), spy(folder));
    lockwise(folder, ["db"]);
    expect(existsSync(join(folder, "ran"))).toBe(true);
  });

  it("that are missing or break end the run with the configuration's place", () => {
    const folder = createFolder({
      "db/1.sql": index,
      "lockwise.config.json": JSON.stringify({ plugins: ["../../../../no/such.js"] }),
    });
    const { status, stderr } = lockwise(folder, ["db"]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/lockwise\.config\.json:1:\d+: the plugin .* cannot be loaded/);
  });
});

describe("paths that climb", () => {
  it("in `extends` are read as configurations alone: nothing of another file is told", () => {
    const folder = createFolder({
      "p/db/1.sql": index,
      "secret.txt": "password: hunter2\n",
      "p/lockwise.config.json": JSON.stringify({ extends: "../secret.txt" }),
    });
    const { status, stderr, stdout } = lockwise(join(folder, "p"), ["db"]);
    expect(status).toBe(2);
    expect(stdout + stderr).not.toContain("hunter2");
  });

  it("in `baseline` do the same", () => {
    const folder = createFolder({
      "p/db/1.sql": index,
      "secret.txt": "password: hunter2\n",
      "p/lockwise.config.json": JSON.stringify({ baseline: "../secret.txt" }),
    });
    const { status, stderr, stdout } = lockwise(join(folder, "p"), ["db"]);
    expect(status).toBe(2);
    expect(stdout + stderr).not.toContain("hunter2");
  });

  it("in `migrations` find SQL files alone", () => {
    const folder = createFolder({
      "p/db/1.sql": index,
      "secret.txt": "DROP TABLE hunter2;\n",
      "p/lockwise.config.json": JSON.stringify({ migrations: ["../*", "db/*.sql"] }),
    });
    const { stdout, stderr } = lockwise(join(folder, "p"), ["--format", "compact"]);
    expect(stdout).toContain("db/1.sql");
    expect(stdout + stderr).not.toContain("hunter2");
  });

  it("cannot be set for the output by a configuration: only the command line names files to write", () => {
    const folder = createFolder({
      "db/1.sql": index,
      "lockwise.config.json": JSON.stringify({ output: "../x", fix: true }),
    });
    const { status, stderr } = lockwise(folder, ["db"]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/output is no key/);
  });

  it("in --output are taken as they are, and folders that are not there are not made", () => {
    const folder = createFolder({ "p/db/1.sql": index });
    const { status, stderr } = lockwise(join(folder, "p"), ["db", "--output", "../new/x.txt"]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/cannot be written \(ENOENT\)/);
    expect(existsSync(join(folder, "new"))).toBe(false);
  });
});

describe("globs", () => {
  it("of many stars and braces take no time", () => {
    const name = "a".repeat(200);
    const folder = createFolder({ [`db/${name}.sql`]: index });
    const globs = [
      `db/${"*a".repeat(60)}b.sql`,
      `**/${"**/".repeat(40)}*.sq`,
      `db/${"{a,b}".repeat(40)}.sql`,
      `db/${"{".repeat(2000)}.sql`,
    ];
    // What hangs is killed, and has no status.
    for (const glob of globs) expect(lockwise(folder, [glob]).status, glob).toBe(2);
  });
});

describe("names of files", () => {
  it("reach stdout and stderr without control characters", () => {
    const folder = createFolder({ "db/\u001b[31mred\u0007.sql": index, "db/\u202egpj.sql": "\u00ff\u0000" });
    writeFileSync(join(folder, "db/2\u009b.sql"), new Uint8Array([0xff, 0x41]));
    mkdirSync(join(folder, "db/\u001b]0;x\u0007"));
    for (const args of [
      ["db"],
      ["db", "--format", "compact"],
      ["db", "--format", "json"],
      ["no\u001b[2J.sql"],
    ]) {
      const { stdout, stderr } = lockwise(folder, args);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about.
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });

  it("and names of tables reach the diff and the plan without them, too", () => {
    const sql =
      'ALTER TABLE t ADD COLUMN "\u001b[31m\u202e\u009b" int;\r\nCREATE INDEX ON "\u001b[2Ja\r::error::b" (a);\nALTER TABLE "c\n::error::d" ADD e int NOT NULL;UPDATE "c\n::error::d" SET e = 1;DROP TABLE "c\n::error::d";';
    const folder = createFolder({ "db/1.sql": sql, "db/2\n::error::x.sql": sql });
    for (const args of [
      ["db", "--fix-dry-run"],
      ["plan", "db/1.sql"],
      ["plan", "db/1.sql", "--runbook"],
      ["plan", "db/1.sql", "--format", "json"],
      ["plan", "db/2\n::error::x.sql"],
      ["explain", "db/1.sql"],
      ["explain", "db/2\n::error::x.sql", "--format", "json"],
    ]) {
      const { stdout, stderr } = lockwise(folder, args);
      expect(stdout.length, stderr).toBeGreaterThan(100);
      const told = stdout.replaceAll("\r\n", "\n") + stderr;
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about.
      expect(told).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(stdout + stderr).not.toMatch(/^::/m);
    }
  });

  it("that look like options are files behind --", () => {
    const folder = createFolder({ "--fix.sql": index });
    const { stdout } = lockwise(folder, ["--format", "compact", "--", "--fix.sql"]);
    expect(stdout).toContain("--fix.sql:1:");
    expect(readFileSync(join(folder, "--fix.sql"), "utf8")).toBe(index);
  });
});
