import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";

async function refused(...statements: readonly string[]): Promise<number[]> {
  const text = ["CREATE TABLE orders (id bigint PRIMARY KEY, total int);", ...statements].join("\n");
  const report = await lintSources([{ path: "1.sql", text }], {
    catalogue: rules,
    only: ["impossible-statement"],
  });
  expect(report.complaints).toEqual([]);
  return report.diagnostics.map(({ start }) => start.line);
}

const update = "UPDATE orders SET total = 0 WHERE id = 1;";

it("refuses a name where search_path leads to no schema of the database", async () => {
  expect(await refused("SET search_path = '';", update)).toEqual([3]);
  expect(await refused("SET search_path = pg_catalog;", update)).toEqual([3]);
});

it("refuses no name that may be found", async () => {
  // A schema may be called like the user.
  expect(await refused('SET search_path = "$user";', update)).toEqual([]);
  expect(await refused("SET search_path = '';", "SELECT count(*) FROM unheard_of;")).toEqual([]);
  expect(await refused("SET search_path = '';", "RESET search_path;", update)).toEqual([]);
});
