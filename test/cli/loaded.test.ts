import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { buildOnce, createFolder, lockwise } from "./run.ts";

buildOnce();

/** Parts of Node that take a millisecond or more to load, which a small run can do without. */
const slow =
  /^NativeModule (child_process|cluster|crypto|dgram|dns|http|http2|https|net|os|perf_hooks|readline|tty|worker_threads|zlib)$/;

const folder = createFolder({
  "note.cjs":
    'process.on("exit", () => require("fs").writeFileSync(process.env.NOTE, JSON.stringify(process.moduleLoadList)));',
  "nothing.cjs": "",
  "migrations/0001_a.sql": "CREATE TABLE t (c int, at timestamptz DEFAULT now());\n",
  "migrations/0002_b.sql":
    "CREATE INDEX i ON t (c);\nALTER TABLE t ADD COLUMN d uuid DEFAULT gen_random_uuid();\n",
});

it("loads nothing of Node that a small run has no need of", () => {
  const env = { NODE_OPTIONS: `--require ${join(folder, "note.cjs")}` };
  const read = (name: string): string[] => JSON.parse(readFileSync(join(folder, name), "utf8"));
  execFileSync(process.execPath, ["nothing.cjs"], {
    cwd: folder,
    env: { ...env, NOTE: join(folder, "bare.json") },
  });
  const bare = new Set(read("bare.json"));
  // The second run takes what the first one left.
  for (const name of ["first.json", "second.json"]) {
    const more = { env: { ...env, NOTE: join(folder, name) } };
    const { status, stdout } = lockwise(folder, ["migrations/0002_b.sql"], more);
    expect(stdout).toContain("index-without-concurrently");
    expect(status).toBe(1);
    expect(read(name).filter((one) => slow.test(one) && !bare.has(one))).toEqual([]);
  }
});
