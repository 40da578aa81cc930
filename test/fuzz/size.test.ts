import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";

it("more findings in a file than fit on the stack", async () => {
  const catalogue = rules.filter(({ id }) => id === "syntax-error");
  const report = await lintSources([{ path: "a.sql", text: "x;".repeat(150_000) }], { catalogue });
  expect(report.summary.errors).toBe(150_000);
});
