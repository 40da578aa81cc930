import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";

const granted = "CREATE TABLE t (id int PRIMARY KEY, a int);\nGRANT SELECT (a) ON t TO x;\n";

/** What has to be seen to before the old column goes, of a rename behind this history. */
async function afterOf(history: string): Promise<string> {
  const { diagnostics } = await lintSources(
    [
      { path: "1.sql", text: history, role: "history" },
      { path: "2.sql", text: "ALTER TABLE t RENAME COLUMN a TO b;\n" },
    ],
    { catalogue: rules },
  );
  return diagnostics.flatMap(({ rewrite }) => rewrite?.map(({ after }) => after ?? "") ?? []).join("\n");
}

it("tells of rights on a column that migrations before have granted", async () => {
  expect(await afterOf(granted)).toContain("the rights that were granted on a");
});

it.each(["REVOKE SELECT (a) ON t FROM x;", "REVOKE SELECT ON t FROM x;"])("not after %s", async (revoke) => {
  const after = await afterOf(`${granted}${revoke}\n`);
  expect(after).toContain("no running version of the application");
  expect(after).not.toContain("rights");
});
