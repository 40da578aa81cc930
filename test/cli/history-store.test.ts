import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { checksumOf } from "../../src/cli/checksum.ts";
import { buildOnce, createFolder, lockwise, type Outcome, shellCommand, writeFiles } from "./run.ts";

buildOnce();

const count = 150;
const nameOf = (number: number) => `migrations/V${number}__step.sql`;
const migration = (number: number) =>
  [
    `CREATE TABLE t${number} (id bigint PRIMARY KEY, naïve text NOT NULL DEFAULT 'Ünïcode', at timestamptz);`,
    `CREATE INDEX t${number}_at ON t${number} (at) WHERE naïve <> '';`,
    ...(number > 1 ? [`ALTER TABLE t${number} ADD CONSTRAINT c${number} CHECK (id > ${number});`] : []),
    ...(number > 1 ? [`ALTER TABLE t${number} ADD parent bigint REFERENCES t${number - 1} (id);`] : []),
  ].join("\n");
const judged =
  "CREATE INDEX again ON t7 (at);\nALTER TABLE t8 ALTER COLUMN naïve TYPE varchar(3);\nDROP TABLE t9;\n";

let project = "";
let cache = "";

beforeEach(() => {
  const files: Record<string, string> = { "flyway.conf": "" };
  for (let number = 1; number < count; number++) files[nameOf(number)] = migration(number);
  project = createFolder({ ...files, [nameOf(count)]: judged });
  cache = createFolder({});
});

/** A run that looks for a history: where its own report was kept it would not have to. */
const run = (more: { args?: string[]; env?: Record<string, string>; path?: string } = {}): Outcome => {
  rmSync(join(cache, "results-1"), { recursive: true, force: true });
  return lockwise(project, [more.path ?? nameOf(count), "--format", "json", ...(more.args ?? [])], {
    env: { LOCKWISE_CACHE: cache, ...more.env },
  });
};

/** The kept histories, by their paths. */
function kept(folder = cache): string[] {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  return names
    .filter((name) => /histories-\d+.*\d+-[0-9a-f]{64}$/.test(name))
    .map((name) => join(folder, name));
}

