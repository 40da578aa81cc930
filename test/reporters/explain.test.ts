import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";
import { renderExplanation } from "../../src/reporters/explain.ts";

async function rowsOf(text: string): Promise<string[]> {
  const explanation = await explainSources([{ path: "a.sql", text }], { catalogue: rules });
  return renderExplanation(explanation, {}).split("\n");
}

it("says of a statement that the server refuses why, and of nobody that waits for it", async () => {
  const rows = await rowsOf(
    "BEGIN;\nALTER TABLE t ADD COLUMN a int;\nREINDEX TABLE CONCURRENTLY t;\nCREATE INDEX ON t (a);\n",
  );
  const refused = rows.find((row) => row.startsWith("     3 "));
  expect(refused).toContain("fails: ");
  expect(refused).not.toMatch(/wait|go on|ACCESS/);
  expect(rows.find((row) => row.startsWith("     4 "))).toContain("wait *");
  expect(rows.join("\n")).not.toContain("line 3");
});
