import { PGlite } from "@electric-sql/pglite";
import { afterAll, describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";

const database = await PGlite.create();
afterAll(() => database.close());

/** A column's type, its default, and the type that it is changed to. */
const cases: readonly (readonly [string, string, string])[] = [
  ["varchar", "gen_random_uuid()", "uuid"],
  ["varchar", "gen_random_uuid()::text", "uuid"],
  ["varchar", "gen_random_uuid()::varchar", "uuid"],
  ["text", "now()", "timestamptz"],
  ["text", "5", "int"],
  ["text", "'5'", "int"],
  ["varchar", "'5'::text", "int"],
];

describe("a default of a column whose type changes with USING", () => {
  it.each(cases)("%s DEFAULT %s to %s: is refused where the server refuses it", async (from, value, to) => {
    const create = `CREATE TABLE t (c ${from} DEFAULT ${value});`;
    const change = `ALTER TABLE t ALTER COLUMN c TYPE ${to} USING NULL::${to};`;
    await database.exec(`DROP TABLE IF EXISTS t; ${create}`);
    const refusal = await database.exec(change).then(
      () => null,
      (error: Error) => error.message,
    );
    const { diagnostics } = await lintSources(
      [
        { path: "1.sql", text: create, role: "history" },
        { path: "2.sql", text: change },
      ],
      { catalogue: rules, only: ["impossible-statement"] },
    );
    expect(diagnostics.length > 0, `${refusal}`).toBe(refusal !== null);
  });
});
