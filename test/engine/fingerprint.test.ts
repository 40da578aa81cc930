import { expect, test } from "vitest";
import { fingerprintAll } from "../../src/engine/fingerprint.ts";

function fingerprint(text: string, at = "DROP TABLE", path = "a.sql", rule = "drop-table"): string[] {
  const findings = [...text.matchAll(new RegExp(at, "gi"))].map(({ index }) => ({
    rule,
    path,
    at: { start: index, end: index + at.length },
    statement: { start: index, end: text.indexOf(";", index) },
  }));
  return fingerprintAll(findings, () => text);
}

test("survives moved lines, comments, white space and letter case", () => {
  const [first] = fingerprint("DROP TABLE a;");
  expect(first).toMatch(/^[0-9a-f]{16}$/);
  expect(fingerprint("\n\n-- new\ndrop table /* x */ A ;")).toEqual([first]);
  expect(fingerprint("DROP TABLE a;", "DROP TABLE", "a.sql", "drop-column")).not.toEqual([first]);
  expect(fingerprint("DROP TABLE a;", "DROP TABLE", "b.sql")).not.toEqual([first]);
  expect(fingerprint('DROP TABLE "A";')).not.toEqual([first]);
  expect(fingerprint("DROP TABLE b;")).not.toEqual([first]);
});

test("equal ones are numbered, and the first stays when one is added behind", () => {
  const [only] = fingerprint("DROP TABLE a;");
  const two = fingerprint("DROP TABLE a;\nDROP TABLE a;");
  expect(two[0]).toBe(only);
  expect(new Set(two).size).toBe(2);
});
