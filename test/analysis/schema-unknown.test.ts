import { describe, expect, it } from "vitest";
import { emptySchema } from "../../src/analysis/schema.ts";
import { replay } from "./schema-replay.ts";

const at = (name: string, schema: string | null = null) => ({ schema, name });

describe("relations that the history did not create", () => {
  it("are assumed, with what statements tell of them", async () => {
    const schema = await replay(`
      ALTER TABLE users ADD CONSTRAINT age_there CHECK (age IS NOT NULL) NOT VALID;
      ALTER TABLE users VALIDATE CONSTRAINT age_there;
      ALTER TABLE users ALTER COLUMN age SET NOT NULL, ADD COLUMN extra int;
      CREATE INDEX ON users (email);`);
    const users = schema.findTable(at("users"));
    expect(schema.isComplete).toBe(false);
    expect(users).toMatchObject({ origin: null, isComplete: false, isCertainlyNew: false });
    expect(users?.columns.map((column) => [column.name, column.notNull, column.origin !== null])).toEqual([
      ["age", "valid", false],
      ["extra", "no", true],
      ["email", "unknown", false],
    ]);
    expect(users?.constraints[0]).toMatchObject({ name: "age_there", validated: true });
    expect(schema.indexesOf(users?.id ?? 0).map((index) => index.name)).toEqual(["users_email_idx"]);
  });

  it("are seen as referenced", async () => {
    const schema = await replay("CREATE TABLE orders (id int, user_id int REFERENCES users (id));");
    const users = schema.findTable(at("users"));
    expect(schema.referencingTables(users?.id ?? 0).map((table) => table.name)).toEqual(["orders"]);
    expect(users?.columns.map((column) => column.name)).toEqual(["id"]);
    expect(schema.isComplete).toBe(false);
  });

  it("make a history incomplete when data statements name them, and no more", async () => {
    const schema = await replay("INSERT INTO users VALUES (1)");
    expect(schema.isComplete).toBe(false);
    expect([...schema.relations()]).toEqual([]);
  });

  it.each([
    "SELECT 1",
    "ALTER TABLE IF EXISTS nothing ADD COLUMN a int",
    "SET lock_timeout = '1s'",
    "DELETE FROM pg_catalog.pg_depend",
    "GRANT SELECT ON nothing TO someone",
  ])("do not come from %s", async (sql) => {
    const schema = emptySchema();
    expect(await replay(sql, {}, schema)).toBe(schema);
  });

  it("do not come from DROP TABLE IF EXISTS nothing, which only says that it is gone", async () => {
    const schema = await replay("DROP TABLE IF EXISTS nothing");
    expect(schema.isEmpty).toBe(true);
    expect(schema.findGone("relation", at("nothing"))?.became).toBeNull();
  });

  it("are partitioned when partitions are made of them", async () => {
    const schema = await replay("CREATE TABLE p PARTITION OF events FOR VALUES IN (1)");
    const events = schema.findTable(at("events"));
    expect(events?.partitionBy?.strategy).toBe("list");
    expect(schema.partitionsOf(events?.id ?? 0).map((table) => table.name)).toEqual(["p"]);
    expect(schema.findTable(at("p"))?.isComplete).toBe(false);
  });

  it("may be older than CREATE TABLE IF NOT EXISTS", async () => {
    const schema = await replay("CREATE TABLE IF NOT EXISTS t (id int); CREATE TABLE u (id int)");
    expect(schema.findTable(at("t"))?.isCertainlyNew).toBe(false);
    expect(schema.findTable(at("u"))?.isCertainlyNew).toBe(true);
    expect(schema.isComplete).toBe(true);
  });

  it("leave the columns of a view open", async () => {
    const schema = await replay("CREATE VIEW v AS SELECT * FROM users; CREATE VIEW w AS SELECT id FROM v");
    expect(schema.findView(at("v"))).toMatchObject({
      reads: [{ id: null, name: "users" }],
      outputs: null,
    });
    expect(schema.viewsOf(schema.findView(at("v"))?.id ?? 0).map((view) => view.name)).toEqual(["w"]);
  });

  it("cannot be told apart in a view of two half-known tables", async () => {
    const schema = await replay(`
      ALTER TABLE a ADD COLUMN x int; ALTER TABLE b ADD COLUMN y int;
      CREATE VIEW sure AS SELECT a.z, y FROM a, b WHERE x > 0;
      CREATE VIEW unsure AS SELECT z FROM a, b;`);
    const ids = ["a", "b"].map((name) => schema.findTable(at(name))?.id);
    expect(schema.findView(at("sure"))?.columns).toEqual([
      { table: ids[0], column: "z" },
      { table: ids[1], column: "y" },
      { table: ids[0], column: "x" },
    ]);
    expect(schema.findView(at("unsure"))?.columns).toBeNull();
  });
});

