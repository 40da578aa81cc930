import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";

const history = `-- +goose Up
CREATE TYPE mood AS ENUM ('good');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE t (id bigint PRIMARY KEY, a varchar(10) NOT NULL DEFAULT 'x', b int, c text CONSTRAINT filled CHECK (c <> ''));
CREATE TABLE u (id bigint PRIMARY KEY, t_id bigint CONSTRAINT u_t REFERENCES t ON DELETE CASCADE);
CREATE INDEX t_b ON t (b) WHERE b > 0;
CREATE TABLE w (at timestamptz DEFAULT now() + '5 minutes', k text CHECK (k IN ('a', 'b')));
CREATE VIEW v AS SELECT id, a FROM t;
CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE POLICY p ON t USING (b > 0);
-- +goose Down
SELECT 1;`;

async function wayBack(up: string, down: string, before = history): Promise<string | null> {
  const sources = [
    { path: "1_h.sql", text: before, role: "history" as const },
    { path: "2_m.sql", text: `-- +goose Up\n${up}\n-- +goose Down\n${down}` },
  ];
  const report = await lintSources(sources, {
    catalogue: rules,
    runner: "goose",
    only: ["irreversible-without-down"],
    rules: { "irreversible-without-down": "warning" },
  });
  return report.diagnostics[0]?.message.replace("The way back from this migration ", "") ?? null;
}

const undone: [string, string][] = [
  ["CREATE TABLE n (id serial PRIMARY KEY); CREATE INDEX ON n (id);", "DROP TABLE n;"],
  ["ALTER TABLE t ADD COLUMN d int NOT NULL DEFAULT 1;", "ALTER TABLE t DROP COLUMN d;"],
  ["ALTER TABLE t DROP COLUMN c;", "ALTER TABLE t ADD COLUMN c text CONSTRAINT filled CHECK (c <> '');"],
  [
    "ALTER TABLE t RENAME TO s; ALTER TABLE s RENAME COLUMN b TO bb;",
    "ALTER TABLE s RENAME COLUMN bb TO b; ALTER TABLE s RENAME TO t;",
  ],
  [
    "ALTER TABLE t ALTER a TYPE text, ALTER a DROP NOT NULL, ALTER a DROP DEFAULT;",
    "ALTER TABLE t ALTER a TYPE varchar(10), ALTER a SET NOT NULL, ALTER a SET DEFAULT 'x';",
  ],
  [
    "DROP TABLE u;",
    "CREATE TABLE u (id bigint PRIMARY KEY, t_id bigint, CONSTRAINT u_t FOREIGN KEY (t_id) REFERENCES t ON DELETE CASCADE);",
  ],
  ["CREATE TEMPORARY TABLE ids (id bigint);", "SELECT 1;"],
  ["DROP INDEX t_b;", "CREATE INDEX t_b ON t (b) WHERE b > 0;"],
  [
    "CREATE OR REPLACE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 2';",
    "CREATE OR REPLACE FUNCTION f(x int) RETURNS int LANGUAGE sql AS ' SELECT  1 ';",
  ],
  [
    "CREATE OR REPLACE VIEW v AS SELECT id, a, b FROM t;",
    "DROP VIEW v; CREATE VIEW v AS SELECT id, a FROM t;",
  ],
  [
    "ALTER TABLE t ENABLE ROW LEVEL SECURITY; DROP POLICY p ON t;",
    "CREATE POLICY p ON t USING (b > 0); ALTER TABLE t DISABLE ROW LEVEL SECURITY;",
  ],
  ["UPDATE t SET b = 1 WHERE id = 1;", "UPDATE t SET b = NULL WHERE id = 1;"],
  [
    "ALTER TABLE t DROP COLUMN a;",
    "ALTER TABLE t ADD COLUMN a varchar(10) NOT NULL DEFAULT 'x'::varchar; CREATE VIEW v AS SELECT id, a FROM t;",
  ],
  // One thing said in two ways.
  [
    "DROP TABLE w;",
    "CREATE TABLE w (at timestamptz DEFAULT (now() + '00:05:00'::interval), k text CHECK (k = ANY (ARRAY['a'::text, 'b'::text])));",
  ],
  [
    "CREATE OR REPLACE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 2';",
    "CREATE OR REPLACE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'select /* one */ 1';",
  ],
  // Nothing is lost by what has been looked at.
  ["ALTER TABLE t VALIDATE CONSTRAINT filled;", "SELECT 1;"],
  ["COMMENT ON TABLE t IS 'x';", "SELECT 1;"],
  // What the history does not know it cannot miss.
  ["ALTER TABLE far DROP COLUMN c;", "ALTER TABLE far ADD COLUMN c int;"],
  ["ALTER TABLE far ALTER COLUMN c TYPE text;", "ALTER TABLE far ALTER COLUMN c TYPE int;"],
  ["DROP TABLE far;", "CREATE TABLE far (id bigint);"],
  // What only the server can tell.
  [
    "CREATE TABLE n (id int);",
    "DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP EXECUTE r.x; END LOOP; END $$;",
  ],
  ["CREATE TABLE n (id int);", "SELECT drop_everything();"],
  ["CREATE TABLE n (id int);", "DROP TABLE"],
];

