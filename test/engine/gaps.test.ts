import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";
import { lintSources } from "../../src/engine/lint.ts";

const create = "CREATE TABLE t (id bigint PRIMARY KEY, c text);\nCREATE VIEW v AS SELECT c FROM t;\n";

async function rulesOf(text: string, behindGap: boolean): Promise<readonly string[]> {
  const sources = [
    { path: "m/1.sql", text: create },
    { path: "m/3.sql", text, ...(behindGap && { behindGap }) },
  ];
  const { diagnostics } = await lintSources(sources, {
    catalogue: rules,
    rules: { "unknown-object": "error" },
  });
  const errors = ["impossible-statement", "unknown-object", "syntax-error", "unsupported-syntax"];
  return diagnostics.filter(({ rule }) => errors.includes(rule)).map(({ rule }) => rule);
}

describe("a history in which something ran that nobody reads", () => {
  it.each([
    "ALTER TABLE t ADD PRIMARY KEY (c);",
    "ALTER TABLE t DROP COLUMN c;",
    "ALTER TABLE t DROP COLUMN missing;",
    "CREATE TABLE t (id bigint);",
    "INSERT INTO other VALUES (1);",
    "INSERT INTO t VALUES (1, 'a', 2);",
    "CREATE TABLE w (a, b) AS SELECT * FROM v;",
  ])("has nothing refused for what it says: %s", async (text) => {
    expect(await rulesOf(text, false)).toHaveLength(1);
    expect(await rulesOf(text, true)).toEqual([]);
  });

  it("tells what a table locks that may be there already", async () => {
    const text = "CREATE TABLE t (id bigint REFERENCES owners (id));";
    const sources = [
      { path: "m/1.sql", text: create },
      { path: "m/3.sql", text, behindGap: true },
    ];
    const { statements } = await explainSources(sources, { catalogue: rules });
    expect(statements.at(-1)).toMatchObject({
      fails: null,
      locks: [{ relation: "public.owners", mode: "SHARE ROW EXCLUSIVE" }],
    });
  });

  it("is one behind a call of what is not there, which is told what to change", async () => {
    const insert = "INSERT INTO t VALUES (1, 'a', 2);";
    const told = "SELECT ops.run_ddl('t', '/* ops */ ALTER TABLE t ADD COLUMN d int');";
    expect(await rulesOf(`${told}\n${insert}`, false)).toEqual([]);
    expect(await rulesOf(`SELECT ops.note('t', 'new rows');\n${insert}`, false)).toHaveLength(1);
  });

  it.each([
    "INSERT INTO t (id, c) VALUES (1, 'a', 2);",
    "CREATE TABLE u (id bigint PRIMARY KEY);\nALTER TABLE u ADD PRIMARY KEY (id);",
    "ALTER TABEL t ADD c int;",
    "CREATE TABLE u (LIKE t, c int GENERATED ALWAYS AS (1) VIRTUAL);",
  ])("has refused all the same what has nothing to do with it: %s", async (text) => {
    expect(await rulesOf(text, true)).toEqual(await rulesOf(text, false));
    expect(await rulesOf(text, true)).toHaveLength(1);
  });
});
