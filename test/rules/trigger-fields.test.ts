import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";

/* A column goes that the function of a trigger names in NEW: the server lets it, and every write fails from then on. */

let db: PGlite;
beforeAll(async () => {
  db = await PGlite.create();
});
afterAll(() => db.close());

const noteBy = (field: string) =>
  `CREATE OR REPLACE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN INSERT INTO log VALUES (${field}); RETURN NEW; END $$;`;
const history = `CREATE TABLE log (what text);
CREATE TABLE orders (id int PRIMARY KEY, status text, state text, total int);
${noteBy("NEW.status")}
CREATE TRIGGER note BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION note();`;

/** Whether the migration runs, and a write behind it fails. */
async function breaksWrites(migration: string): Promise<boolean> {
  await db.exec(`DROP TABLE IF EXISTS log, orders CASCADE; DROP FUNCTION IF EXISTS note; ${history}`);
  await db.exec("INSERT INTO orders VALUES (1)");
  await db.exec(migration);
  return db.exec("INSERT INTO orders VALUES (2)").then(
    () => false,
    (error: { code?: string }) => error.code === "42703",
  );
}

async function isTold(migration: string): Promise<boolean> {
  const sources = [
    { path: "1.sql", text: history, role: "history" as const },
    { path: "2.sql", text: migration },
  ];
  const report = await lintSources(sources, { catalogue: rules, only: ["drop-column", "rename-column"] });
  return report.diagnostics.some(({ message }) =>
    message.startsWith("Inserts and updates of orders fail once status is"),
  );
}

describe("a column that a trigger's function names", () => {
  it.each([
    ["dropped", "ALTER TABLE orders DROP COLUMN status;"],
    ["renamed", "ALTER TABLE orders RENAME COLUMN status TO stand;"],
    [
      "renamed before the function is replaced by the same",
      `ALTER TABLE orders RENAME COLUMN status TO stand; ${noteBy("NEW.status")}`,
    ],
  ])("breaks each write once it is %s", async (_, migration) => {
    expect(await breaksWrites(migration)).toBe(true);
    expect(await isTold(migration)).toBe(true);
  });

  it.each([
    ["the function is replaced before", `${noteBy("NEW.state")} ALTER TABLE orders DROP COLUMN status;`],
    [
      "the function is replaced behind it",
      `ALTER TABLE orders RENAME COLUMN status TO stand; ${noteBy("NEW.stand")}`,
    ],
    ["the trigger goes", "DROP TRIGGER note ON orders; ALTER TABLE orders DROP COLUMN status;"],
    ["the trigger is off", "ALTER TABLE orders DISABLE TRIGGER note; ALTER TABLE orders DROP COLUMN status;"],
    [
      "another takes its name",
      "ALTER TABLE orders RENAME status TO old; ALTER TABLE orders RENAME state TO status;",
    ],
    ["it is another column", "ALTER TABLE orders DROP COLUMN total;"],
    [
      "its name stands in a string or a comment",
      `${noteBy("'NEW.status' /* NEW.status */")} ALTER TABLE orders DROP COLUMN status;`,
    ],
  ])("breaks none where %s", async (_, migration) => {
    expect(await breaksWrites(migration)).toBe(false);
    expect(await isTold(migration)).toBe(false);
  });
});
