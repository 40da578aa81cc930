import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";

const others = "This is for one action of several; lockwise plan writes them all";

/** What is advised of one action of a table that an earlier migration makes. */
async function adviceOf(rule: string, sql: string): Promise<(string | null)[]> {
  const { diagnostics } = await lintSources(
    [
      { path: "1.sql", text: "CREATE TABLE t (id int PRIMARY KEY, a int, b text);\n", role: "history" },
      { path: "2.sql", text: `${sql};\n` },
    ],
    { catalogue: rules },
  );
  return diagnostics.filter((one) => one.rule === rule).map(({ advice }) => advice);
}

it("says that a series of migrations leaves the other actions out", async () => {
  const sql = "ALTER TABLE t ADD COLUMN c text, ALTER COLUMN a SET NOT NULL";
  expect(await adviceOf("not-null-scan", sql)).toEqual([others]);
});

it("does not where there are none", async () => {
  expect(await adviceOf("not-null-scan", "ALTER TABLE t ALTER COLUMN a SET NOT NULL")).toEqual([null]);
});

it("does not of a query to ask before, which leaves the statement as it is", async () => {
  const sql = "ALTER TABLE t ADD COLUMN c text, ALTER COLUMN b TYPE varchar(5)";
  expect(await adviceOf("narrowed-type", sql)).toEqual([null]);
});
