import { PGlite } from "@electric-sql/pglite";
import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";

const types = (
  "bool int2 int4 int8 float4 float8 numeric money text varchar bpchar name date time timetz timestamp timestamptz interval " +
  "inet cidr macaddr macaddr8 bit varbit oid regclass regproc regtype bytea uuid json jsonb xml point box polygon circle lseg " +
  "path tsvector tsquery int4range int8range numrange tsrange tstzrange daterange"
).split(" ");
const methods = ["btree", "hash", "gin", "gist", "spgist", "brin"];

/** Each type with each method, a statement a line. */
const indexes = types.flatMap((type) =>
  methods.map((method) => `CREATE INDEX ON ${type}_values USING ${method} (a);`),
);

async function refusedByServer(tables: string): Promise<string[]> {
  const database = await PGlite.create();
  await database.exec(tables);
  const refused: string[] = [];
  for (const sql of indexes)
    await database.exec(sql).catch((error) => {
      expect(error.code, sql).toBe("42704");
      refused.push(sql);
    });
  await database.close();
  return refused;
}

it("refuses indexes over types that the method has no default operator class for, as the server does", async () => {
  const tables = types.map((type) => `CREATE TABLE ${type}_values (a ${type});`).join(" ");
  const text = [tables, ...indexes].join("\n");
  const options = { catalogue: rules, only: ["impossible-statement"], postgresVersion: 18 };
  const { diagnostics, complaints } = await lintSources([{ path: "1.sql", text }], options);
  expect(complaints).toEqual([]);
  const refused = new Set(diagnostics.map(({ start }) => indexes[start.line - 2]));
  expect([...refused]).toEqual(await refusedByServer(tables));
  // Extensions of the server's own distribution may help: that is no certainty.
  const lineOf = (sql: string) => indexes.indexOf(sql) + 2;
  const told = diagnostics.filter(
    ({ start }) => start.line === lineOf("CREATE INDEX ON text_values USING gin (a);"),
  );
  expect(told.map(({ severity, message }) => [severity, message])).toEqual([
    [
      "warning",
      "PostgreSQL may refuse this: the type text has no default operator class for an index of method gin; it depends on whether the extension btree_gin is there",
    ],
  ]);
});
