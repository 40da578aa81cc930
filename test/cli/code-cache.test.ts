import { spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildOnce, createFolder, lockwise, type Outcome, shellCommand } from "./run.ts";

buildOnce();

const project = createFolder({ "a.sql": "CREATE INDEX i ON t (c);\nALTER TABLE t ADD COLUMN d int;\n" });
const expected = /1:1: .*\[index-without-concurrently\]/;
const format = ["--format", "compact"];

const isPosix = process.platform !== "win32";
const isRoot = process.getuid?.() === 0;

/** A run with a cache folder of its own, and the files of code that lie there after it. */
function openHome() {
  const home = createFolder({});
  const folder = join(home, "lockwise", "code");
  const files = () => (existsSync(folder) ? readdirSync(folder) : []);
  const run = (args: readonly string[] = ["a.sql"], env: Readonly<Record<string, string>> = {}): Outcome =>
    lockwise(project, [...format, ...args], { env: { XDG_CACHE_HOME: home, ...env } });
  return { home, folder, files, run, only: () => join(folder, files()[0] ?? "nothing") };
}

function expectFindings({ status, stdout, stderr }: Outcome): void {
  expect(stderr).toBe("");
  expect(stdout).toMatch(expected);
  expect(status).toBe(1);
}

/** No reader of common statements knows it, and it is no longer than they are. */
const rareStatement = "TABLE a, LATERAL b;\n";

/** What changes when the file is written anew. */
const versionOf = (path: string) => `${statSync(path).ino} ${statSync(path).mtimeMs}`;