describe("a broken history", () => {
  it("believes the newest CREATE TABLE, and keeps who points at it", async () => {
    const schema = await replay(`
      CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX i ON t (a);
      CREATE TABLE u (t_id int REFERENCES t);
      CREATE TABLE t (id int PRIMARY KEY, b int);`);
    const t = schema.findTable(at("t"));
    expect(t?.columns.map((column) => column.name)).toEqual(["id", "b"]);
    expect(schema.indexesOf(t?.id ?? 0).map((index) => index.name)).toEqual(["t_pkey"]);
    expect(schema.referencingTables(t?.id ?? 0).map((table) => table.name)).toEqual(["u"]);
  });

  it("believes the newest CREATE INDEX", async () => {
    const schema = await replay(
      "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a); CREATE INDEX i ON t (b);",
    );
    expect(schema.findIndex(at("i"))?.keys).toEqual(["b"]);
    expect(schema.indexesOf(schema.findTable(at("t"))?.id ?? 0)).toHaveLength(1);
  });

  it("survives circles", async () => {
    const schema = await replay(`
      CREATE TABLE a (id int) PARTITION BY LIST (id); CREATE TABLE b (id int) PARTITION BY LIST (id);
      ALTER TABLE a ATTACH PARTITION b FOR VALUES IN (1); ALTER TABLE b ATTACH PARTITION a FOR VALUES IN (1);
      CREATE INDEX ON a (id); ALTER TABLE a ADD COLUMN x int; ALTER TABLE a ATTACH PARTITION a DEFAULT;
      CREATE TABLE c (); ALTER TABLE c INHERIT c; ALTER TABLE c ADD COLUMN y int;
      CREATE VIEW v AS SELECT * FROM v; CREATE VIEW w AS SELECT * FROM w; DROP VIEW w;`);
    expect(schema.findTable(at("b"))?.columns.map((column) => column.name)).toEqual(["id", "x"]);
    expect(schema.findTable(at("c"))?.columns.map((column) => column.name)).toEqual(["y"]);
  });
});

describe("versions", () => {
  it("have NOT NULL as a constraint from 18 on", async () => {
    const sql = "CREATE TABLE t (a int NOT NULL, id int PRIMARY KEY)";
    const names = async (version: number) =>
      (await replay(sql, { version })).findTable(at("t"))?.constraints.map((constraint) => constraint.name);
    expect(await names(17)).toEqual(["t_pkey"]);
    expect(await names(18)).toEqual(["t_a_not_null", "t_id_not_null", "t_pkey"]);
  });

  it("know a NOT NULL that is not valid yet", async () => {
    const schema = await replay(
      "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID;",
    );
    expect(schema.findTable(at("t"))?.columns[0]?.notNull).toBe("not valid");
    const valid = await replay("ALTER TABLE t VALIDATE CONSTRAINT n", {}, schema);
    expect(valid.findTable(at("t"))?.columns[0]?.notNull).toBe("valid");
  });
});