const notUndone: [string, string, string][] = [
  ["CREATE TABLE n (id serial PRIMARY KEY); CREATE INDEX ON n (id);", "SELECT 1;", "leaves table n"],
  [
    "ALTER TABLE t ADD COLUMN d int UNIQUE, ADD e int;",
    "ALTER TABLE t DROP COLUMN d;",
    "leaves column e of t",
  ],
  [
    "ALTER TABLE t ADD COLUMN d int; CREATE INDEX t_d ON t (b);",
    "ALTER TABLE t DROP COLUMN d;",
    "leaves index t_d",
  ],
  [
    "ALTER TABLE t DROP COLUMN c;",
    "ALTER TABLE t ADD COLUMN c text;",
    "does not bring back constraint filled of t",
  ],
  ["DROP TABLE u;", "SELECT 1;", "does not bring back table u"],
  [
    "ALTER TABLE t ALTER a TYPE text, ALTER a DROP NOT NULL;",
    "ALTER TABLE t ALTER a SET NOT NULL;",
    "does not restore type of column a of t",
  ],
  [
    "ALTER TABLE t ALTER b SET NOT NULL, ALTER b SET DEFAULT 1;",
    "SELECT 1;",
    "does not restore NOT NULL of column b of t and default of column b of t",
  ],
  ["ALTER TYPE mood ADD VALUE 'bad';", "SELECT 1;", "does not restore values of type mood"],
  ["DROP INDEX t_b;", "CREATE INDEX t_b ON t (b);", "does not restore index t_b"],
  ["ALTER TABLE t RENAME TO s;", "SELECT 1;", "leaves table s and does not bring back table t"],
  [
    "CREATE OR REPLACE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 2';",
    "SELECT 1;",
    "does not restore body of function f()",
  ],
  [
    "CREATE OR REPLACE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 2';",
    "SELECT 1;",
    "leaves function g()",
  ],
  [
    "CREATE OR REPLACE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 2';",
    "DROP FUNCTION f(int);",
    "drops function f(), which it did not make",
  ],
  [
    "CREATE TABLE IF NOT EXISTS t (id bigint);",
    "DROP TABLE t CASCADE;",
    "drops table t, constraint u_t of u and view v, which it did not make",
  ],
  [
    "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY q ON t USING (true);",
    "DROP POLICY q ON t;",
    "does not restore row level security of table t",
  ],
  [
    "ALTER TABLE far ADD COLUMN c int, ADD COLUMN d int;",
    "ALTER TABLE far DROP COLUMN c;",
    "leaves column d of far",
  ],
  ["CREATE DOMAIN small AS positive CHECK (VALUE < 9);", "SELECT 1;", "leaves domain small"],
];

describe("the way back", () => {
  it.each(undone)("undoes %s with %s", async (up, down) => {
    expect(await wayBack(up, down)).toBe(null);
  });
  it("of what may have been there before is nobody's to tell", async () => {
    const before = "-- +goose Up\nALTER TABLE far ADD COLUMN c int;";
    const make =
      "CREATE OR REPLACE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE IF NOT EXISTS n (id int);";
    expect(await wayBack(make, "SELECT 1;", before)).toBe(null);
    expect(await wayBack(make, "SELECT 1;")).toBe("leaves table n and function g()");
  });
  it.each(notUndone)("of %s with %s", async (up, down, words) => {
    expect(await wayBack(up, down)).toBe(words);
  });
});

describe("a migration and its way back find each other", () => {
  const pairs: [string, string, string][] = [
    ["db-migrate", "sqls/20240101000000-a-up.sql", "sqls/20240101000000-a-down.sql"],
    ["flyway", "sql/V1.2__a.sql", "sql/U1.2__take_it_back.sql"],
    ["sqitch", "deploy/a.sql", "revert/a.sql"],
    ["golang-migrate", "m/1_a.up.sql", "m/1_a.down.sql"],
    ["diesel", "m/2024-01-01-000000_a/up.sql", "m/2024-01-01-000000_a/down.sql"],
    ["psql", "m/1_a.sql", "m/1_a.rollback.sql"],
    ["psql", "m/1_a_up.sql", "m/1_a_down.sql"],
    ["psql", "m/1_a.sql", "m/undo_1_a.sql"],
  ];
  it.each(pairs)("in %s: %s and %s", async (runner, up, down) => {
    const sources = [
      { path: up, text: "CREATE TABLE n (id int); CREATE TABLE m (id int);" },
      { path: down, text: "DROP TABLE n;" },
    ];
    const report = await lintSources(sources, {
      catalogue: rules,
      runner,
      only: ["irreversible-without-down"],
      rules: { "irreversible-without-down": "warning" },
    });
    expect(report.diagnostics.map(({ path, message }) => [path, message])).toEqual([
      [up, "The way back from this migration leaves table m"],
    ]);
  });

  it("in Liquibase: all rollback comments of a changeset", async () => {
    const text = `--liquibase formatted sql
--changeset a:1
CREATE TABLE n (id int);
--rollback DROP TABLE m;
CREATE TABLE m (id int);
--rollback DROP TABLE n;`;
    const report = await lintSources([{ path: "a.sql", text }], {
      catalogue: rules,
      only: ["irreversible-without-down"],
      rules: { "irreversible-without-down": "warning" },
    });
    expect(report.diagnostics).toEqual([]);
  });
});