describe("the code that is kept from run to run", () => {
  it("is the user's alone, and is taken by the next run", () => {
    const { folder, files, run, only } = openHome();
    expectFindings(run());
    expect(files()).toHaveLength(1);
    if (isPosix) {
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      expect(statSync(only()).mode & 0o777).toBe(0o600);
    }
    const before = versionOf(only());
    expectFindings(run());
    // What is refused is written anew.
    expect(versionOf(only())).toBe(before);
  });

  it("is written anew by a run that reads much more, and not by other commands", () => {
    const { home, files, run, only } = openHome();
    lockwise(project, ["rules"], { env: { XDG_CACHE_HOME: home } });
    expect(files()).toEqual([]);
    run();
    const before = versionOf(only());
    const more = createFolder({ "b.sql": "CREATE TABLE t (c int);\n".repeat(40) });
    run([join(more, "b.sql")]);
    const between = versionOf(only());
    expect(between).not.toBe(before);
    run([join(more, "b.sql")]);
    run();
    expect(versionOf(only())).toBe(between);
    expect(files()).toHaveLength(1);
  });

  it("is written anew, once, by a run that needs PostgreSQL's grammar", () => {
    const { run, only } = openHome();
    const rare = createFolder({ "a.sql": "CREATE TABLE t (c int);\n", "b.sql": rareStatement });
    run([join(rare, "a.sql")]);
    const before = versionOf(only());
    run([join(rare, "b.sql")]);
    const between = versionOf(only());
    expect(between).not.toBe(before);
    run([join(rare, "b.sql")]);
    run([join(rare, "a.sql")]);
    expect(versionOf(only())).toBe(between);
  });

  it("is kept by a run long enough for V8 to be told to wait, and fits the next", () => {
    const { run, only } = openHome();
    const long = createFolder({ "c.sql": "CREATE TABLE t (c int);\n".repeat(4000) });
    run([join(long, "c.sql")]);
    const before = versionOf(only());
    expectFindings(run());
    expect(versionOf(only())).toBe(before);
  });

  const damages: Readonly<Record<string, (bytes: Buffer) => Uint8Array>> = {
    "a bit that flipped in the code": (bytes) => flip(bytes, 40_000),
    "a bit that flipped in its copy": (bytes) => flip(bytes, bytes.length - 40_000),
    "a shorter file": (bytes) => bytes.subarray(0, bytes.length - 1000),
    "half a file": (bytes) => bytes.subarray(0, bytes.length / 2),
    "a file of zeros": (bytes) => Buffer.alloc(bytes.length),
    "an empty file": () => Buffer.alloc(0),
    "a text": () => Buffer.from("hello\n".repeat(1000)),
  };
  it.each(Object.keys(damages))("%s is not run, and is replaced", (name) => {
    const { run, only } = openHome();
    run();
    const whole = readFileSync(only());
    writeFileSync(only(), damages[name]?.(whole) ?? "");
    const before = versionOf(only());
    expectFindings(run());
    expect(versionOf(only())).not.toBe(before);
    expect(Math.abs(statSync(only()).size - whole.length)).toBeLessThan(whole.length / 10);
  });

  it.runIf(isPosix)("is not taken where others may write", () => {
    const { folder, run, only } = openHome();
    run();
    chmodSync(only(), 0o666);
    expectFindings(run());
    expect(statSync(only()).mode & 0o777).toBe(0o600);
    writeFileSync(only(), "planted");
    chmodSync(folder, 0o777);
    expectFindings(run());
    expect(readFileSync(only(), "utf8")).toBe("planted");
  });

  it.runIf(isRoot)("is not taken from another user", () => {
    const { folder, run, only } = openHome();
    run();
    chownSync(only(), 65534, 65534);
    expectFindings(run());
    expect(statSync(only()).uid).toBe(0);
    chownSync(folder, 65534, 65534);
    writeFileSync(only(), "planted");
    expectFindings(run());
    expect(readFileSync(only(), "utf8")).toBe("planted");
  });

  it("is not needed: no folder, and nobody wants it", () => {
    const { home, files, run } = openHome();
    const file = join(home, "file");
    writeFileSync(file, "");
    expectFindings(run(["a.sql"], { XDG_CACHE_HOME: file }));
    expectFindings(run(["a.sql"], { LOCKWISE_NO_CACHE: "1" }));
    expectFindings(run(["a.sql", "--no-cache"]));
    expect(files()).toEqual([]);
  });

  it("never lies where LOCKWISE_CACHE says: that may be a folder of the project", () => {
    const { files, run } = openHome();
    const chosen = createFolder({});
    run(["a.sql"], { LOCKWISE_CACHE: chosen });
    expect(existsSync(join(chosen, "code"))).toBe(false);
    expect(files()).toHaveLength(1);
  });

  it("is one for each set of V8's flags", () => {
    const { files, run } = openHome();
    run();
    expectFindings(run(["a.sql"], { NODE_OPTIONS: "--max-old-space-size=900" }));
    expect(files()).toHaveLength(2);
  });

  it("is written by many at once, and stays whole", async () => {
    const { home, files, run, only } = openHome();
    const runs = Array.from({ length: 5 }, () => inShell(home));
    for (const outcome of await Promise.all(runs)) expect(outcome).toMatch(expected);
    expect(files()).toHaveLength(1);
    const before = versionOf(only());
    expectFindings(run());
    expect(versionOf(only())).toBe(before);
  });

  it("is thrown away when it is old", () => {
    const { folder, files, run } = openHome();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(join(folder, ".."), 0o700);
    for (let k = 0; k < 20; k++) {
      writeFileSync(join(folder, `20.0.${k}-0`), "");
      utimesSync(join(folder, `20.0.${k}-0`), 1000 + k, 1000 + k);
    }
    run();
    expect(files()).toHaveLength(16);
    expect(files()).toContain("20.0.19-0");
    expect(files()).not.toContain("20.0.2-0");
  });
});

function flip(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 0x10;
  return changed;
}

function inShell(home: string): Promise<string> {
  const env = { PATH: process.env.PATH ?? "", XDG_CACHE_HOME: home };
  const child = spawn(`${shellCommand()} ${format.join(" ")} a.sql`, { cwd: project, env, shell: true });
  let heard = "";
  child.stdout.on("data", (bytes) => {
    heard += bytes;
  });
  return new Promise((resolve) => {
    child.on("close", () => resolve(heard));
  });
}
