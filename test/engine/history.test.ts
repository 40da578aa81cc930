import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";
import { findingsIn, findingsOf } from "./lint-sql.ts";

const only = { only: ["index-without-concurrently"] };
const create = "CREATE TABLE t (id bigint PRIMARY KEY, c text);";
const index = "CREATE INDEX i ON t (c);";

describe("what ran before", () => {
  const before = `CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (id int, c text); CREATE ROLE r; CREATE EXTENSION citext;
    GRANT SELECT ON t TO r; ALTER TABLE t REPLICA IDENTITY NOTHING; CREATE PUBLICATION p FOR ALL TABLES;
    INSERT INTO t VALUES (1, 'x'); SELECT 1 AS made INTO made; CREATE VIEW v AS SELECT c FROM t;`;

  it.each([
    ["DROP ROLE r;", "2BP01"],
    ["REVOKE ALL ON t FROM r; DROP ROLE r;", null],
    ["CREATE ROLE r;", "42710"],
    ["CREATE EXTENSION citext;", "42710"],
    ["CREATE PUBLICATION p;", "42710"],
    ["UPDATE t SET c = 'x' WHERE id = 1;", "55000"],
    ["CREATE TABLE made (a int);", "42P07"],
    ["ALTER TABLE t DROP COLUMN c;", "2BP01"],
    ["ALTER TYPE e ADD VALUE 'a';", "42710"],
  ])("is known alike whether it is judged or replayed only: %s", async (sql, sqlstate) => {
    for (const role of ["history", "lint"] as const) {
      const sources = [
        { path: "m/1_a.sql", text: before, role },
        { path: "m/2_b.sql", text: sql },
      ];
      const { statements } = await explainSources(sources, { catalogue: rules, runner: "sqlx" });
      expect([role, statements.at(-1)?.fails?.sqlstate ?? null]).toEqual([role, sqlstate]);
    }
  });
});

describe("what counts as new", () => {
  it("is what the same file created, under any name", async () => {
    expect(await findingsOf(`${create} ${index}`, only)).toEqual([]);
    expect(await findingsOf(`${create} ALTER TABLE t RENAME TO u; CREATE INDEX i ON u (c);`, only)).toEqual(
      [],
    );
    expect(await findingsOf(`CREATE TABLE s.t (c text); CREATE INDEX i ON s.t (c);`, only)).toEqual([]);
    expect(await findingsOf(`CREATE MATERIALIZED VIEW t AS SELECT 1 AS c; ${index}`, only)).toEqual([]);
  });

  it("is not a table of that name in another schema, nor one that IF NOT EXISTS may have found", async () => {
    expect(await findingsOf(`CREATE TABLE s.t (c text); ${index}`, only)).toHaveLength(1);
    expect(await findingsOf(`CREATE TABLE IF NOT EXISTS t (c text); ${index}`, only)).toHaveLength(1);
  });

  it("is not what a script that runs again and again makes unless it is there", async () => {
    const options = { ...only, runner: "flyway" } as const;
    const lintAs = (name: string, text: string) =>
      findingsIn(
        [
          { path: "db/migration/V1__start.sql", text: "CREATE TABLE other (id int);", role: "history" },
          { path: `db/migration/${name}`, text },
        ],
        options,
      );
    const unlessThere = "CREATE TABLE IF NOT EXISTS t (c text); CREATE INDEX i ON t (c);";
    expect(await lintAs("V2__t.sql", unlessThere)).toEqual([]);
    expect(await lintAs("R__t.sql", unlessThere)).toHaveLength(1);
    expect(await lintAs("R__t.sql", `DROP TABLE IF EXISTS t; ${create} ${index}`)).toEqual([]);
  });

  it("is gone again after a ROLLBACK", async () => {
    expect(await findingsOf(`BEGIN; ${create} ROLLBACK; ${index}`, only)).toHaveLength(1);
    expect(
      await findingsOf(`BEGIN; SAVEPOINT a; ${create} ROLLBACK TO a; ${index} COMMIT;`, only),
    ).toHaveLength(1);
  });

  it("ends with the file, unless all files are one release", async () => {
    const sources = [
      { path: "1.sql", text: create },
      { path: "2.sql", text: index },
    ];
    expect(await findingsIn(sources, only)).toEqual(["2.sql 1:1 index-without-concurrently"]);
    expect(await findingsIn(sources, { ...only, release: "run" })).toEqual([]);
  });

  it("never comes from the history", async () => {
    const sources = [
      { path: "1.sql", text: create, role: "history" as const },
      { path: "2.sql", text: index },
    ];
    expect(await findingsIn(sources, { ...only, release: "run" })).toHaveLength(1);
  });

  it("is proven for IF NOT EXISTS by a history that created all it used", async () => {
    const sources = [
      { path: "1.sql", text: "CREATE TABLE a (id bigint);", role: "history" as const },
      { path: "2.sql", text: `CREATE TABLE IF NOT EXISTS t (c text); ${index}` },
    ];
    expect(await findingsIn(sources, only)).toEqual([]);
  });

  it("is, with IF NOT EXISTS, what a history had no word of by then, even one that begins in the middle", async () => {
    const history = (text: string) => [
      { path: "1.sql", text, role: "history" as const },
      { path: "2.sql", text: `CREATE TABLE IF NOT EXISTS t (c text); ${index}` },
    ];
    expect(await findingsIn(history("ALTER TABLE old ADD COLUMN c int;"), only)).toEqual([]);
    expect(await findingsIn(history("ALTER TABLE t ADD COLUMN d int;"), only)).toHaveLength(1);
  });

  it("is proven for IF NOT EXISTS in the file with which a history begins", async () => {
    const text = `CREATE TABLE IF NOT EXISTS t (c text); ${index}`;
    const next = { path: "b.sql", text: "SELECT 1;" };
    expect(await findingsIn([{ path: "a.sql", text }, next], only)).toEqual([]);
    const used = { path: "a.sql", text: `ALTER TABLE old ADD COLUMN c int; ${text}` };
    expect(await findingsIn([used, next], only)).toHaveLength(1);
    for (const path of ["0001_t.sql", "V1__t.sql", "20240101_init.sql"])
      expect(await findingsOf(text, only, path)).toEqual([]);
    for (const path of ["0002_t.sql", "V10__t.sql", "20240101_initiative.sql"])
      expect(await findingsOf(text, only, path)).toHaveLength(1);
  });
});

