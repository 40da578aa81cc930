import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { lint } from "../../src/index.ts";

/* CREATE FUNCTION is refused where its body is no SQL, called or not: the server is asked, and the rule has to say the same. */

let db: PGlite;
beforeAll(async () => {
  db = await PGlite.create();
});
afterAll(() => db.close());

const plpgsql = (name: string, body: string) =>
  `CREATE OR REPLACE FUNCTION ${name}(a int) RETURNS SETOF int LANGUAGE plpgsql AS $$${body}$$`;

const routines = [
  plpgsql("f1", "BEGIN selec 1; END"),
  plpgsql("f2", "BEGIN RETURN QUERY SELECT id FORM nowhere x y; END"),
  plpgsql("f3", "BEGIN PERFORM nothing FROM nowhere; END"),
  plpgsql("f4", "BEGIN EXECUTE 'selec 1'; END"),
  plpgsql(
    "f5",
    "DECLARE n int; BEGIN SELECT count(*) INTO n FROM nowhere; UPDATE t SET a = n WHERE b = a LIMIT 1; END",
  ),
  plpgsql(
    "f6",
    "DECLARE r record; BEGIN FOR r IN SELECT * FROM t LOOP DELETE FROM t WHERE id = r.id; END LOOP; END",
  ),
  plpgsql("f7", "BEGIN IF a > 1 THEN ALTER TABLE t ADD COLUMN IF NOT EXIST b int; END IF; END"),
  plpgsql("f8", "BEGIN NULL; EXCEPTION WHEN OTHERS THEN DROP TABEL t; END"),
  "CREATE FUNCTION g1() RETURNS int LANGUAGE sql AS 'SELECT 1 +'",
  "CREATE FUNCTION g2() RETURNS int LANGUAGE sql AS 'SELECT 1'",
  "CREATE PROCEDURE p1() LANGUAGE plpgsql AS $$BEGIN COMMIT; TRUNCATE TABEL t; END$$",
];

it.each(routines)("%s", async (sql) => {
  const refused = await db.query(sql).then(
    () => false,
    (error: { code: string }) => error.code === "42601",
  );
  const told = async (text: string) =>
    (await lint([{ path: "a.sql", text }], {})).diagnostics.some(({ rule }) => rule === "syntax-error");
  expect(await told(`${sql};`)).toBe(refused);
  expect(await told(`SET check_function_bodies = off; ${sql};`)).toBe(false);
});

it("says it once of a body that is called as well", async () => {
  const text = `${routines[0]}; SELECT f1(1); SELECT f1(2);`;
  const { diagnostics } = await lint([{ path: "a.sql", text }], {});
  expect(diagnostics.filter(({ rule }) => rule === "syntax-error")).toHaveLength(1);
});
