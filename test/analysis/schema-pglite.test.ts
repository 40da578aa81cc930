import { PGlite } from "@electric-sql/pglite";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Inventory, readCatalogue, recorded } from "./schema-catalogue.ts";
import { takeInventory } from "./schema-inventory.ts";
import { replay } from "./schema-replay.ts";
import { scripts } from "./schema-scripts.ts";

describe("the folded schema is what PostgreSQL's catalogues say", () => {
  let database: PGlite;
  const measured: Record<string, Inventory> = {};

  beforeAll(async () => {
    database = await PGlite.create();
  }, 60_000);

  afterEach(() => dropAll(database));

  afterAll(async () => {
    await database.close();
  });

  it.each(Object.entries(scripts))(
    "%s",
    async (title, sql) => {
      await database.exec(sql);
      const expected = await readCatalogue(database);
      measured[title] = expected;
      const schema = await replay(sql);
      expect(takeInventory(schema)).toEqual(expected);
      expect(schema.isComplete).toBe(true);
    },
    30_000,
  );

  it("which are on record", async () => {
    await expect(`${JSON.stringify(measured, null, 1)}\n`).toMatchFileSnapshot(recorded);
  });
});

/** Leaves nothing of a script behind. */
async function dropAll(database: PGlite): Promise<void> {
  const { rows } = await database.query<{ name: string }>(
    "SELECT nspname AS name FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'",
  );
  for (const { name } of rows) await database.exec(`DROP SCHEMA "${name}" CASCADE`);
  await database.exec("DISCARD ALL");
  await database.exec("CREATE SCHEMA public");
}
