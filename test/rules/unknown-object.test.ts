import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";

/** What the rule says behind a complete history; where it has spoken once, the history is complete no more. */
async function said(sql: string): Promise<string[]> {
  const history = "CREATE TABLE orders (id bigint PRIMARY KEY, total int);\nCREATE SEQUENCE counter;\n";
  const report = await lintSources(
    [
      { path: "1.sql", text: history, role: "history" },
      { path: "2.sql", text: sql },
    ],
    { catalogue: rules, only: ["unknown-object"], rules: { "unknown-object": "warning" } },
  );
  return report.diagnostics.map(({ message }) => message);
}

it.each([
  "ALTER TABLE oders ADD COLUMN note text",
  "CREATE INDEX ON oders (id)",
  "CREATE POLICY own ON oders USING (true)",
  "ALTER POLICY own ON oders USING (false)",
  "CREATE TRIGGER stamp BEFORE INSERT ON oders FOR EACH ROW EXECUTE FUNCTION stamp()",
  "DROP TABLE oders",
  "DROP VIEW oders",
  "DROP MATERIALIZED VIEW oders",
  "DROP INDEX oders",
  "DROP SEQUENCE oders",
  "ALTER TABLE oders RENAME TO others",
  "TRUNCATE orders, oders",
  "LOCK TABLE oders IN ACCESS SHARE MODE",
  "INSERT INTO oders VALUES (1)",
  "UPDATE oders SET total = 0 WHERE id = 1",
  "DELETE FROM oders WHERE id = 1",
])("misses the table of %s", async (sql) => {
  expect(await said(sql)).toEqual(["No migration before this one created oders"]);
});

it.each([
  ["CREATE SEQUENCE orders", "orders", "table"],
  ["CREATE TABLE orders AS SELECT 1 AS id", "orders", "table"],
  ["CREATE TABLE public.counter (id int)", "public.counter", "sequence"],
  ["CREATE TEMPORARY TABLE notes (id int); CREATE TABLE pg_temp.notes (id int)", "pg_temp.notes", "table"],
])("finds the name taken: %s", async (sql, name, kind) => {
  expect(await said(sql)).toEqual([
    `${name} is there already: an earlier statement created a ${kind} of that name`,
  ]);
});

it.each([
  "ALTER TABLE IF EXISTS oders RENAME TO others",
  "ALTER TABLE IF EXISTS oders ADD COLUMN note text",
  "ALTER FUNCTION oders() RENAME TO others",
  "DROP TABLE IF EXISTS oders",
  "DROP FUNCTION oders()",
  "WITH oders AS (SELECT 1 AS id) DELETE FROM oders",
  "CREATE TEMPORARY TABLE orders (id int)",
  "CREATE TEMPORARY TABLE notes (id int); CREATE TABLE notes (id int)",
  "CREATE TABLE IF NOT EXISTS orders (id int)",
  "DELETE FROM public._sqlx_migrations WHERE version = 1",
  "DO $$ BEGIN EXECUTE format('CREATE TABLE %I (id int)', now()); EXECUTE format('CREATE TABLE %I (id int)', now()); END $$",
  "SELECT * FROM oders",
])("has nothing to say of %s", async (sql) => {
  expect(await said(sql)).toEqual([]);
});
