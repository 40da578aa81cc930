import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { rules } from "../../rules/index.ts";
import { checksumOf } from "../../src/cli/checksum.ts";
import { type Lint, openResultStore, type ProjectOptions } from "../../src/cli/result-store.ts";
import type { Run } from "../../src/cli/runs.ts";
import { lintSources } from "../../src/engine/lint.ts";
import { buildOnce, createFolder, lockwise, type Outcome, writeFiles } from "./run.ts";

buildOnce();

/** Two projects of two tools, long enough to be worth it, with findings, fixes, rewrites, suppressions and broken SQL. */
const steps = 120;
const files: Readonly<Record<string, string>> = {
  "a/flyway.conf": "",
  ...Object.fromEntries(
    Array.from({ length: steps }, (_, k) => [
      `a/migrations/V${k + 1}__step.sql`,
      [
        `CREATE TABLE t${k} (id bigint PRIMARY KEY, naïve text NOT NULL DEFAULT 'Ünïcode 🐘', at timestamptz);`,
        k > 0 ? `CREATE INDEX t${k}_at ON t${k - 1} (at) WHERE naïve <> '';` : "",
        k % 7 === 3 ? `-- lockwise-ignore drop-table -- never used\nDROP TABLE t${k - 2};` : "",
        k % 9 === 4 ? "SELECT (;" : "",
      ].join("\n"),
    ]),
  ),
  ...Object.fromEntries(
    Array.from({ length: steps }, (_, k) => [
      `b/migrations/${String(k + 1).padStart(6, "0")}_step.${k % 2 === 0 ? "up" : "down"}.sql`,
      `ALTER TABLE orders ADD COLUMN c${k} int NOT NULL;\nCREATE INDEX i${k} ON orders (c${k});\n${"-- a long story\n".repeat(20)}`,
    ]),
  ),
};

const formats = ["pretty", "compact", "json", "sarif", "github", "gitlab", "junit", "markdown"];

let project = "";
let cache = "";

beforeEach(() => {
  project = createFolder(files);
  cache = createFolder({});
});

const run = (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Outcome =>
  lockwise(project, [".", ...args], { env: { LOCKWISE_CACHE: cache, ...env } });
const cold = (args: readonly string[] = []): Outcome => run([...args, "--no-cache"]);

/** The kept results, by their paths. */
function kept(): string[] {
  const folder = join(cache, "results-1");
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  return names.filter((name) => /[0-9a-f]{64}$/.test(name)).map((name) => join(folder, name));
}

/** Changes a kept result as nobody but the tool itself could: with the checksum of the new text. */
function forge(path: string, change: (text: string) => string): void {
  const text = readFileSync(path, "latin1");
  const body = Buffer.from(change(text.slice(text.indexOf("\n") + 1)), "latin1");
  writeFileSync(path, `${checksumOf(body)}\n${body.toString("latin1")}`, "latin1");
}

const forgeAll = () => {
  for (const path of kept()) forge(path, (text) => text.replaceAll("wait", "dance"));
};

describe("the results of whole runs on the disk", () => {
  it("are kept by the first run, one for each project, and give every reporter the same bytes", () => {
    expect(cold().stdout).toContain("index-without-concurrently");
    expect(kept()).toEqual([]);
    run();
    expect(kept()).toHaveLength(2);
    for (const path of kept()) expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const format of formats) expect(run(["--format", format])).toEqual(cold(["--format", format]));
    expect(kept()).toHaveLength(2);
  });

  it("are believed, and forbidden by the flag and by the environment", () => {
    const report = cold();
    run();
    forgeAll();
    expect(run().stdout).toContain("dance");
    expect(run([], { LOCKWISE_NO_CACHE: "1" })).toEqual(report);
    expect(cold()).toEqual(report);
  });

  it.each([
    ["a migration is edited", () => writeFiles(project, { "a/migrations/V7__step.sql": "DROP TABLE t1;" })],
    ["a migration is added", () => writeFiles(project, { "a/migrations/V999__last.sql": "DROP TABLE t1;" })],
    ["a migration is gone", () => rmSync(join(project, "a/migrations/V1__step.sql"))],
    [
      "a migration is renamed",
      () => {
        rmSync(join(project, "a/migrations/V9__step.sql"));
        writeFiles(project, { "a/migrations/V9__other.sql": files["a/migrations/V9__step.sql"] ?? "" });
      },
    ],
    [
      "a configuration comes",
      () =>
        writeFiles(project, {
          "lockwise.json": '{ "postgresVersion": 18, "rules": { "drop-table": "off" } }',
        }),
    ],
  ])("are of no use where %s", (_, change) => {
    run();
    forgeAll();
    change();
    const [again, anew] = [run(), cold()];
    // What has not changed is the forged one, but for the configuration, which is for all.
    const own = (text: string) =>
      text
        .split("\n")
        .filter((line) => line.startsWith("a/"))
        .join("\n");
    expect(own(again.stdout)).toBe(own(anew.stdout));
  });

  it.each([["--postgres-version", "12"], ["--runner", "psql"], ["--only", "drop-table"], ["--down"]])(
    "are of no use with other options: %s",
    (...args) => {
      run();
      forgeAll();
      expect(run(args)).toEqual(cold(args));
    },
  );

  it.each([
    ["cut short", (path: string) => truncateSync(path, statSync(path).size / 2)],
    ["empty", (path: string) => truncateSync(path, 0)],
    ["another byte", (path: string) => writeFileSync(path, readFileSync(path).with(5000, 0x41))],
  ])("are made again where the file is odd: %s", (_, spoil) => {
    const report = run();
    const sizes = () => kept().map((path) => statSync(path).size);
    const before = sizes();
    for (const path of kept()) spoil(path);
    expect(run()).toEqual(report);
    expect(sizes()).toEqual(before);
  });

  it("serve --fix, which goes on from them and keeps nothing of its own", () => {
    const diff = cold(["--fix-dry-run"]);
    run();
    expect(run(["--fix-dry-run"])).toEqual(diff);
    expect(kept()).toHaveLength(2);
    expect(run(["--fix"]).status).toBe(1);
    expect(run()).toEqual(cold());
  });
});

