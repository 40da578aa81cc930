import { PGlite } from "@electric-sql/pglite";
import { expect, it } from "vitest";

// What concurrent-build-under-timeout, invalid-index-hidden and plans say of an index that a failed build leaves.
it("a concurrent build that fails early leaves an index that nothing maintains and that enforces nothing", async () => {
  const db = await PGlite.create();
  try {
    await db.exec("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1)");
    const build = db.exec("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)");
    await expect(build).rejects.toMatchObject({ code: "23505" });
    const state = "SELECT indisvalid, indisready FROM pg_index WHERE indexrelid = 'i'::regclass";
    const left = { indisvalid: false, indisready: false };
    expect((await db.query(state)).rows).toEqual([left]);
    await db.exec("INSERT INTO t VALUES (1)");
    await db.exec("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)");
    expect((await db.query(state)).rows).toEqual([left]);
  } finally {
    await db.close();
  }
});
