import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { planMigration } from "../../src/fix/plan.ts";
import { renderPlan } from "../../src/fix/render-plan.ts";
import { psql } from "../../src/layout/index.ts";
import { buildOnce, createFolder, lockwise } from "../cli/run.ts";

buildOnce();

it("what could not be read is not said to be safe", async () => {
  const text = "CREATE FOO bar;\n";
  const project = { paths: ["1.sql"], read: () => text };
  const layout = {
    profile: psql,
    folder: { root: "", files: ["1.sql"], project },
    confidence: 0,
    because: "",
  };
  const plan = await planMigration([{ path: "1.sql", text }], layout, { catalogue: rules, project });
  expect(plan.notUnderstood).toEqual([{ line: 1, reason: 'Syntax error at or near "FOO"' }]);
  const shown = renderPlan(plan, [], (path) => path);
  expect(shown).toContain("Line 1 was not understood, and nothing is planned for it");
  expect(shown).not.toContain("Nothing to plan");
});

it("nor is what lies behind a limit", async () => {
  const text = `${"SELECT 1;\n".repeat(500)}CREATE INDEX i ON t (a);\n`;
  const project = { paths: ["1.sql"], read: () => text };
  const layout = {
    profile: psql,
    folder: { root: "", files: ["1.sql"], project },
    confidence: 0,
    because: "",
  };
  const options = { catalogue: rules, project, hasRoom: () => false };
  const plan = await planMigration([{ path: "1.sql", text }], layout, options);
  expect(plan.notUnderstood).toEqual([
    { line: 201, reason: expect.stringMatching(/^the memory of the process/) },
  ]);
  expect(plan.complaints).toEqual([
    { path: "1.sql", line: null, message: expect.stringMatching(/^the memory of the process/) },
  ]);
});

it("is told on stderr where the plan is written or is a runbook", () => {
  const folder = createFolder({ "1.sql": "CREATE FOO bar;\nCREATE INDEX i ON t (a);\n" });
  for (const args of [["--runbook"], ["--write"]])
    expect(lockwise(folder, ["plan", "1.sql", ...args]).stderr).toMatch(
      /^lockwise: 1\.sql:1: not understood/m,
    );
});

it("a plan of many statements takes as long as they are many", async () => {
  const text = Array.from({ length: 3000 }, (_, k) => `CREATE INDEX i${k} ON t${k} (a);\n`).join("");
  const project = { paths: ["1.sql"], read: () => text };
  const layout = {
    profile: psql,
    folder: { root: "", files: ["1.sql"], project },
    confidence: 0,
    because: "",
  };
  const plan = await planMigration([{ path: "1.sql", text }], layout, { catalogue: rules, project });
  expect(plan.series).toHaveLength(3000);
}, 60_000);
