import { PGlite } from "@electric-sql/pglite";
import { afterAll, describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";

/*
 * Names that the history has dropped or renamed: the last statement of each series is refused with the code that the
 * server gives, or by neither.
 */

const database = new PGlite();
afterAll(() => database.close());

const table = "CREATE TABLE t (a int, b int, c int); CREATE TABLE gone (a int); DROP TABLE gone;";
const column = "CREATE TABLE t (a int, gone int); ALTER TABLE t DROP COLUMN gone;";
const body = "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;";
const types = "CREATE DOMAIN d AS int; DROP DOMAIN d; CREATE TYPE e AS ENUM ('x'); DROP TYPE e;";

const series: readonly string[] = [
  // Relations.
  `${table} SELECT * FROM gone`,
  `${table} DELETE FROM gone`,
  `${table} UPDATE t SET a = 1 WHERE a IN (SELECT a FROM gone)`,
  `${table} UPDATE t SET a = (SELECT 1 FROM gone)`,
  `${table} DELETE FROM t WHERE a IN (SELECT a FROM gone)`,
  `${table} DELETE FROM t USING gone`,
  `${table} INSERT INTO t SELECT a FROM gone`,
  `${table} WITH gone AS (SELECT 1 AS a) UPDATE t SET a = 1 FROM gone`,
  `${table} WITH gone AS (SELECT 1 AS a) DELETE FROM public.gone`,
  `${table} ALTER TABLE gone RENAME COLUMN a TO b`,
  `${table} ALTER TABLE gone RENAME TO other`,
  `${table} CREATE TABLE p PARTITION OF gone DEFAULT`,
  `CREATE TABLE p (a int) PARTITION BY LIST (a); ${table} ALTER TABLE p ATTACH PARTITION gone DEFAULT`,
  `CREATE TABLE p (a int) PARTITION BY LIST (a); ${table} ALTER TABLE p DETACH PARTITION gone`,
  `${table} COMMENT ON TABLE gone IS 'x'`,
  `${table} DROP TABLE IF EXISTS gone`,
  `${table} DROP TABLE t, gone`,
  "DROP TABLE IF EXISTS never; SELECT * FROM never",
  "CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE INDEX j ON t (a); DROP INDEX j; DROP INDEX i, j",
  `${table} DO $$ BEGIN EXECUTE 'CREATE TABLE gone (a int)'; END $$; SELECT * FROM gone`,
  // Types and routines.
  `${types} DROP DOMAIN d`,
  `${types} DROP DOMAIN IF EXISTS d`,
  `${types} DROP TYPE e`,
  `${types} DROP TYPE IF EXISTS e`,
  `${types} COMMENT ON TYPE e IS 'x'`,
  `${types} COMMENT ON DOMAIN d IS 'x'`,
  `${types} CREATE TABLE e (a int); COMMENT ON TABLE e IS 'x'`,
  `${types} CREATE TABLE u (a e)`,
  `CREATE SCHEMA s; CREATE FUNCTION s.f() ${body} DROP FUNCTION s.f(); CREATE TABLE t (a int); CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION s.f()`,
  // Parts of a table.
  `${column} ALTER TABLE t ADD UNIQUE (gone)`,
  `${column} ALTER TABLE t ADD CHECK (gone > 0)`,
  `${column} ALTER TABLE t ADD FOREIGN KEY (gone) REFERENCES t (a)`,
  `${column} COMMENT ON COLUMN t.gone IS 'x'`,
  `${column} UPDATE t SET a = gone`,
  `${column} UPDATE t SET gone = 1`,
  `${column} CREATE INDEX ON t (gone)`,
  `${column} COPY t (gone) TO STDOUT`,
  `${column} ALTER TABLE t ADD gone int, ADD CHECK (gone > 0)`,
  `CREATE TABLE t (a int); CREATE FUNCTION f() ${body} CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); DROP TRIGGER r ON t; ALTER TABLE t ENABLE TRIGGER r`,
  "CREATE TABLE t (a int); ALTER TABLE t ENABLE TRIGGER ALL",
  `CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0)); ALTER TABLE t DROP CONSTRAINT c; CREATE FUNCTION f() ${body} CREATE CONSTRAINT TRIGGER c AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); COMMENT ON CONSTRAINT c ON t IS 'x'`,
  "CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0)); ALTER TABLE t DROP CONSTRAINT c; ALTER TABLE t VALIDATE CONSTRAINT c",
];

/** The code with which the last statement is refused by the server, all that it did undone. */
async function measure(sql: string): Promise<string | null> {
  await database.exec("BEGIN");
  try {
    await database.exec(sql);
    return null;
  } catch (error) {
    return (error as { readonly code?: string }).code ?? "none";
  } finally {
    await database.exec("ROLLBACK");
  }
}

describe("a name that went away", () => {
  it.each(series)("%s", async (sql) => {
    const { statements } = await explainSources([{ path: "a.sql", text: `${sql};` }], {
      catalogue: rules,
      postgresVersion: 18,
      runner: "psql",
    });
    const last = statements.at(-1);
    expect(statements.slice(0, -1).every(({ fails }) => fails === null)).toBe(true);
    expect(last?.fails?.sqlstate ?? null).toBe(await measure(sql));
  });
});
