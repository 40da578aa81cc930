import { PGlite } from "@electric-sql/pglite";
import { expect, it } from "vitest";
import { findingsOf } from "../engine/lint-sql.ts";

const setup = "CREATE TYPE state AS ENUM ('new', 'done'); CREATE TABLE t (id int); INSERT INTO t VALUES (1);";

it.each([
  ["state('new')", false],
  ["state(lower('NEW'))", false],
  ["state(CASE WHEN random() < 2 THEN 'new' ELSE 'done' END)", true],
])("DEFAULT %s: a type called like a function is a cast, as the server has it", async (value, rewrites) => {
  const alter = `ALTER TABLE t ADD COLUMN s state DEFAULT ${value};`;
  const server = new PGlite();
  const file = async () => (await server.query("SELECT pg_relation_filenode('t') AS node")).rows[0];
  await server.exec(setup);
  const before = await file();
  await server.exec(alter);
  const after = await file();
  await server.close();
  expect(JSON.stringify(before) !== JSON.stringify(after)).toBe(rewrites);
  const sources = { only: ["volatile-default"] };
  expect(await findingsOf(`CREATE TYPE state AS ENUM ('new', 'done'); ${alter}`, sources)).toHaveLength(
    rewrites ? 1 : 0,
  );
});
