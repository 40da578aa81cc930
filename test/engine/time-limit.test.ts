import { describe, expect, it, vi } from "vitest";
import { rules } from "../../rules/index.ts";
import { mostFindings } from "../../src/engine/file-limits.ts";
import { lintSources } from "../../src/engine/lint.ts";
import { defineRule } from "../../src/rule.ts";

/** A rule that takes its time over every statement. */
const slow = defineRule({
  id: "slow",
  severity: "warning",
  category: "style",
  summary: "Slow",
  why: "Slow.",
  instead: "Slow.",
  references: [],
  on: ["statement"],
  check() {
    const until = performance.now() + 30;
    while (performance.now() < until);
    return [];
  },
});

const text = "SELECT 1;\nDROP TABLE a;\n".repeat(20);
const catalogue = [...rules.filter(({ id }) => id === "drop-table"), slow];

describe("the time limit of a file", () => {
  it("leaves the rest unread, says so once, and begins anew with the next file", async () => {
    const report = await lintSources(
      [
        { path: "1.sql", text },
        { path: "2.sql", text: "SELECT 1;\nDROP TABLE b;\n" },
      ],
      { catalogue, timeLimit: 0.2 },
    );
    const [first, second] = report.files;
    expect(first?.notUnderstood).toHaveLength(1);
    expect(first?.notUnderstood[0]?.reason).toMatch(/^the time limit of 0\.2 s .* was reached/);
    expect(first?.notUnderstood[0]?.line).toBeGreaterThan(2);
    expect(second?.notUnderstood).toEqual([]);
    const found = report.diagnostics.filter(({ path }) => path === "1.sql").length;
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(20);
    expect(report.diagnostics.filter(({ path }) => path === "2.sql")).toHaveLength(1);
    expect(report.summary.notUnderstood).toBe(1);
    // A complaint ends the command with status 2.
    expect(report.complaints).toMatchObject([
      { path: "1.sql", message: expect.stringMatching(/time limit/) },
    ]);
  });

  it("complains where it cuts the history short", async () => {
    const history = {
      path: "1.sql",
      text: "ALTER TABLE a ADD b int;\n".repeat(2000),
      role: "history" as const,
    };
    const report = await lintSources([history, { path: "2.sql", text: "SELECT 1;\n" }], {
      catalogue,
      timeLimit: 0.001,
    });
    expect(report.complaints).toEqual([
      { path: "1.sql", line: null, message: expect.stringMatching(/time limit/) },
    ]);
  });

  it("ends inside of a body, too", async () => {
    const block = `DO $$ BEGIN ${"DROP TABLE a; ".repeat(40)} END $$;\n`;
    const report = await lintSources(
      [
        { path: "1.sql", text: block },
        { path: "2.sql", text: "DROP TABLE b;\n" },
      ],
      { catalogue, timeLimit: 0.2 },
    );
    expect(report.files[0]?.notUnderstood).toEqual([
      { line: 1, reason: expect.stringMatching(/time limit/) },
    ]);
    expect(report.diagnostics.filter(({ path }) => path === "1.sql").length).toBeLessThan(40);
    expect(report.diagnostics.some(({ path }) => path === "2.sql")).toBe(true);
  });

  it("is 120 seconds where nobody sets it, and more for a large file", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const readIn = async (seconds: number, megabytes = 0) => {
        const pass = defineRule({
          ...slow,
          check() {
            vi.setSystemTime(Date.now() + seconds * 500);
            return [];
          },
        });
        const comment = `/*${" ".repeat(megabytes * 1_000_000)}*/`;
        const sources = [{ path: "1.sql", text: `SELECT 1; SELECT 2; SELECT 3;${comment}` }];
        const report = await lintSources(sources, { catalogue: [pass] });
        return report.files[0]?.notUnderstood.map(({ reason }) => reason) ?? [];
      };
      expect(await readIn(119)).toEqual([]);
      expect(await readIn(121)).toEqual([expect.stringMatching(/^the time limit of 120 s /)]);
      expect(await readIn(155, 39)).toEqual([]);
      expect(await readIn(161, 39)).toEqual([expect.stringMatching(/^the time limit of 157 s /)]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("the effort of a file", () => {
  const parts = Array.from(
    { length: 500 },
    (_, k) => `CREATE TABLE p${k} PARTITION OF t FOR VALUES IN (${k});`,
  );
  /** Each of its statements reaches all of five hundred partitions. */
  const file = (updates: number) =>
    `CREATE TABLE t (a int) PARTITION BY LIST (a);\n${parts.join("")}\n${"UPDATE t SET b = 1;\n".repeat(updates)}`;
  const catalogue = rules.filter(({ id }) => id === "impossible-statement");

  it("ends, and is told, after so much of it: at the same statement each time", async () => {
    const lines = [];
    for (let run = 0; run < 2; run++) {
      const { files } = await lintSources(
        [
          { path: "1.sql", text: file(2000) },
          { path: "2.sql", text: "UPDATE t SET b = 1;" },
        ],
        { catalogue, mostEffort: 500_000 },
      );
      const [told] = files[0]?.notUnderstood ?? [];
      expect(told?.reason).toMatch(/^its statements reach too many relations together/);
      lines.push(told?.line);
      expect(files[1]?.notUnderstood).toEqual([]);
    }
    expect(lines[0]).toBeGreaterThan(3);
    expect(lines[0]).toBe(lines[1]);
  });

  it("is enough for a large family that a file speaks of a hundred times", async () => {
    const { summary } = await lintSources([{ path: "1.sql", text: file(100) }], { catalogue });
    expect(summary.notUnderstood).toBe(0);
  });
});

describe("the room of a file", () => {
  it("is what the process has left: then the rest is unread and told, and the next file begins anew", async () => {
    let looks = 0;
    const report = await lintSources(
      [
        { path: "1.sql", text: "DROP TABLE a;\n".repeat(1000) },
        { path: "2.sql", text: "DROP TABLE b;\n" },
      ],
      { catalogue: catalogue.slice(0, 1), hasRoom: () => ++looks > 1 },
    );
    const [first, second] = report.files;
    expect(first?.notUnderstood).toEqual([
      { line: expect.any(Number), reason: expect.stringMatching(/^the memory of the process/) },
    ]);
    expect(second?.notUnderstood).toEqual([]);
    expect(report.diagnostics.length).toBeGreaterThan(1);
    expect(report.diagnostics.length).toBeLessThan(1000);
    expect(report.complaints).toMatchObject([{ path: "1.sql" }]);
  });

  it("ends with more findings than anybody reads", async () => {
    const options = { catalogue: rules, only: ["syntax-error"] };
    const text = "x;".repeat(mostFindings + 50);
    const report = await lintSources(
      [
        { path: "1.sql", text },
        { path: "2.sql", text: "x;" },
      ],
      options,
    );
    expect(report.summary.errors).toBe(mostFindings + 2);
    expect(report.files[0]?.notUnderstood).toEqual([
      { line: 1, reason: expect.stringMatching(/^the file has more than 50,000 findings/) },
    ]);
    expect(report.files[1]?.notUnderstood).toEqual([]);
  });
});
