import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { explain } from "../../src/index.ts";

/* LOCK TABLE and savepoints need a transaction block: the server is asked, and explain has to say the same. */

let db: PGlite;
beforeAll(async () => {
  db = await PGlite.create();
  await db.exec("CREATE TABLE orders (id bigint)");
});
afterAll(() => db.close());

const statements = [
  "LOCK TABLE orders",
  "LOCK TABLE orders IN ACCESS SHARE MODE",
  "SAVEPOINT a",
  "RELEASE SAVEPOINT a",
  "ROLLBACK TO a",
  "DO $$ BEGIN LOCK TABLE orders; END $$",
  "SET LOCAL lock_timeout = '1s'",
  "SELECT 1 FOR UPDATE",
];

it.each(statements)("%s", async (sql) => {
  const refused = await db.query(sql).then(
    () => null,
    (error: { code: string }) => error.code,
  );
  const { statements } = await explain([{ path: "a.sql", text: `${sql};` }], { runner: "psql" });
  expect(statements.at(-1)?.fails?.sqlstate ?? null).toBe(refused);
});
