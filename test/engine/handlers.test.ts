import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { mayCatch } from "../../src/analysis/facts/conditions.ts";
import { explainSources } from "../../src/engine/explain.ts";

/* A block with EXCEPTION goes on behind the errors that its handlers wait for, and fails with all others. */

let server: PGlite;
beforeAll(async () => {
  server = await PGlite.create();
});
afterAll(() => server.close());

/** Whether the server goes on where an error is raised within such a handler. */
function catches(condition: string, sqlstate: string): Promise<boolean> {
  const block = `DO $$ BEGIN RAISE SQLSTATE '${sqlstate}'; EXCEPTION WHEN ${condition} THEN NULL; END $$`;
  return server.exec(block).then(
    () => true,
    (error: { code?: string }) => {
      expect(error.code).toBe(sqlstate);
      return false;
    },
  );
}

const facts = readFileSync(join(import.meta.dirname, "../../src/analysis/facts/conditions.ts"), "utf8");
const names = [...facts.matchAll(/\b([a-z_]+) ([0-9A-Z]{5})\b/g)].map(([, name = "", code = ""]) => ({
  name,
  code,
}));

describe("a handler", () => {
  it("waits for what its condition stands for", async () => {
    expect(names.length).toBeGreaterThan(60);
    for (const { name, code } of [...names, { name: "others", code: "42710" }]) {
      for (const sqlstate of [code, `${code.slice(0, 2)}00Z`, "ZZ999", "57014"]) {
        const told = [name, sqlstate, mayCatch(name, sqlstate)];
        expect(told).toEqual([name, sqlstate, await catches(name, sqlstate)]);
      }
    }
  });

  it("waits for the code of SQLSTATE, and may for what nobody knows here", async () => {
    expect(mayCatch("42710", "42710")).toBe(await catches("SQLSTATE '42710'", "42710"));
    expect(mayCatch("42710", "42P07")).toBe(await catches("SQLSTATE '42710'", "42P07"));
    expect(mayCatch("hv_unable_to_reply", "42710")).toBe(true);
  });
});

