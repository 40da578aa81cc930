import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { markUsed, tidy } from "../../src/cli/cache-tidy.ts";

let root = "";
let now = 0;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lockwise-tidy-"));
  now = Date.now() / 1000 - 10_000;
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Each file is a second younger than the one before. */
function put(path: string, size = 1): string {
  const full = join(root, path);
  mkdirSync(join(full, ".."), { recursive: true });
  writeFileSync(full, "");
  truncateSync(full, size);
  utimesSync(full, now, now++);
  return full;
}

it("keeps the files of a series that were used last", () => {
  const [first = ""] = Array.from({ length: 9 }, (_, k) => put(`project/a-${k}`));
  put("project/b-0");
  markUsed(first);
  tidy(join(root, "project"));
  expect(readdirSync(join(root, "project")).sort()).toEqual([
    "a-0",
    "a-4",
    "a-5",
    "a-6",
    "a-7",
    "a-8",
    "b-0",
  ]);
});

it("keeps all projects together below a size, and removes what is no more", () => {
  const large = 25 * 1024 * 1024;
  const paths = ["p1/a-1", "p2/a-1", "p3/a-1", "p4/a-1"].map((path) => put(path, large));
  mkdirSync(join(root, "gone"));
  put("p4/a-2.123.tmp");
  tidy(join(root, "p4"));
  expect(paths.map((path) => existsSync(path))).toEqual([false, false, true, true]);
  expect(readdirSync(root).sort()).toEqual(["p1", "p2", "p3", "p4"]);
  expect(readdirSync(join(root, "p4"))).toEqual(["a-1"]);
});

it("minds nothing that is not there", () => {
  tidy(join(root, "none"));
  markUsed(join(root, "none"));
});
