/** Who has rights on single columns, as the fold has it and as the server has it after the same statements. */
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadParser } from "../../src/parse/load.ts";
import type { Parser } from "../../src/parse/parser.ts";
import { CLEAN } from "../fix/catalogue.ts";
import { foldSql } from "./fold-sql.ts";

const setup = `CREATE TABLE t (a integer, b integer, "C c" integer); CREATE TABLE u (a integer); GRANT SELECT (a), UPDATE (a, b, "C c") ON t TO x, "Y y";`;

const scripts = [
  "REVOKE SELECT (a) ON t FROM x;",
  'REVOKE SELECT (a), UPDATE (a) ON t FROM x, "Y y";',
  "REVOKE SELECT ON t FROM x; REVOKE UPDATE ON TABLE t FROM x CASCADE;",
  'REVOKE ALL ON t FROM x, "Y y";',
  'REVOKE ALL PRIVILEGES ("C c", b) ON t FROM x, "Y y";',
  'REVOKE GRANT OPTION FOR UPDATE (b) ON t FROM x, "Y y";',
  'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM GROUP x, "Y y";',
  "GRANT ALL PRIVILEGES (a) ON TABLE t, u TO x WITH GRANT OPTION; REVOKE INSERT, REFERENCES, SELECT (a) ON u FROM x;",
  'GRANT SELECT ON t TO x; REVOKE UPDATE ON t FROM x, "Y y"; REVOKE SELECT ON t FROM "Y y";',
  "GRANT SELECT (a) ON u TO PUBLIC; REVOKE SELECT ON u FROM x;",
  "GRANT SELECT (a) ON u TO PUBLIC; REVOKE SELECT ON u FROM PUBLIC;",
];

let server: PGlite;
let parser: Parser;

beforeAll(async () => {
  server = await PGlite.create();
  await server.exec('CREATE ROLE x; CREATE ROLE "Y y";');
  parser = await loadParser("postgres");
});

afterAll(() => server.close());

it.each(scripts)("%s", async (script) => {
  await server.exec(CLEAN);
  await server.exec(setup + script);
  const { rows } = await server.query<{ line: string }>(
    `SELECT format('%s.%s: %s %s', attrelid::regclass, attname, lower(privilege_type), coalesce(rolname, 'public')) AS line
     FROM pg_attribute, aclexplode(attacl) LEFT JOIN pg_roles r ON r.oid = grantee
     WHERE attrelid IN ('t'::regclass, 'u'::regclass) AND attnum > 0`,
  );
  const schema = foldSql(parser, setup + script);
  const folded = ["t", "u"].flatMap((name) => {
    const columns = schema.findTable({ schema: null, name })?.columns ?? [];
    return columns.flatMap(({ name: own, rights = [] }) => rights.map((right) => `${name}.${own}: ${right}`));
  });
  expect(folded.sort()).toEqual(rows.map(({ line }) => line).sort());
});