describe("the history on the disk", () => {
  it("is kept by the first run; reports stay the same, to the byte", () => {
    const cold = run({ args: ["--no-cache"] });
    expect(cold.stdout).toContain("index-without-concurrently");
    expect(kept()).toEqual([]);
    expect(run()).toEqual(cold);
    const [first = "", ...others] = kept();
    expect(others).toEqual([]);
    expect(statSync(first).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(first)).mode & 0o777).toBe(0o700);
    expect(run()).toEqual(cold);
    expect(run({ env: { LOCKWISE_NO_CACHE: "1" } })).toEqual(cold);
    expect(kept()).toEqual([first]);
  });

  it("is believed, and only while nothing before the migration has changed", () => {
    run();
    // A table fewer in what is kept is a finding fewer: so that is where the answer comes from.
    const [path = ""] = kept();
    forge(path, (text) => text.replaceAll("t9", "t0"));
    expect(run().stdout).not.toBe(run({ args: ["--no-cache"] }).stdout);
    for (const args of [
      ["--postgres-version", "12"],
      ["--runner", "psql"],
    ])
      expect(run({ args })).toEqual(run({ args: [...args, "--no-cache"] }));
    writeFiles(project, { [nameOf(3)]: `${migration(3)}\nDROP TABLE t9;` });
    expect(run()).toEqual(run({ args: ["--no-cache"] }));
  });

  it("serves as the beginning of a longer one", () => {
    run();
    const next = nameOf(count + 1);
    writeFiles(project, { [next]: "ALTER TABLE t9 ADD x int;" });
    const cold = run({ path: next, args: ["--no-cache"] });
    forge(kept()[0] ?? "", (text) => text.replaceAll("t10", "t0"));
    expect(run({ path: next })).toEqual(cold);
  });

  it("serves explain, and is kept by it", () => {
    const explain = (env = {}) =>
      lockwise(project, ["explain", nameOf(count)], { env: { LOCKWISE_CACHE: cache, ...env } });
    const cold = explain({ LOCKWISE_NO_CACHE: "1" });
    expect(cold.stdout).toContain("t8_at");
    expect(explain()).toEqual(cold);
    expect(kept()).toHaveLength(1);
    forge(kept()[0] ?? "", (text) => text.replaceAll("t8_at", "t8_of"));
    expect(explain().stdout).not.toBe(cold.stdout);
  });

  it.each([
    ["cut short", (path: string) => truncateSync(path, Math.floor(statSync(path).size / 2))],
    ["empty", (path: string) => truncateSync(path, 0)],
    ["overwritten", (path: string) => writeFileSync(path, "x".repeat(1000))],
    ["another byte", (path: string) => writeFileSync(path, readFileSync(path).with(5000, 0x41))],
    ["open to others", (path: string) => chmodSync(path, 0o666)],
  ])("is made again where the file is odd: %s", (_, spoil) => {
    const cold = run();
    const [path = ""] = kept();
    const good = readFileSync(path);
    spoil(path);
    expect(run()).toEqual(cold);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path).length).toBe(good.length);
    expect(run()).toEqual(cold);
  });

  it("does without where nothing can be kept", () => {
    const cold = run({ args: ["--no-cache"] });
    const file = join(cache, "file");
    writeFileSync(file, "");
    for (const place of [file, "/proc/none", "/dev/null"])
      expect(run({ env: { LOCKWISE_CACHE: place } })).toEqual(cold);
  });

  it("survives many runs at once", async () => {
    const cold = run({ args: ["--no-cache"] });
    const command = `${shellCommand()} ${nameOf(count)} --format json`;
    const runs = Array.from({ length: 6 }, async () => {
      const child = spawn(command, {
        shell: true,
        cwd: project,
        env: { PATH: process.env.PATH, LOCKWISE_CACHE: cache },
      });
      let output = "";
      child.stdout.on("data", (data) => {
        output += data;
      });
      await new Promise((resolve) => child.on("close", resolve));
      return output;
    });
    for (const output of await Promise.all(runs)) expect(output).toBe(cold.stdout);
    expect(kept()).toHaveLength(1);
    expect(readdirSync(dirname(kept()[0] ?? ""))).toHaveLength(1);
  });

  it("lies in the user's cache folder, and never in the project", () => {
    const home = createFolder({});
    const env = { HOME: home, LOCKWISE_CACHE: "", XDG_CACHE_HOME: "", LOCALAPPDATA: home };
    run({ env });
    expect(kept(home)).toHaveLength(1);
    expect(readdirSync(project).sort()).toEqual(["flyway.conf", "migrations"]);
  });

  it("keeps the last few of a project", () => {
    for (let number = count - 9; number <= count; number++) run({ path: nameOf(number) });
    expect(kept().length).toBeLessThanOrEqual(6);
    expect(kept().length).toBeGreaterThan(0);
  });

  it("is kept for each series of a project that has several", () => {
    const others = Array.from({ length: 8 }, (_, k) => `service${k}`);
    const files: Record<string, string> = {};
    for (const name of others)
      for (let number = 1; number < 80; number++) files[`${name}/${nameOf(number)}`] = migration(number);
    writeFiles(project, files);
    for (const name of others) run({ path: `${name}/${nameOf(79)}` });
    expect(kept().length).toBeGreaterThan(6);
  });

  it("is not kept where it is short", () => {
    const small = createFolder({ [nameOf(1)]: migration(1), [nameOf(2)]: "DROP TABLE t1;" });
    lockwise(small, [nameOf(2)], { env: { LOCKWISE_CACHE: cache } });
    expect(kept()).toEqual([]);
  });
});

/** Changes a kept history as nobody but the tool itself could: with the checksum of the new text. */
function forge(path: string, change: (text: string) => string): void {
  const text = readFileSync(path, "latin1");
  const end = text.indexOf("\n");
  const body = Buffer.from(change(text.slice(end + 1)), "latin1");
  writeFileSync(path, `${checksumOf(body)}\n${body.toString("latin1")}`, { encoding: "latin1" });
}
