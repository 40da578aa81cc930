import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";

/* A regclass comes out as the server spells the name of its relation, not as somebody wrote it. */

const history = `CREATE SCHEMA s;
CREATE TABLE orders (a int); CREATE TABLE "Up" (a int); CREATE TABLE s.t (a int); CREATE TABLE s.orders (a int);
CREATE FUNCTION f(x regclass, y text DEFAULT 'b') RETURNS text LANGUAGE plpgsql AS
  $$ BEGIN EXECUTE format('SELECT %L AS %I FROM %s', x, x, x); RETURN format('SELECT %L AS %I FROM %s', x, x, x); END $$;
CREATE FUNCTION outer_f(name regclass) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN f(name); END $$;
`;

let server: PGlite;
beforeAll(async () => {
  server = await PGlite.create();
  await server.exec(history);
});
afterAll(() => server.close());

function explain(text: string) {
  const sources = [
    { path: "1.sql", text: history, role: "history" as const },
    { path: "2.sql", text },
  ];
  return explainSources(sources, { catalogue: rules });
}

async function runIn(call: string): Promise<string[]> {
  const { statements } = await explain(call);
  return statements.map(({ sql }) => sql).filter((sql) => /^SELECT \S+ AS /.test(sql));
}

const written = [
  "orders",
  "Orders",
  "public.orders",
  "PUBLIC.Orders",
  "s.t",
  '"Up"',
  'public."Up"',
  "s.orders",
];

describe("a value of regclass", () => {
  it.each(written.flatMap((name) => [`f('${name}')`, `outer_f('${name}')`]))(
    "is spelt by the server: %s",
    async (call) => {
      const { rows } = await server.query<{ sql: string }>(`SELECT ${call} AS sql`);
      expect(await runIn(`SELECT ${call};`)).toEqual([rows[0]?.sql]);
    },
  );

  it("of a variable is a name that nobody knows where it is quoted once more", async () => {
    const locksOf = async (name: string, type: string) => {
      const text = `DO $$ DECLARE x regclass := '${name}'; BEGIN EXECUTE format('LOCK TABLE %${type}', x); END $$;`;
      const [outer] = (await explain(text)).statements;
      return outer?.locks.map(({ relation }) => relation);
    };
    expect(await locksOf("orders", "I")).toEqual(["public.orders"]);
    expect(await locksOf("public.orders", "s")).toEqual(["public.orders"]);
    expect((await locksOf("public.orders", "I"))?.join()).not.toContain("public.orders");
  });
});