describe("a result", () => {
  const comments = "-- a long story\n".repeat(2000);
  const run: Run = {
    profile: null,
    sources: [{ path: "m/1.up.sql", text: `${comments}DROP TABLE t;`, role: "lint" }],
  };
  const options: ProjectOptions = { catalogue: rules, project: { paths: ["m/1.up.sql"], read: () => null } };

  /** How often something has to be linted when it is asked for twice, in processes of their own. */
  async function lintsOf(
    [first, second]: readonly [ProjectOptions, ProjectOptions],
    lint: Lint,
    asked = run,
  ): Promise<number> {
    let count = 0;
    for (const each of [first, second]) {
      const store = openResultStore("/base", each, "build", { LOCKWISE_CACHE: cache });
      await store?.report({ ...asked }, (given, project) => {
        count++;
        return lint(given, project);
      });
    }
    return count;
  }
  const plain: Lint = ({ sources }, project) => lintSources(sources, { ...options, project });

  it("is taken where nothing has changed", async () => {
    expect(await lintsOf([options, options], plain)).toBe(1);
  });

  it("is taken where little is judged behind much that ran before", async () => {
    const sources = [
      { path: "m/0.up.sql", text: comments, role: "history" as const },
      { path: "m/1.up.sql", text: "DROP TABLE t;", role: "lint" as const },
    ];
    expect(await lintsOf([options, options], plain, { profile: null, sources })).toBe(1);
  });

  it("is not looked for where there is little to read", async () => {
    const sources = [{ path: "m/1.up.sql", text: "DROP TABLE t;", role: "lint" as const }];
    expect(await lintsOf([options, options], plain, { profile: null, sources })).toBe(2);
  });

  it("is as old as the answers of the files around it", async () => {
    const curious: Lint = (given, project) => {
      project.read("atlas.hcl");
      return plain(given, project);
    };
    const others: readonly ProjectOptions[] = [
      { ...options, project: { ...options.project, read: () => "other" } },
      { ...options, project: { ...options.project, paths: ["m/1.up.sql", "m/1.down.sql"] } },
      { ...options, postgresVersion: 12 },
    ];
    for (const other of others) {
      cache = createFolder({});
      expect(await lintsOf([options, other], curious)).toBe(2);
    }
  });

  it("is not kept where a rule failed, a file took too long, or another parser read it", async () => {
    const report = await plain(run, options.project);
    const complaint = { path: null, line: null, message: "a rule failed" };
    expect(await lintsOf([options, options], async () => ({ ...report, complaints: [complaint] }))).toBe(2);
    const other = { ...report, context: { ...report.context, parser: "pgsql-ast-parser" } };
    expect(await lintsOf([options, options], async () => other)).toBe(2);
    const short = { ...options, timeLimit: 0 };
    expect(await lintsOf([short, short], plain)).toBe(2);
  });

  it("that a day can change is kept for the day", async () => {
    const sources = [
      { path: "m/1.up.sql", text: `${comments}-- lockwise-ignore drop-table`, role: "lint" as const },
    ];
    const dated: Run = { profile: null, sources };
    vi.useFakeTimers({ now: new Date("2026-01-01T12:00:00Z"), toFake: ["Date"] });
    expect(await lintsOf([options, options], plain, dated)).toBe(1);
    vi.setSystemTime(new Date("2026-01-02T12:00:00Z"));
    expect(await lintsOf([options, options], plain, dated)).toBe(1);
    expect(await lintsOf([options, options], plain)).toBe(1);
    vi.setSystemTime(new Date("2026-01-03T12:00:00Z"));
    expect(await lintsOf([options, options], plain)).toBe(0);
    vi.useRealTimers();
  });
});
