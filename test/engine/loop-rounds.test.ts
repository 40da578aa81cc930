import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";
import { lintSources } from "../../src/engine/lint.ts";

const history = {
  path: "1.sql",
  text: "CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE TABLE c (id int);",
  role: "history" as const,
};

/** The tables that a block alters, and whether that is certain. */
async function runsOf(block: string) {
  const sources = [history, { path: "2.sql", text: `DO $$ ${block} $$;` }];
  const { statements } = await explainSources(sources, { catalogue: rules });
  const [outer, ...inner] = statements;
  const sql = inner.map((one) => one.sql).filter((one) => one.startsWith("ALTER"));
  return { sql, on: outer?.on };
}

const add = "EXECUTE format('ALTER TABLE %I ADD COLUMN x int', t);";
const both = ["ALTER TABLE a ADD COLUMN x int", "ALTER TABLE b ADD COLUMN x int"];

describe("a loop over strings that are written out", () => {
  it.each([
    ["FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP"],
    ["FOREACH t IN ARRAY ARRAY['a', 'b']::text[] LOOP"],
    ["FOREACH t IN ARRAY names LOOP"],
    ["FOR t IN SELECT unnest(ARRAY['a', 'b']) LOOP"],
    ["FOR t IN SELECT unnest(names) AS name LOOP"],
    ["FOR t IN SELECT * FROM unnest(ARRAY['a', 'b']) LOOP"],
    ["FOREACH t IN ARRAY '{a, b}'::text[] LOOP"],
    ["FOREACH t IN ARRAY string_to_array('a,b', ',') LOOP"],
    ["FOR t IN VALUES ('a'), ('b') LOOP"],
    ["FOR t IN (VALUES ('a'), ('b') ORDER BY 1) LOOP"],
    ["FOR t IN SELECT column1 FROM (VALUES ('a'), ('b')) v LOOP"],
    ["FOR t IN SELECT 'a' UNION ALL SELECT 'b' LOOP"],
    ["FOR i IN 1 .. array_length(names, 1) LOOP t := names[i];"],
    ["FOR i IN 0 .. cardinality(names) - 1 LOOP t := names[i + 1];"],
  ])("runs round by round: %s", async (head) => {
    const block = `DECLARE t text; names text[] := ARRAY['a', 'b']; BEGIN ${head} ${add} END LOOP; END`;
    expect(await runsOf(block)).toEqual({ sql: both, on: undefined });
  });

  it.each([
    ["numbers", "FOR i IN 1..2 LOOP", ["ALTER TABLE t1 ADD COLUMN x int", "ALTER TABLE t2 ADD COLUMN x int"]],
    [
      "up to a variable",
      "FOR i IN 0..n - 1 LOOP",
      ["ALTER TABLE t0 ADD COLUMN x int", "ALTER TABLE t1 ADD COLUMN x int"],
    ],
    [
      "what stands in parentheses",
      "FOR i IN (1)..(n) LOOP",
      ["ALTER TABLE t1 ADD COLUMN x int", "ALTER TABLE t2 ADD COLUMN x int"],
    ],
    [
      "a sum in parentheses",
      "FOR i IN 0..(n - 1) LOOP",
      ["ALTER TABLE t0 ADD COLUMN x int", "ALTER TABLE t1 ADD COLUMN x int"],
    ],
  ])("counts through %s", async (_, head, sql) => {
    const alter = "EXECUTE 'ALTER TABLE t' || i || ' ADD COLUMN x int';";
    expect((await runsOf(`DECLARE n int := 2; BEGIN ${head} ${alter} END LOOP; END`)).sql).toEqual(sql);
  });

  it.each([
    ["i - 1", ["t0", "t1"]],
    ["2 * (i + n) - 1", ["t5", "t7"]],
    ["i-1+n", ["t2", "t3"]],
  ])("works out whole numbers: %s", async (sum, tables) => {
    const alter = `EXECUTE format('ALTER TABLE t%s ADD COLUMN x int', ${sum});`;
    const block = `DECLARE n int := 2; BEGIN FOR i IN 1..2 LOOP ${alter} END LOOP; END`;
    expect((await runsOf(block)).sql).toEqual(tables.map((table) => `ALTER TABLE ${table} ADD COLUMN x int`));
  });

  it.each([["i / 2"], ["i - m"], ["- i"], ["i - '1 day'"], ["i ->> 1"]])(
    "works out nothing else: %s",
    async (sum) => {
      const alter = `EXECUTE format('ALTER TABLE t%s ADD COLUMN x int', ${sum});`;
      expect((await runsOf(`BEGIN FOR i IN 1..2 LOOP ${alter} END LOOP; END`)).sql).toContain(
        "ALTER TABLE ... ADD COLUMN x int",
      );
    },
  );

  const rows = "(VALUES ('a', 'x'), ('b', 'y')) AS v (tbl, col)";
  it.each([
    [`FOR r IN SELECT * FROM ${rows} LOOP`, "r.tbl", "r.col"],
    [`FOR r IN SELECT v.*, 1 AS n FROM ${rows} LOOP`, "r.tbl", "r.col"],
    [`FOR r IN SELECT col AS name, v.tbl FROM ${rows} LOOP`, "r.tbl", "r.name"],
    ["FOR r IN VALUES ('a', 'x'), ('b', 'y') LOOP", "r.column1", "r.column2"],
    ["FOR r IN (SELECT 'a' AS tbl, 'x' col UNION ALL SELECT 'b', 'y' ORDER BY 1) LOOP", "r.tbl", "r.col"],
    [`FOR t, c IN SELECT tbl, col FROM ${rows} LOOP`, "t", "c"],
    ["FOR r IN SELECT 'x' AS col, n AS tbl FROM unnest(names) AS n LOOP", "r.tbl", "r.col || ''"],
  ])("gives the fields of a record, or several variables: %s", async (head, table, column) => {
    const execute = `EXECUTE format('ALTER TABLE %I ADD COLUMN %I int', ${table}, ${column});`;
    const block = `DECLARE r record; t text; c text; names text[] := '{a,b}'; BEGIN ${head} ${execute} END LOOP; END`;
    const second = head.includes("unnest") ? "x" : "y";
    expect((await runsOf(block)).sql).toEqual([
      "ALTER TABLE a ADD COLUMN x int",
      `ALTER TABLE b ADD COLUMN ${second} int`,
    ]);
  });

  it("forgets the fields of a record that is assigned, and what only the server knows", async () => {
    const over = "FOR r IN SELECT * FROM (VALUES ('a', random()::text), ('b', 'y')) AS v (tbl, col) LOOP";
    const execute = "EXECUTE format('ALTER TABLE %I ADD COLUMN %I int', r.tbl, r.col);";
    const block = `DECLARE r record; BEGIN ${over} ${execute} END LOOP; END`;
    expect((await runsOf(block)).sql).toEqual([
      "ALTER TABLE a ADD COLUMN ... int",
      "ALTER TABLE b ADD COLUMN y int",
    ]);
    for (const change of ["r.tbl := random()::text;", "FOR r IN SELECT * FROM a LOOP NULL; END LOOP;"]) {
      const changed = `DECLARE r record; BEGIN ${over} ${change} ${execute} END LOOP; END`;
      expect((await runsOf(changed)).sql[0]).toMatch(/^ALTER TABLE \.\.\. ADD/);
    }
  });

  it("is read once where its rounds run the same", async () => {
    const block = "BEGIN FOR i IN 1..9 LOOP ALTER TABLE a ADD COLUMN x int; END LOOP; END";
    expect((await runsOf(block)).sql).toHaveLength(1);
  });

  it("may end a round before its end", async () => {
    const block = `DECLARE t text; BEGIN FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP
      CONTINUE WHEN random() > 2; ${add} END LOOP; END`;
    expect(await runsOf(block)).toEqual({ sql: both, on: "which of its statements run" });
  });

  it.each([
    ["the list is changed", "names := names || random()::text; FOREACH t IN ARRAY names LOOP"],
    ["only some are taken", "FOR t IN SELECT unnest(names) WHERE random() > 2 LOOP"],
    ["more is added to it", "FOREACH t IN ARRAY ARRAY['a', 'b']::text[] || names LOOP"],
    ["nobody wrote it out", "FOREACH t IN ARRAY ARRAY['a', random()::text] LOOP"],
    ["rows are left out", "FOR t IN SELECT column1 FROM (VALUES ('a'), ('b')) v WHERE random() > 2 LOOP"],
    ["rows are joined", "FOR t IN SELECT column1 FROM (VALUES ('a'), ('b')) v, a LOOP"],
    ["a table is read", "FOR t IN SELECT 'a' FROM a LOOP"],
    ["rows are the same", "FOR t IN SELECT 'a' UNION SELECT 'a' LOOP"],
    ["elements are quoted", "FOREACH t IN ARRAY '{\"a\",b}'::text[] LOOP"],
  ])("is read once where %s", async (_, head) => {
    const block = `DECLARE t text; names text[] := ARRAY['a', 'b']; BEGIN ${head} ${add} END LOOP; END`;
    expect((await runsOf(block)).sql).toHaveLength(1);
  });

  it("is read once where it assigns its variable, and where it would be long", async () => {
    const assigned = `DECLARE t text; BEGIN FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP t := random()::text; ${add} END LOOP; END`;
    expect((await runsOf(assigned)).sql).toHaveLength(1);
    const many = Array.from({ length: 60 }, (_, k) => `'t${k}'`).join(", ");
    const long = `DECLARE t text; BEGIN FOREACH t IN ARRAY ARRAY[${many}] LOOP ${add.repeat(200)} END LOOP; END`;
    expect((await runsOf(long)).sql.length).toBeLessThan(201);
  });

  it("has advice in words where no SQL can be printed for it", async () => {
    const sql =
      "DO $$ DECLARE t text; BEGIN FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP EXECUTE 'ALTER TABLE ' || t || ' ADD c int'; END LOOP; END $$;";
    const options = { catalogue: rules, only: ["missing-lock-timeout"] };
    const { diagnostics } = await lintSources([history, { path: "2.sql", text: sql }], options);
    const [finding] = diagnostics;
    expect(finding?.advice).toBe(
      "Set lock_timeout before the statement that runs this. It stands in a loop: look at its other rounds as well",
    );
  });

  it("leaves behind what it did for each, and is told of once", async () => {
    const text = `DO $$ DECLARE t text; BEGIN FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP
      EXECUTE format('CREATE INDEX %I ON %I (id)', t || '_idx', t); END LOOP; END $$;
      DROP INDEX CONCURRENTLY b_idx;`;
    const { diagnostics } = await lintSources([history, { path: "2.sql", text }], { catalogue: rules });
    const built = diagnostics.filter(({ rule }) => rule === "index-without-concurrently");
    expect(built.map(({ message, rewrite, advice }) => [message, rewrite, advice])).toEqual([
      [
        "Writes to a wait until the index is built",
        null,
        "Build the index while others read and write. It stands in a loop: look at its other rounds as well",
      ],
    ]);
    const after = { path: "3.sql", text: "CREATE INDEX b_idx ON b (id);" };
    const block = { path: "2.sql", text: text.slice(0, text.indexOf("DROP")), role: "history" as const };
    const { statements } = await explainSources([history, block, after], { catalogue: rules });
    expect(statements[0]?.fails?.sqlstate).toBe("42P07");
  });

  it("is told of once in a loop around it, whichever of the rounds it is", async () => {
    const text = `DO $$ DECLARE t text; i text; BEGIN
      FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP
        FOREACH i IN ARRAY ARRAY['x', 'y'] LOOP
          EXECUTE format('CREATE INDEX %I ON %I (id)', t || i, t); END LOOP; END LOOP; END $$;`;
    const { diagnostics } = await lintSources([history, { path: "2.sql", text }], { catalogue: rules });
    const built = diagnostics.filter(({ rule }) => rule === "index-without-concurrently");
    expect(built.map(({ message }) => message)).toEqual(["Writes to a wait until the index is built"]);
  });
});
