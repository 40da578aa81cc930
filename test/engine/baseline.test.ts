import { expect, test } from "vitest";
import { applyBaseline, parseBaseline, renderBaseline, toBaseline } from "../../src/engine/baseline.ts";
import { ordersFile, sampleReport } from "../reporters/sample.ts";

const report = sampleReport([ordersFile]);

test("what it knows is hidden and counted, what is new is not", () => {
  const baseline = parseBaseline(renderBaseline(toBaseline(report)));
  expect(applyBaseline(report, baseline).report).toMatchObject({
    diagnostics: [],
    summary: { errors: 0, warnings: 0, baseline: 3 },
  });
  const older = { ...baseline, findings: baseline.findings.filter(({ rule }) => rule !== "not-null-scan") };
  expect(applyBaseline(report, older).report).toMatchObject({
    diagnostics: [{ rule: "not-null-scan" }],
    summary: { errors: 1, warnings: 0, baseline: 2 },
  });
});

test("what has gone is told, for the files of this run only", () => {
  const entry = { fingerprint: "x", rule: "drop-table", path: ordersFile.path };
  const baseline = { version: 1 as const, findings: [entry, { ...entry, path: "other.sql" }] };
  expect(applyBaseline(report, baseline).gone).toEqual([entry]);
});

test("it is written sorted, one finding on a line", () => {
  expect(renderBaseline(toBaseline(report)).split("\n")[3]).toBe(
    `    {"fingerprint":"f13","rule":"index-without-concurrently","path":"${ordersFile.path}"},`,
  );
  expect(parseBaseline(renderBaseline({ version: 1, findings: [] }))).toEqual({ version: 1, findings: [] });
});

test("what is no baseline is told", () => {
  expect(() => parseBaseline("{")).toThrow("is not JSON");
  expect(() => parseBaseline("[]")).toThrow("it has no version");
  expect(() => parseBaseline('{"version": 2}')).toThrow("a baseline of version 2, not 1");
  expect(() => parseBaseline('{"version": 1, "findings": [{}]}')).toThrow("not a list of fingerprint");
});
