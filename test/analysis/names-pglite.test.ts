import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { citext } from "@electric-sql/pglite/contrib/citext";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { explain } from "../../src/index.ts";
import { splitStatements } from "../../src/sql/split.ts";

/*
 * What bears which name after a history of statements: each line of names/*.txt runs on a server up to the first statement that
 * it refuses, and explain has to say the same of every one of them.
 */

let db: PGlite;
beforeAll(async () => {
  db = await PGlite.create({ extensions: { citext, pg_trgm } });
}, 120_000);
afterAll(() => db.close());

const linesOf = (name: string): readonly string[] =>
  readFileSync(join(import.meta.dirname, "names", `${name}.txt`), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));

describe.each(["gone", "taken"])("names that are %s", (name) => {
  afterEach(() => dropAll(db));

  it.each(linesOf(name))(
    "%s",
    async (text) => {
      const measured = await run(text);
      const { statements } = await explain([{ path: "a.sql", text }], {
        postgresVersion: 18,
        runner: "psql",
      });
      const own = statements.filter(({ within }) => within === undefined);
      const foreseen = own.map(({ fails }) => fails?.sqlstate ?? "ok");
      expect(foreseen.slice(0, measured.length)).toEqual(measured);
    },
    30_000,
  );
});

/** The codes of the statements, up to the first that is refused. */
async function run(text: string): Promise<readonly string[]> {
  const codes: string[] = [];
  for (const { start, end } of splitStatements(text).statements) {
    const code = await db.exec(text.slice(start, end)).then(
      () => "ok",
      (error: { code: string }) => error.code,
    );
    codes.push(code);
    if (code !== "ok") break;
  }
  return codes;
}

/** Leaves nothing of a line behind. */
async function dropAll(database: PGlite): Promise<void> {
  await database.exec("ROLLBACK; SET client_min_messages = error");
  const { rows } = await database.query<{ drop: string }>(`
    SELECT format('DROP EXTENSION IF EXISTS %I CASCADE', extname) AS drop FROM pg_extension WHERE extname <> 'plpgsql'
    UNION ALL SELECT format('DROP PUBLICATION %I', pubname) FROM pg_publication
    UNION ALL SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace
      WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'`);
  for (const { drop } of rows) await database.exec(drop);
  await database.exec("DISCARD ALL");
  await database.exec("CREATE SCHEMA public");
}