describe("a table that the transaction has truncated", () => {
  const rules = { only: ["index-without-concurrently", "required-column"] };
  const work = "ALTER TABLE t ADD COLUMN c int NOT NULL; CREATE INDEX ON t (c);";

  it("has no rows to read, but an application that goes on inserting", async () => {
    expect(await findingsOf(`BEGIN; TRUNCATE t; ${work} COMMIT;`, rules)).toEqual(["1:34 required-column"]);
    expect(await findingsOf(`TRUNCATE t; ${work}`, { ...rules, runner: "flyway" }, "V1__a.sql")).toHaveLength(
      1,
    );
  });

  it("has none behind what touches neither rows nor its name", async () => {
    const other = "ALTER TABLE u RENAME TO v; SET lock_timeout = '1s'; DROP TABLE w;";
    expect(await findingsOf(`BEGIN; TRUNCATE t; ${other} ${work} COMMIT;`, rules)).toHaveLength(1);
  });

  it("may have rows again once the transaction is over, or has inserted some", async () => {
    expect(await findingsOf(`TRUNCATE t; ${work}`, rules)).toHaveLength(2);
    expect(await findingsOf(`BEGIN; TRUNCATE t; COMMIT; BEGIN; ${work} COMMIT;`, rules)).toHaveLength(2);
    expect(
      await findingsOf(`BEGIN; TRUNCATE t; INSERT INTO t SELECT 1; ${work} COMMIT;`, rules),
    ).toHaveLength(2);
    for (const other of [
      "TRUNCATE u;",
      "TRUNCATE old.t;",
      "TRUNCATE t; ALTER TABLE t RENAME TO v; ALTER TABLE u RENAME TO t;",
      "TRUNCATE t; ALTER TABLE t SET SCHEMA old; ALTER TABLE old.t SET SCHEMA public;",
      "TRUNCATE t; SET search_path = old;",
      "DO $$BEGIN IF f() THEN TRUNCATE t; END IF; END$$;",
    ])
      expect(await findingsOf(`BEGIN; ${other} ${work} COMMIT;`, rules), other).toHaveLength(2);
    expect(await findingsOf(`BEGIN; TRUNCATE t; SELECT fill(); ${work} COMMIT;`, rules)).toHaveLength(2);
  });
});

describe("a dump of a schema that is there already", () => {
  const dump = `-- PostgreSQL database dump\nSET lock_timeout = 0;\n${create}\nALTER TABLE old ADD COLUMN c int;\n${index}`;
  it("is read and not judged", async () => {
    expect(await findingsOf(dump)).toEqual([]);
    const sources = [
      { path: "1.sql", text: dump },
      { path: "2.sql", text: "CREATE INDEX j ON t (c);" },
    ];
    expect(await findingsIn(sources, only)).toEqual(["2.sql 1:1 index-without-concurrently"]);
  });
});

describe("down sections", () => {
  const goose = `-- +goose Up\n${create}\n-- +goose Down\nCREATE INDEX i ON old (c);\nDROP TABEL t;\n`;
  it("are read for syntax, and judged only when asked", async () => {
    const rules = { only: ["index-without-concurrently", "syntax-error"] };
    expect(await findingsOf(goose, rules)).toEqual(["5:6 syntax-error"]);
    expect(await findingsOf(goose, { ...rules, down: true })).toEqual([
      "4:1 index-without-concurrently",
      "5:6 syntax-error",
    ]);
  });
});