describe("a statement that is refused in a block", () => {
  const made = "CREATE TABLE t (id int PRIMARY KEY); CREATE TYPE mood AS ENUM ('ok');";
  it.each([
    ["CREATE TYPE mood AS ENUM ('ok');", "duplicate_object"],
    ["CREATE TYPE mood AS ENUM ('ok');", "duplicate_table OR SQLSTATE '42710'"],
    ["CREATE TYPE mood AS ENUM ('ok');", "syntax_error_or_access_rule_violation"],
    ["CREATE TABLE t (id int);", "duplicate_object"],
    ["CREATE TABLE t (id int);", "unique_violation"],
    ["ALTER TABLE t ADD COLUMN id int;", "duplicate_column"],
    ["BEGIN ALTER TABLE t ADD COLUMN id int; EXCEPTION WHEN duplicate_table THEN NULL; END;", "others"],
    [
      "BEGIN ALTER TABLE t ADD COLUMN id int; EXCEPTION WHEN duplicate_table THEN NULL; END;",
      "duplicate_object",
    ],
  ])("fails as on the server: %s WHEN %s", async (statement, conditions) => {
    const block = `DO $$ BEGIN ${statement} EXCEPTION WHEN ${conditions} THEN NULL; END $$;`;
    const sources = [
      { path: "1.sql", text: made, role: "history" as const },
      { path: "2.sql", text: block },
    ];
    const [outer] = (await explainSources(sources, { catalogue: rules })).statements;
    await server.exec(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${made}`);
    const code = await server.exec(block).then(
      () => null,
      (error: { code?: string }) => error.code,
    );
    expect(outer?.fails?.sqlstate ?? null).toBe(code);
  });
});

describe("what a body leaves, and how it ends", () => {
  const made = "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int);";
  const again = "CREATE INDEX i ON t (id)";
  it.each([
    // Nothing is left of a block of which a statement was refused.
    [`BEGIN ${again}; ALTER TABLE t ADD COLUMN id int; EXCEPTION WHEN OTHERS THEN NULL; END`],
    [
      `BEGIN BEGIN ${again}; EXCEPTION WHEN others THEN NULL; END; CREATE TABLE t (); EXCEPTION WHEN duplicate_table THEN NULL; END`,
    ],
    [
      `BEGIN ${again}; BEGIN CREATE TABLE t (); EXCEPTION WHEN duplicate_table THEN NULL; END; EXCEPTION WHEN OTHERS THEN NULL; END`,
    ],
    [`BEGIN ${again}; EXCEPTION WHEN OTHERS THEN NULL; END`],
    [`BEGIN CREATE TABLE t (); EXCEPTION WHEN OTHERS THEN ${again}; END`],
    // A handler that raises in its turn catches nothing.
    ["BEGIN CREATE TABLE t (); EXCEPTION WHEN duplicate_table THEN RAISE; END"],
    [
      "BEGIN CREATE TABLE t (); EXCEPTION WHEN duplicate_table THEN RAISE EXCEPTION USING ERRCODE = '42P07'; END",
    ],
    // COMMIT and ROLLBACK.
    [`BEGIN ${again}; ROLLBACK; END`],
    [`BEGIN ${again}; COMMIT; DROP INDEX i; ROLLBACK; END`],
    ["BEGIN COMMIT; EXCEPTION WHEN unique_violation THEN NULL; END"],
    ["BEGIN ROLLBACK; EXCEPTION WHEN unique_violation THEN NULL; END"],
    [`BEGIN BEGIN ${again}; COMMIT; EXCEPTION WHEN OTHERS THEN NULL; END; END`],
    ["BEGIN BEGIN CREATE TABLE t (); EXCEPTION WHEN OTHERS THEN COMMIT; END; END"],
    // RAISE.
    ["BEGIN RAISE EXCEPTION 'no'; END"],
    [`BEGIN ${again}; RAISE 'no: %', 1; END`],
    ["BEGIN RAISE unique_violation; END"],
    ["BEGIN RAISE SQLSTATE '22012'; END"],
    ["BEGIN RAISE EXCEPTION 'no' USING HINT = 'go', ERRCODE = '23514'; END"],
    ["BEGIN RAISE WARNING 'no'; END"],
    ["BEGIN RETURN; RAISE 'no'; END"],
    ["BEGIN RAISE 'no'; EXCEPTION WHEN raise_exception THEN NULL; END"],
    ["BEGIN RAISE unique_violation; EXCEPTION WHEN raise_exception THEN NULL; END"],
  ])("is as on the server: %s", async (body) => {
    const block = `DO $$ ${body} $$;`;
    const sources = [
      { path: "1.sql", text: made, role: "history" as const },
      { path: "2.sql", text: `${block}\n${again};` },
    ];
    const { statements } = await explainSources(sources, { catalogue: rules });
    const told = statements.filter(({ within }) => within === undefined);
    expect(told.map(({ on }) => on)).toEqual([
      body.includes("THEN CREATE") ? expect.anything() : undefined,
      undefined,
    ]);
    await server.exec(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${made}`);
    const codes: (string | null)[] = [];
    for (const sql of [block, again])
      codes.push(
        await server.exec(sql).then(
          () => null,
          (error: { code?: string }) => error.code ?? "",
        ),
      );
    expect(told.map(({ fails }) => fails?.sqlstate ?? null)).toEqual(codes);
  });

  it.each([
    ["BEGIN IF random() > 2 THEN RAISE 'no'; END IF; END"],
    ["BEGIN IF random() < 2 THEN RETURN; END IF; RAISE 'no'; END"],
    ["BEGIN FOR i IN 1..n() LOOP RAISE 'no'; END LOOP; END"],
    ["BEGIN RAISE EXCEPTION 'no' USING ERRCODE = code(); END"],
  ])("is not known where a RAISE may not be reached, or may be any: %s", async (body) => {
    const text = `DO $$ ${body} $$;`;
    const [outer] = (await explainSources([{ path: "2.sql", text }], { catalogue: rules })).statements;
    expect(outer?.fails).toBeNull();
  });
});
