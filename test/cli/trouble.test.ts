import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildOnce, createFolder, lockwise, shellCommand } from "./run.ts";

/* What goes wrong around a run: disks that are full, readers that go, runs beside it, and a cache that others have broken. */

buildOnce();

const index = "CREATE INDEX ON orders (status);\n";
const unix = process.platform !== "win32";

/** Enough SQL to be worth a cache, with findings. */
const large = Array.from({ length: 400 }, (_, k) => `ALTER TABLE t${k} ADD COLUMN c int NOT NULL;\n`).join(
  "",
);

/** The output and the status of a line of a shell, in which `lockwise` is the executable. */
function shell(cwd: string, script: string) {
  const named = script.replaceAll("lockwise", shellCommand());
  return spawnSync("sh", ["-c", named], { cwd, encoding: "utf8", env: { PATH: process.env.PATH ?? "" } });
}

describe.runIf(existsSync("/dev/full"))("a disk that is full", () => {
  it.each(["1.sql", "1.sql --format json", "explain 1.sql", "plan 1.sql", "rules"])(
    "is told where findings go to stdout: %s",
    (args) => {
      const { status, stderr } = shell(createFolder({ "1.sql": index }), `lockwise ${args} > /dev/full`);
      expect(stderr).toBe("lockwise: stdout cannot be written (ENOSPC)\n");
      expect(status).toBe(2);
    },
  );

  it("is told where a report goes to a file, and keeps nobody from findings where complaints cannot be told", () => {
    const folder = createFolder({ "1.sql": index });
    const { status, stderr } = shell(folder, "lockwise 1.sql --output /dev/full");
    expect([status, stderr]).toEqual([2, "lockwise: /dev/full: cannot be written (ENOSPC)\n"]);
    const found = shell(folder, "lockwise none.sql 1.sql --format compact 2> /dev/full");
    expect(found.status).toBe(2);
    expect(shell(folder, "lockwise 1.sql --format compact 2> /dev/full").stdout).toContain("1.sql:1:1");
  });
});

describe.runIf(unix)("a file that cannot be written whole", () => {
  it("is not there afterwards, or what it was before", () => {
    const folder = createFolder({ "large.sql": large, "package.json": "{}" });
    const write = () => shell(folder, "ulimit -f 1; lockwise large.sql --write-baseline --no-cache");
    const { status, stderr } = write();
    expect(stderr).toMatch(/^lockwise: .*lockwise-baseline\.json: cannot be written \(EFBIG\)\n$/);
    expect(status).toBe(2);
    expect(readdirSync(folder).sort()).toEqual(["large.sql", "package.json"]);
    expect(lockwise(folder, ["large.sql", "--write-baseline"]).status).toBe(0);
    const before = readFileSync(join(folder, "lockwise-baseline.json"), "utf8");
    writeFileSync(join(folder, "large.sql"), `${large}DROP TABLE t1;\n`);
    expect(write().status).toBe(2);
    expect(readFileSync(join(folder, "lockwise-baseline.json"), "utf8")).toBe(before);
  });
});

describe.runIf(unix)("who reads the output", () => {
  it.each(["large.sql", "large.sql --format json", "explain large.sql", "rules", "--help"])(
    "may go: %s",
    (args) => {
      const folder = createFolder({ "large.sql": large });
      const { stdout, stderr } = shell(folder, `lockwise ${args} | head -n 1`);
      expect(stdout.split("\n")).toHaveLength(2);
      expect(stderr).toBe("");
    },
  );

  it("may never have been there", () => {
    const folder = createFolder({ "1.sql": index });
    for (const closed of [">&-", "2>&-", ">&- 2>&-"]) {
      const { status, stderr } = shell(folder, `lockwise 1.sql ${closed}`);
      expect([closed, stderr]).toEqual([closed, ""]);
      expect([1, 2]).toContain(status);
    }
    expect(shell(folder, "lockwise --stdin <&-").stderr).not.toMatch(/^\s+at /m);
  });
});

describe("the cache", () => {
  const args = ["large.sql", "--format", "json"];
  const filesIn = (folder: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name));

  it("of ten runs at once holds for each of them, and for those that find it broken", async () => {
    const folder = createFolder({ "large.sql": large, "package.json": "{}" });
    const cache = join(createFolder({}), "cache");
    const fresh = lockwise(folder, [...args, "--no-cache"]);
    expect(fresh.status).toBe(1);
    const runs = Array.from({ length: 10 }, () => {
      const child = spawn("sh", ["-c", `exec ${shellCommand()} ${args.join(" ")}`], {
        cwd: folder,
        env: { PATH: process.env.PATH ?? "", LOCKWISE_CACHE: cache },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      child.stdout.on("data", (bytes) => (output += bytes));
      child.stderr.on("data", (bytes) => (output += bytes));
      return new Promise<string>((resolve) => child.on("close", () => resolve(output)));
    });
    for (const output of await Promise.all(runs)) expect(output).toBe(fresh.stdout);
    const again = () => {
      const { status, stdout, stderr } = lockwise(folder, args, { env: { LOCKWISE_CACHE: cache } });
      expect([status, stderr]).toEqual([1, ""]);
      expect(stdout).toBe(fresh.stdout);
    };
    expect(filesIn(cache).filter((path) => path.includes("results"))).toHaveLength(1);
    for (const path of filesIn(cache)) truncateSync(path, Math.floor(readFileSync(path).length / 2));
    again();
    for (const path of filesIn(cache)) writeFileSync(path, Buffer.alloc(500, 0xff));
    again();
    for (const path of filesIn(cache)) writeFileSync(path, "");
    again();
  });

  it.runIf(unix)("may be forbidden, a file, or nowhere", () => {
    const folder = createFolder({ "large.sql": large, file: "" });
    const locked = createFolder({});
    chmodSync(locked, 0o500);
    const { stdout } = lockwise(folder, [...args, "--no-cache"]);
    for (const cache of [locked, join(folder, "file"), "/proc/none", "/dev/null"]) {
      const found = lockwise(folder, args, { env: { LOCKWISE_CACHE: cache } });
      expect([cache, found.status, found.stderr]).toEqual([cache, 1, ""]);
      expect(found.stdout).toBe(stdout);
    }
    chmodSync(locked, 0o700);
  });
});

describe.runIf(unix)("an interrupt", () => {
  it("in the middle of --fix leaves each file as it was or as it will be, and nothing beside it", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 60 }, (_, k) => [`m/${1000 + k}.sql`, `CREATE INDEX ON t${k} (status);\n`]),
    );
    const whole = createFolder(files);
    lockwise(whole, ["m", "--fix"]);
    const textIn = (folder: string, name: string) => readFileSync(join(folder, "m", name), "utf8");
    expect(textIn(whole, "1000.sql")).toContain("CONCURRENTLY");
    for (let run = 0; run < 5; run++) {
      const folder = createFolder(files);
      const child = spawn("sh", ["-c", `exec ${shellCommand()} m --fix`], { cwd: folder, stdio: "ignore" });
      const ended = new Promise((resolve) => child.on("close", resolve));
      // As soon as the first file is written, and the others are being.
      const watch = setInterval(() => {
        if (textIn(folder, "1000.sql") !== files["m/1000.sql"]) child.kill("SIGINT");
      }, 1);
      await ended;
      clearInterval(watch);
      const names = readdirSync(join(folder, "m"));
      expect(names).toHaveLength(60);
      expect(textIn(folder, "1000.sql")).toBe(textIn(whole, "1000.sql"));
      for (const name of names)
        expect([files[`m/${name}`], textIn(whole, name)]).toContain(textIn(folder, name));
    }
  });
});
