import { describe, expect, it } from "vitest";
import type { Schema } from "../../src/analysis/schema.ts";
import { loadParser } from "../../src/parse/load.ts";
import { foldSql } from "./fold-sql.ts";

const parser = await loadParser("postgres");
const fold = (sql: string, before?: Schema) => foldSql(parser, sql, 18, before);
const names = (found: readonly { readonly name: string }[]) => found.map(({ name }) => name);

const made = `
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE SEQUENCE s;
CREATE TABLE late (a int);
CREATE TABLE a (id int DEFAULT f(), n int DEFAULT nextval('s'), CHECK (g(n) > 0));
CREATE INDEX a_f ON a (f(n));
CREATE TABLE app.b (id int);
CREATE TRIGGER t BEFORE INSERT ON app.b FOR EACH ROW EXECUTE FUNCTION f();
CREATE TABLE p (d int) PARTITION BY LIST (d);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE TABLE pd PARTITION OF p DEFAULT;`;

describe("what uses something", () => {
  it("is found by how it uses it, oldest first", () => {
    const schema = fold(made);
    expect(names(schema.usersOf("calls", "f"))).toEqual(["a", "a_f", "b"]);
    expect(names(schema.usersOf("calls", "g"))).toEqual(["a"]);
    expect(names(schema.usersOf("draws from", "s"))).toEqual(["a"]);
    expect(names(schema.usersOf("in", "app"))).toEqual(["b"]);
    const parent = schema.findTable({ schema: null, name: "p" })?.id ?? -1;
    expect(names(schema.usersOf("partition of", parent))).toEqual(["p1", "p2", "pd"]);
    expect(names(schema.usersOf("partition of", parent, 2))).toEqual(["p2", "pd"]);
    expect(names(schema.usersOf("default partition of", parent))).toEqual(["pd"]);
  });

  it("goes with the function that it calls, and the server's own functions do not go", () => {
    const table = "CREATE TABLE t (id int, a int DEFAULT f(), at timestamptz DEFAULT now());";
    const defaults = (sql: string) =>
      fold(sql)
        .findTable({ schema: null, name: "t" })
        ?.columns.map((column) => column.default !== null);
    const made = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';";
    expect(defaults(`${made}${table}DROP FUNCTION f() CASCADE;`)).toEqual([false, false, true]);
    expect(defaults(`${table}DROP FUNCTION IF EXISTS f() CASCADE;`)).toEqual([false, false, true]);
    expect(defaults(`${made}${table}DROP FUNCTION IF EXISTS public.now() CASCADE;`)).toEqual([
      false,
      true,
      true,
    ]);
  });

  it("follows what changes, forward and back", () => {
    const first = fold(made);
    const second = fold(
      "ALTER TABLE a ALTER id DROP DEFAULT; DROP INDEX a_f; ALTER TABLE late ALTER a SET DEFAULT f(); ALTER TABLE app.b SET SCHEMA public;",
      first,
    );
    expect(names(second.usersOf("calls", "f"))).toEqual(["late", "b"]);
    expect(names(second.usersOf("in", "app"))).toEqual([]);
    expect(names(first.usersOf("calls", "f"))).toEqual(["a", "a_f", "b"]);
    expect(names(fold("CREATE TABLE z (a int DEFAULT f());").usersOf("calls", "f"))).toEqual(["z"]);
    expect(names(second.usersOf("calls", "f"))).toEqual(["late", "b"]);
  });

  it("is the same as looking through all of them", () => {
    let schema = fold(made);
    for (let k = 0; k < 60; k++) {
      const sql = k % 3 === 2 ? `DROP TABLE c${k - 2};` : `CREATE TABLE c${k} (x int DEFAULT h${k % 5}());`;
      schema = fold(sql, schema);
      const all = [...schema.relations()].filter(
        (one) =>
          one.kind === "table" &&
          one.columns.some((column) => column.default?.kind === "call" && column.default.name === "h1"),
      );
      expect(names(schema.usersOf("calls", "h1"))).toEqual(names(all));
    }
  });
});

it("keeps a foreign key's table in mind as long as one of its keys is left", () => {
  const keys = Array.from({ length: 6 }, (_, k) => `CONSTRAINT k${k} FOREIGN KEY (a) REFERENCES p`).join(
    ", ",
  );
  let schema = fold(`CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (a int, ${keys});`);
  const parent = schema.findTable({ schema: null, name: "p" })?.id ?? -1;
  for (const k of [2, 0, 5, 3, 1]) {
    schema = fold(`ALTER TABLE c DROP CONSTRAINT k${k};`, schema);
    expect(names(schema.referencingTables(parent))).toEqual(["c"]);
  }
  expect(names(fold("ALTER TABLE c DROP CONSTRAINT k4;", schema).referencingTables(parent))).toEqual([]);
});

it("keeps a type's table in mind as long as one of its columns is left", () => {
  let schema = fold("CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a e, b int, c e, d e);");
  const type = schema.findType({ schema: null, name: "e" })?.id ?? -1;
  for (const column of ["c", "a"]) {
    schema = fold(`ALTER TABLE t DROP COLUMN ${column};`, schema);
    expect(names(schema.tablesUsingType(type))).toEqual(["t"]);
  }
  expect(names(fold("ALTER TABLE t DROP COLUMN d;", schema).tablesUsingType(type))).toEqual([]);
});
