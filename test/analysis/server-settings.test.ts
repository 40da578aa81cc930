import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isServerSetting } from "../../src/analysis/facts/server-settings.ts";

const file = new URL("../postgres/catalogue/settings.json", import.meta.url);
const { fixed }: { readonly fixed: readonly string[] } = JSON.parse(readFileSync(file, "utf8"));

test("every setting that no session can change is known as such", () => {
  expect(fixed.length).toBeGreaterThan(100);
  expect(fixed.filter((name) => !isServerSetting(name))).toEqual([]);
});

test("no other is", () => {
  expect(["work_mem", "lock_timeout", "search_path", "timezone", "nothing"].filter(isServerSetting)).toEqual(
    [],
  );
});
