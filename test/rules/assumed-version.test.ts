import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";

async function adviceOf(text: string, options: { postgresVersion?: number } = {}) {
  const { diagnostics } = await lintSources([{ path: "a.sql", text }], { catalogue: rules, ...options });
  const [found] = diagnostics.filter(({ rule }) => rule === "unsupported-syntax");
  return found === undefined ? null : (found.advice ?? "");
}

it("says how to name the version only where nobody named it", async () => {
  const text = "SELECT * FROM (SELECT 1);";
  expect(await adviceOf(text)).toContain('"postgresVersion": 16');
  expect(await adviceOf(text, { postgresVersion: 15 })).toBe("");
  expect(await adviceOf(text, { postgresVersion: 16 })).toBeNull();
});
