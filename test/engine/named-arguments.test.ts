import { PGlite } from "@electric-sql/pglite";
import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";

/* What a routine runs is put together from what each of its arguments is called with, wherever that stands. */

const history = `CREATE TABLE t (a int, b int);
CREATE FUNCTION f(target text, columns text DEFAULT 'a', kind text DEFAULT 'btree') RETURNS text LANGUAGE plpgsql AS
  $$ BEGIN EXECUTE format('CREATE INDEX ON %I USING %s (%s)', target, kind, columns);
    RETURN format('CREATE INDEX ON %I USING %s (%s)', target, kind, columns); END $$;
`;

const calls = [
  "f('t')",
  "f('t', 'b')",
  "f('t', kind => 'hash')",
  "f(kind => 'hash', target => 't')",
  "f(columns => 'a, b', target => 't')",
  "f('t', kind := 'hash', columns := 'b')",
  `f(TARGET => 't', "columns" => 'b')`,
];

it("arguments are known by their names", async () => {
  const server = await PGlite.create();
  await server.exec(history);
  for (const call of calls) {
    const { rows } = await server.query<{ sql: string }>(`SELECT ${call} AS sql`);
    const sources = [
      { path: "1.sql", text: history, role: "history" as const },
      { path: "2.sql", text: `SELECT ${call};` },
    ];
    const { statements } = await explainSources(sources, { catalogue: rules });
    const run = statements.map(({ sql }) => sql).filter((sql) => sql.startsWith("CREATE"));
    expect(run, call).toEqual([rows[0]?.sql]);
  }
  await server.close();
});
