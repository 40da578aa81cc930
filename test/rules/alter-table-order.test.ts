import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findingsOf } from "../engine/lint-sql.ts";

/*
 * What the rule unknown-object says of a column that the same ALTER TABLE adds, held against the server: actions run in an
 * order of their own, so that it is the same before and behind ADD COLUMN. `missing` is the server's "does not exist".
 */

let db: PGlite;
beforeAll(async () => {
  db = await PGlite.create();
});
afterAll(() => db.close());

const create = "CREATE TABLE t (id int);";
const actions = [
  "DROP COLUMN n",
  "ALTER n DROP DEFAULT",
  "ALTER n SET DEFAULT 1",
  "ALTER n DROP NOT NULL",
  "ALTER n SET NOT NULL",
  "ALTER n TYPE bigint",
  "ALTER n DROP EXPRESSION",
  "ALTER n DROP IDENTITY",
  "ALTER n ADD GENERATED ALWAYS AS IDENTITY",
  "ALTER n SET GENERATED ALWAYS",
  "ALTER n SET EXPRESSION AS (1)",
  "ALTER n SET STATISTICS 10",
  "ALTER n SET STORAGE PLAIN",
  "ALTER n SET COMPRESSION default",
  "ALTER n SET (n_distinct = 1)",
  "ALTER n RESET (n_distinct)",
];

async function isMissing(sql: string): Promise<boolean> {
  try {
    await db.exec(`BEGIN; ${create} ${sql}`);
    return false;
  } catch (error) {
    return error instanceof Error && error.message.includes("does not exist");
  } finally {
    await db.exec("ROLLBACK");
  }
}

describe("a column that the same ALTER TABLE adds", () => {
  const statements = actions.flatMap((action) => [
    `ALTER TABLE t ADD COLUMN n int, ${action};`,
    `ALTER TABLE t ${action}, ADD COLUMN n int;`,
  ]);
  it.each(statements)("%s", async (sql) => {
    const findings = await findingsOf(`${create} ${sql}`, { rules: { "unknown-object": "warning" } });
    expect(findings.some((finding) => finding.endsWith("unknown-object"))).toBe(await isMissing(sql));
  });
});
