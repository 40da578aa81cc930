import { describe, expect, it } from "vitest";
import { emptySchema, withSearchPath } from "../../src/analysis/schema.ts";
import { replay } from "./schema-replay.ts";

const at = (name: string, schema: string | null = null) => ({ schema, name });

describe("a schema", () => {
  it("is the same object where nothing changed", async () => {
    const schema = await replay("CREATE TABLE t (id int PRIMARY KEY)");
    const same =
      "INSERT INTO t VALUES (1); CREATE TABLE IF NOT EXISTS t (a int); VACUUM t; SELECT * FROM t; COMMENT ON TABLE t IS 'x'";
    expect(await replay(same, {}, schema)).toBe(schema);
  });

  it("stays as it was when a later one is made from it", async () => {
    const before = await replay("CREATE TABLE t (id int); CREATE INDEX i ON t (id);");
    const after = await replay("ALTER TABLE t RENAME TO u; DROP INDEX i; CREATE TABLE w ();", {}, before);
    expect(before.findTable(at("t"))?.name).toBe("t");
    expect(before.findIndex(at("i"))).toBeDefined();
    expect(before.findTable(at("w"))).toBeUndefined();
    expect(after.findTable(at("t"))).toBeUndefined();
    expect(after.findTable(at("u"))?.id).toBe(before.findTable(at("t"))?.id);
    expect(after.indexesOf(after.findTable(at("u"))?.id ?? 0)).toEqual([]);
  });

  it("looks names up through the search path", async () => {
    const schema = await replay("CREATE TABLE app.t (); CREATE TABLE t (); CREATE TABLE app.only ();");
    expect(schema.findTable(at("t"))?.schema).toBe("public");
    expect(schema.findTable(at("only"))).toBeUndefined();
    const inApp = withSearchPath(schema, ["app", "public"]);
    expect(inApp.findTable(at("t"))?.schema).toBe("app");
    expect(inApp.findTable(at("t", "public"))?.schema).toBe("public");
    const made = await replay(
      "CREATE TABLE x (); CREATE TYPE e AS ENUM ()",
      { searchPath: ["$user", "app"] },
      schema,
    );
    expect(made.findTable(at("x", "app"))).toBeDefined();
    expect(made.findType(at("e", "app"))).toBeDefined();
  });

  it("takes a table with a rule for SELECT for the view that it becomes", async () => {
    const schema = await replay(
      'CREATE TABLE base (a int); CREATE TABLE v (a int, t text); CREATE RULE "_RETURN" AS ON SELECT TO v DO INSTEAD SELECT a, t FROM (SELECT base.a, 1 AS t FROM base) x;',
    );
    expect(schema.findTable(at("v"))).toBeUndefined();
    expect(schema.findRelation(at("v"))).toMatchObject({ kind: "view", outputs: ["a", "t"] });
    expect(schema.viewsOf(schema.findTable(at("base"))?.id ?? 0)).toHaveLength(1);
  });

  it.each([
    ["a NATURAL JOIN b", ["k", "n", "x", "y"], ["a.k", "a.n", "a.x", "b.k", "b.n", "b.y"]],
    ["a JOIN b USING (n)", ["n", "k", "x", "k", "y"], ["a.k", "a.n", "a.x", "b.k", "b.n", "b.y"]],
    ["(a NATURAL JOIN b) j", ["k", "n", "x", "y"], ["a.k", "a.n", "a.x", "b.k", "b.n", "b.y"]],
    ["(a JOIN b USING (k) JOIN c USING (k)) j", ["k", "n", "x", "n", "y", "z"], null],
    ["(a CROSS JOIN c) AS j(p, q)", ["p", "q", "x", "k", "z"], ["a.k", "a.n", "a.x", "c.k", "c.z"]],
    ["a CROSS JOIN c", ["k", "n", "x", "k", "z"], ["a.k", "a.n", "a.x", "c.k", "c.z"]],
    ["a NATURAL JOIN unknown", null, null],
    ["unknown NATURAL JOIN a", null, null],
    ["(unknown NATURAL JOIN a) j", null, null],
  ])("knows what a star over %s gives, and what it reads", async (from, outputs, reads) => {
    const tables =
      "CREATE TABLE a (k int, n int, x int); CREATE TABLE b (k int, n int, y int); CREATE TABLE c (k int, z int);";
    const schema = await replay(`${tables} CREATE VIEW v AS SELECT * FROM ${from};`);
    const view = schema.findRelation(at("v"));
    expect(view).toMatchObject({ kind: "view", outputs });
    const named = view?.kind === "view" ? view.columns : undefined;
    const nameOf = (id: number) => schema.tableById(id)?.name;
    if (reads !== null)
      expect(named?.map(({ table, column }) => `${nameOf(table)}.${column}`).sort()).toEqual(reads);
  });

  it("notes of a named join what is read of it alone", async () => {
    const schema = await replay(
      "CREATE TABLE a (k int, x int); CREATE TABLE c (k int, z int); CREATE VIEW v AS SELECT j.q, j.z FROM (a CROSS JOIN c) AS j(p, q);",
    );
    const view = schema.findRelation(at("v"));
    expect(view).toMatchObject({ outputs: ["q", "z"] });
    const columns = view?.kind === "view" ? view.columns : null;
    expect(columns?.map(({ column }) => column)).toEqual(["x", "z"]);
  });

  it("puts temporary tables before the path", async () => {
    const schema = await replay("CREATE TABLE t (a int); CREATE TEMP TABLE t (b int);");
    expect(schema.findTable(at("t"))).toMatchObject({ schema: "pg_temp", persistence: "temporary" });
    expect(schema.findTable(at("t", "public"))?.columns[0]?.name).toBe("a");
  });

  it("keeps origins", async () => {
    const origin = (unit: number) => ({ origin: { unit, transaction: unit, release: unit } });
    let schema = await replay("CREATE TABLE t (a int); CREATE TYPE e AS ENUM ('x')", origin(1));
    schema = await replay(
      "ALTER TABLE t ADD COLUMN b int, ADD CHECK (b > 0); ALTER TYPE e ADD VALUE 'y'",
      origin(2),
      schema,
    );
    const t = schema.findTable(at("t"));
    expect(t?.origin?.unit).toBe(1);
    expect(t?.columns.map((column) => column.origin?.unit)).toEqual([1, 2]);
    expect(t?.constraints[0]?.origin?.unit).toBe(2);
    expect(schema.findType(at("e"))?.labels.map((label) => [label.name, label.origin?.unit])).toEqual([
      ["x", undefined],
      ["y", 2],
    ]);
  });

  it("finds the tables that use a type, by arrays and domains too", async () => {
    const schema = await replay(`
      CREATE TYPE e AS ENUM ('x'); CREATE DOMAIN d AS e; CREATE DOMAIN dd AS d;
      CREATE TABLE a (c e); CREATE TABLE b (c e[]); CREATE TABLE c (c dd); CREATE TABLE other (c int);`);
    const users = schema.tablesUsingType(schema.findType(at("e"))?.id ?? 0);
    expect(users.map((table) => table.name)).toEqual(["a", "b", "c"]);
    const later = await replay("ALTER TYPE e RENAME TO f; ALTER TABLE a DROP COLUMN c;", {}, schema);
    expect(later.tablesUsingType(later.findType(at("f"))?.id ?? 0).map((table) => table.name)).toEqual([
      "b",
      "c",
    ]);
  });

  it("remembers functions with their bodies", async () => {
    const schema = await replay(`
      CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS $x$ SELECT a $x$;
      CREATE FUNCTION f(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT ''q''::int';
      CREATE OR REPLACE FUNCTION f(b int) RETURNS int LANGUAGE sql STABLE AS $$ SELECT 2 $$;
      CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN END $$;
      ALTER FUNCTION p RENAME TO q;`);
    expect(schema.findFunctions(at("f")).map((own) => [own.argumentCount, own.volatility, own.body])).toEqual(
      [
        [2, "volatile", "SELECT 'q'::int"],
        [1, "stable", " SELECT 2 "],
      ],
    );
    expect(schema.findFunctions(at("q"))[0]?.kind).toBe("procedure");
    expect(schema.findFunctions(at("p"))).toEqual([]);
  });

  it("gives relations in the order in which they came", async () => {
    const schema = await replay("CREATE TABLE b (); CREATE TABLE a (); CREATE SEQUENCE c;");
    expect([...schema.relations()].map((relation) => relation.name)).toEqual(["b", "a", "c"]);
    expect([...emptySchema().relations()]).toEqual([]);
  });

  it("attaches a CHECK when a partition was detached concurrently", async () => {
    const schema = await replay(`
      CREATE TABLE p (id int, at date NOT NULL) PARTITION BY RANGE (at);
      CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
      ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;`);
    expect(schema.findTable(at("p1"))?.partitionOf).toBeNull();
    expect(schema.findTable(at("p1"))?.constraints.find((own) => own.kind === "check")?.name).toBe(
      "p1_at_check",
    );
  });

  it("calls the columns of a query as the server does", async () => {
    const schema = await replay(`CREATE TABLE t (id int, a text);
      CREATE VIEW v AS SELECT CASE WHEN id > 1 THEN 1 ELSE id END, (SELECT max(id) FROM t), EXISTS (SELECT 1), ARRAY(SELECT 1),
        (SELECT a AS inside FROM t), coalesce(a, 'x'), 'x'::text, CASE WHEN true THEN a ELSE upper(a) END FROM t;`);
    const names = ["id", "max", "exists", "array", "inside", "coalesce", "text", "upper"];
    expect(schema.findView(at("v"))?.outputs).toEqual(names);
  });

  it("reads the columns of policies in their subqueries", async () => {
    const schema = await replay(`
      CREATE TABLE t (id int, org int); CREATE TABLE m (org int, who text);
      CREATE POLICY p ON t USING (EXISTS (SELECT 1 FROM m WHERE m.org = t.org AND who = current_user));`);
    expect(schema.findTable(at("t"))?.policies).toMatchObject([{ name: "p", columns: ["org"] }]);
  });
});
