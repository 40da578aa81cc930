import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";
import { lintSources } from "../../src/engine/lint.ts";
import { findingsIn, findingsOf } from "./lint-sql.ts";

const only = { only: ["index-without-concurrently", "concurrently-in-transaction", "syntax-error"] };

describe("SQL inside bodies", () => {
  it("is judged in DO blocks, at its own place", async () => {
    const sql = `DO $$
BEGIN
  IF true THEN
    CREATE INDEX i ON t (c);
  END IF;
END
$$;`;
    expect(await findingsOf(sql, only)).toEqual(["4:5 index-without-concurrently"]);
  });

  it("is judged where EXECUTE runs a constant, a concatenation or a format()", async () => {
    const sql = `DO $$
BEGIN
  EXECUTE 'CREATE INDEX i ON t (c)';
  EXECUTE 'CREATE INDEX ' || quote_ident(n) || ' ON t (c)';
  EXECUTE format('CREATE INDEX %I ON t (c)', n);
  EXECUTE n;
END
$$;`;
    expect(await findingsOf(sql, only)).toEqual([
      "3:12 index-without-concurrently",
      "4:12 index-without-concurrently",
      "5:19 index-without-concurrently",
    ]);
  });

  it("does not take a branch that the values of a call lead past for what runs", async () => {
    const sql = `CREATE FUNCTION change(name text, type text, wanted boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF wanted THEN
    EXECUTE 'ALTER TABLE t ADD COLUMN ' || name || ' ' || type;
  ELSE
    EXECUTE 'ALTER TABLE t DROP COLUMN IF EXISTS ' || name;
  END IF;
END
$$;
SELECT change('a', '', false);`;
    expect(await findingsOf(sql, only)).toEqual([]);
    expect(
      await findingsOf("DO $$ BEGIN IF a THEN EXECUTE 'ALTER TABLE t ADD COLUMN'; END IF; END $$;", only),
    ).toHaveLength(1);
  });

  it("knows tables that the body itself creates", async () => {
    const sql = "DO $$ BEGIN CREATE TABLE t (c int); CREATE INDEX i ON t (c); END $$;";
    expect(await findingsOf(sql, only)).toEqual([]);
  });

  it("judges what follows a branch that leaves the body as if that had not run", async () => {
    const leaves = (arm: string, rest: string) => `DO $$ BEGIN ${arm} RETURN; END IF; ${rest} END $$;`;
    const index = "CREATE INDEX i ON t (c);";
    // Whoever comes to the index did not drop the table, which is new.
    const gone = leaves("CREATE TABLE t (c int); IF NOT EXISTS (SELECT FROM t) THEN DROP TABLE t;", index);
    expect(await findingsOf(gone, only)).toEqual([]);
    // Whoever comes to the index did not make the table.
    const made = leaves("IF to_regclass('t') IS NULL THEN CREATE TABLE t (c int);", index);
    expect(await findingsOf(made, only)).toHaveLength(1);
    // Behind the body it may be there.
    const later = `${made.replace(index, "")} ALTER TABLE t DROP COLUMN nowhere;`;
    expect(
      await findingsOf(later, { only: ["unknown-object"], rules: { "unknown-object": "error" } }),
    ).toHaveLength(1);
  });

  it("refuses CONCURRENTLY in a body even where nothing else is around it", async () => {
    const sql = "DO $$ BEGIN CREATE INDEX CONCURRENTLY i ON t (c); END $$;";
    expect(await findingsOf(sql, only)).toEqual(["1:13 concurrently-in-transaction"]);
  });

  it("knows what a routine is called with, and the strings that are defaults", async () => {
    const define = `CREATE FUNCTION f(name text, columns text DEFAULT 'c', OUT n int, at text = 'public') LANGUAGE plpgsql AS $$
DECLARE whole text := at || '.' || name;
BEGIN
  EXECUTE format('CREATE INDEX ON %s (%I)', whole, columns);
END $$;`;
    const tables = "CREATE TABLE t (c int, d int); CREATE TABLE u (c int);";
    const judged = (text: string) =>
      findingsIn(
        [
          { path: "1.sql", text: `${define} ${tables}`, role: "history" },
          { path: "2.sql", text },
        ],
        only,
      );
    expect(await judged("SELECT f('t');")).toEqual(["1:1 index-without-concurrently"]);
    expect(await judged("SELECT f('t', 'd');")).toEqual(["1:1 index-without-concurrently"]);
    expect(await judged("CREATE TABLE n (c int); SELECT f('n');")).toEqual([]);
    // Now only the server knows the name.
    expect(await judged("SELECT f(t) FROM names;")).toEqual([]);
    expect(await findingsOf(`${define} SELECT f('t');`, only)).toEqual(["4:19 index-without-concurrently"]);
  });

  it("tells what a routine does once, however often the file calls it", async () => {
    const define =
      "CREATE FUNCTION f(n int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE t SET c = n; END $$;";
    const calls = "SELECT f(1);\nSELECT f(2);\nSELECT f(3);";
    expect(await findingsOf(`${define}\n${calls}`, { only: ["unbounded-update"] })).toEqual([
      "1:68 unbounded-update",
    ]);
  });

  it("prints no migration for what names a variable of the body", async () => {
    const rewritesOf = async (text: string) => {
      const table = "CREATE TABLE t (id int PRIMARY KEY, c int, n int);";
      const report = await lintSources(
        [
          { path: "1.sql", text: table, role: "history" },
          { path: "2.sql", text },
        ],
        { catalogue: rules, only: ["unbounded-update"] },
      );
      return report.diagnostics.map(({ rewrite }) => rewrite !== null);
    };
    const body = (update: string) => `DO $$ DECLARE n int := 1; r record; BEGIN ${update} END $$;`;
    expect(await rewritesOf(body("UPDATE t SET c = 1 WHERE c IS NULL;"))).toEqual([true]);
    expect(await rewritesOf(body("UPDATE t SET c = n WHERE c IS NULL;"))).toEqual([false]);
    expect(await rewritesOf(body("UPDATE t SET c = r.c WHERE c IS NULL;"))).toEqual([false]);
    expect(await rewritesOf(body("UPDATE t SET c = t.n WHERE c IS NULL;"))).toEqual([true]);
    const define = (update: string) =>
      `CREATE FUNCTION f(a int) RETURNS void LANGUAGE sql AS $$ ${update} $$; SELECT f(1);`;
    expect(await rewritesOf(define("UPDATE t SET c = a WHERE c IS NULL"))).toEqual([false]);
    expect(await rewritesOf(define("UPDATE t SET c = $1 WHERE c IS NULL"))).toEqual([false]);
    expect(await rewritesOf(define("UPDATE t SET c = 2 WHERE c IS NULL"))).toEqual([true]);
  });

  it("knows no table for certain that something unread may have given a key", async () => {
    const define = `CREATE TABLE t (id int);
CREATE FUNCTION f(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN EXECUTE 'ALTER TABLE ' || lower(name || current_user) || ' ADD PRIMARY KEY (id)'; END $$;`;
    const refer = "CREATE TABLE u (id int REFERENCES t (id));";
    const judged = (calls: string) =>
      findingsIn(
        [
          { path: "1.sql", text: define, role: "history" },
          { path: "2.sql", text: calls, role: "history" },
          { path: "3.sql", text: refer },
        ],
        { only: ["impossible-statement"] },
      );
    expect(await judged("SELECT 1;")).toHaveLength(1);
    expect(await judged("SELECT f('t');")).toEqual([]);
    // What is made later is known again.
    expect(await judged("SELECT f('t'); DROP TABLE t; CREATE TABLE t (id int);")).toHaveLength(1);
  });

  it("underlines the call, and shows the statement, of a routine of another file", async () => {
    const sources = [
      {
        path: "1.sql",
        text: "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ UPDATE t SET c = 2 $$;",
        role: "history" as const,
      },
      { path: "2.sql", text: "SELECT 1;\nSELECT f();" },
    ];
    const report = await lintSources(sources, { catalogue: rules, only: ["unbounded-update"] });
    expect(report.diagnostics.map(({ start, end }) => [start.offset, end.offset])).toEqual([[10, 20]]);
    const { statements } = await explainSources(sources, { catalogue: rules });
    expect(statements.map(({ sql }) => sql)).toEqual(["SELECT 1", "SELECT f()", "UPDATE t SET c = 2"]);
  });

  it("forgets what an EXECUTE may have dropped", async () => {
    const impossible = { only: ["impossible-statement"] };
    const table = "CREATE TABLE t (a int, b int); CREATE POLICY p ON t USING (a = 1);";
    const drop = "ALTER TABLE t DROP COLUMN a;";
    expect(await findingsOf(`${table} ${drop}`, impossible)).toHaveLength(1);
    for (const on of ["t", "%I"]) {
      const loop = `DO $$ BEGIN EXECUTE format('DROP POLICY %I ON ${on}', p, o); END $$;`;
      expect(await findingsOf(`${table} ${loop} ${drop}`, impossible)).toEqual([]);
    }
  });

  it("tells of no refusal behind what nobody could read, and which may have cleared the way", async () => {
    const impossible = { only: ["impossible-statement"] };
    const table = "CREATE TABLE t (a int PRIMARY KEY, b int NOT NULL); CREATE VIEW v AS SELECT b FROM t;";
    const drops = ["ALTER TABLE t DROP COLUMN b;", "ALTER TABLE t ADD PRIMARY KEY (b);"];
    for (const drop of drops) {
      expect(await findingsOf(`${table} DO $$ BEGIN ${drop} END $$;`, impossible)).toHaveLength(1);
      expect(await findingsOf(`${table} DO $$ BEGIN EXECUTE s; ${drop} END $$;`, impossible)).toEqual([]);
      expect(await findingsOf(`${table} DO $$ BEGIN EXECUTE s; END $$; ${drop}`, impossible)).toEqual([]);
    }
    const text = `${table} DO $$ BEGIN EXECUTE s; END $$; ${drops[0]}`;
    const { statements } = await explainSources([{ path: "1.sql", text }], { catalogue: rules });
    expect(statements.at(-1)).toMatchObject({ certainty: "depends", fails: { sqlstate: "2BP01" } });
  });

  it("claims nothing of what was named at run time", async () => {
    const create = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;";
    const loop =
      "DO $$ BEGIN EXECUTE format('CREATE TRIGGER %I BEFORE INSERT ON t EXECUTE FUNCTION f()', n); END $$;";
    const sql = `CREATE TABLE t (a int); ${create} ${loop} DROP FUNCTION f();`;
    expect(await findingsOf(sql, { only: ["impossible-statement"] })).toEqual([]);
  });

  it("calls what is named at run time so, in messages and in what they rest on", async () => {
    const check = "ADD CHECK (a > 0)";
    const sql = `DO $$ BEGIN EXECUTE format('ALTER TABLE %I.orders ${check}', s); EXECUTE format('ALTER TABLE s.%I ${check}', t); END $$;`;
    const report = await lintSources([{ path: "a.sql", text: sql }], {
      catalogue: rules,
      only: ["check-without-not-valid"],
    });
    expect(report.diagnostics.map(({ message }) => message)).toEqual([
      "Reads and writes of orders of a schema that is named at run time wait while every row is checked against a CHECK constraint",
      "Reads and writes of a table that is named at run time wait while every row is checked against a CHECK constraint",
    ]);
    expect(JSON.stringify(report.diagnostics)).not.toContain("lockwise_unknown");
  });

  it("calls it by its kind, and the second time it", async () => {
    const sql = "DO $$ BEGIN EXECUTE format('DROP INDEX %I', i); END $$;";
    const report = await lintSources([{ path: "a.sql", text: sql }], {
      catalogue: rules,
      only: ["drop-index-without-concurrently"],
    });
    expect(report.diagnostics.map(({ message, impact }) => [message, impact?.on])).toEqual([
      [
        "Reads and writes of the table of an index that is named at run time wait while it is dropped, and while that waits for older transactions",
        "the table of an index that is named at run time, which takes the ACCESS EXCLUSIVE lock as well",
      ],
    ]);
  });

  it("does not judge a function that is only defined", async () => {
    const sql =
      "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE INDEX i ON t (c); END $$;";
    expect(await findingsOf(sql, only)).toEqual([]);
  });

  it("judges it where the migration calls it: in its body, or at the call if that is elsewhere", async () => {
    const define =
      "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE INDEX i ON t (c); END $$;";
    expect(await findingsOf(`${define}\nSELECT f();`, only)).toEqual(["1:63 index-without-concurrently"]);
    const sources = [
      { path: "1.sql", text: define, role: "history" as const },
      { path: "2.sql", text: "SELECT 1;\nSELECT f();" },
    ];
    expect(await findingsIn(sources, only)).toEqual(["2:1 index-without-concurrently"]);
  });

  it("survives functions that call each other", async () => {
    const sql = `CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM g(); END $$;
CREATE FUNCTION g() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM f(); END $$;
SELECT f();`;
    expect(await findingsOf(sql, only)).toEqual([]);
  });
});
