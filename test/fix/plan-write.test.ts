import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { buildOnce, createFolder, lockwise } from "../cli/run.ts";

buildOnce();

/* What `lockwise plan --write` says and leaves beside the files, where there is more to do than to run them. */

const table = "CREATE TABLE orders (id bigint PRIMARY KEY, code text);\n";
const change = `CREATE INDEX orders_code_idx ON orders (code);
ALTER TABLE orders ALTER COLUMN code TYPE integer USING code::integer;
`;
const read = (folder: string, path: string) => readFileSync(join(folder, path), "utf8");

const nodePgMigrate = () =>
  createFolder({
    "package.json": '{ "dependencies": { "node-pg-migrate": "*" } }',
    "migrations/1700000000001_orders.sql": `-- Up Migration\n${table}`,
    "migrations/1700000000002_code.sql": `-- Up Migration\n${change}`,
  });
const plan = (folder: string, ...words: string[]) =>
  lockwise(folder, ["plan", "--postgres-version", "16", ...words]);

it("tells of steps that the tool cannot run, and prints them for psql", () => {
  const { stdout, stderr, status } = plan(nodePgMigrate(), "--write", "migrations/1700000000002_code.sql");
  expect(status).toBe(0);
  expect(stderr).toMatchInlineSnapshot(`
    "lockwise: migrations/1700000000003_code_3_add.sql: written
    lockwise: migrations/1700000000004_code_6_swap.sql: written; to run once the application copes with either type, and with code as the last column
    lockwise: migrations/1700000000005_code_7_drop.sql: written; to run once nothing needs the way back to code_old
    lockwise: step 1 is not written, since node-pg-migrate cannot run it: run it by hand, with psql, before migrations/1700000000003_code_3_add.sql runs
    lockwise: step 2 is not written, since it asks whether to go on: run it by hand, with psql, before migrations/1700000000003_code_3_add.sql runs
    lockwise: step 4 is not written, since node-pg-migrate cannot run it: run it by hand, with psql, before migrations/1700000000004_code_6_swap.sql runs
    lockwise: step 5 is not written, since node-pg-migrate cannot run it: run it by hand, with psql, before migrations/1700000000004_code_6_swap.sql runs
    lockwise: migrations/1700000000002_code.sql: stays as it is; take the dangerous statements out of it before both run (--replace does)
    "
  `);
  expect(stdout).toMatchInlineSnapshot(`
    "-- Step 1, by hand, before migrations/1700000000003_code_3_add.sql runs: Build the index while others read and write
    CREATE INDEX CONCURRENTLY orders_code_idx ON orders (code);

    -- Step 2, by hand, before migrations/1700000000003_code_3_add.sql runs; go on if the count is 0: Look for rows that do not fit before anything else
    SELECT count(*) FROM orders WHERE NOT pg_input_is_valid(code, 'int4');

    -- Step 4, by hand, before migrations/1700000000004_code_6_swap.sql runs: Fill the older rows: run this again and again, each time in a transaction of its own, until it changes no row
    UPDATE orders SET code_new = code::integer
    WHERE id IN (SELECT id FROM orders WHERE code_new IS NULL AND (code::integer) IS NOT NULL ORDER BY id LIMIT 1000) AND (code_new IS NULL AND (code::integer) IS NOT NULL);

    -- Step 5, by hand, before migrations/1700000000004_code_6_swap.sql runs: Build the indexes of the new column while others read and write
    CREATE INDEX CONCURRENTLY orders_code_idx_new ON orders (code_new);
    "
  `);
});

it("takes the statements out of their lines, and leaves the line ends as they are", () => {
  const change = `CREATE INDEX a ON orders (code); COMMENT ON TABLE orders IS 'x'; CREATE INDEX b ON orders (id); -- c
ALTER TABLE orders ALTER code SET NOT NULL;
`;
  const folder = createFolder({ "1_a.sql": table, "2_b.sql": change.replaceAll("\n", "\r\n") });
  plan(folder, "--replace", "2_b.sql");
  expect(read(folder, "2_b.sql").split("\r\n")).toEqual([
    "-- See 3_b_1_build_index.sql",
    "COMMENT ON TABLE orders IS 'x';",
    "-- See 4_b_2_build_index.sql",
    "-- c",
    "-- See 5_b_3_constrain.sql to 7_b_5_not_null.sql",
    "",
  ]);
});

it("takes what undid the statements out of the down part, where nothing else is left", () => {
  const mark = (text: string) => `-- +goose Up\n${text}`;
  const index = "CREATE INDEX a ON orders (code);\nCREATE INDEX b ON orders (id);\n";
  const down = "\n-- +goose Down\nDROP INDEX a; -- first\nDROP INDEX b;\n";
  const folder = createFolder({ "00001_a.sql": mark(table), "00002_b.sql": mark(index + down) });
  plan(folder, "--replace", "00002_b.sql");
  expect(read(folder, "00002_b.sql")).toBe(
    mark(`-- See 00003_b_1_build_index.sql
-- See 00004_b_2_build_index.sql

-- +goose Down
-- Undone by 00004_b_2_build_index.sql to 00003_b_1_build_index.sql -- first
`),
  );
  const rest = mark(`CREATE INDEX a ON orders (code);\nCOMMENT ON TABLE orders IS 'x';\n${down}`);
  const other = createFolder({ "00001_a.sql": mark(table), "00002_b.sql": rest });
  const left = "what takes it back is as it was; take out of it what the new files undo";
  expect(plan(other, "--replace", "00002_b.sql").stderr).toContain(`00002_b.sql: ${left}`);
  expect(read(other, "00002_b.sql")).toContain("DROP INDEX b;");
  const pair = createFolder({
    "000001_a.up.sql": table,
    "000002_b.up.sql": index,
    "000002_b.down.sql": "DROP INDEX a;",
  });
  expect(plan(pair, "--replace", "000002_b.up.sql").stderr).toContain(`000002_b.down.sql: ${left}`);
});

it("leaves a statement to a tool that refuses a file without one", () => {
  const divider = "---- create above / drop below ----\n";
  const folder = createFolder({
    "tern.conf": "",
    "001_a.sql": `${table}${divider}`,
    "002_b.sql": `CREATE INDEX a ON orders (code);\n${divider}DROP INDEX a;\n`,
  });
  plan(folder, "--replace", "002_b.sql");
  expect(read(folder, "002_b.sql")).toBe(
    `-- See 003_b_1_build_index.sql\nSELECT 1;\n${divider}-- Undone by 003_b_1_build_index.sql\nSELECT 1;\n`,
  );
});

it("tells of them where there is nothing else to do", () => {
  const folder = createFolder({
    "package.json": '{ "dependencies": { "node-pg-migrate": "*" } }',
    "migrations/1700000000001_orders.sql": `-- Up Migration\n${table}`,
    "migrations/1700000000002_code.sql": "-- Up Migration\nCREATE INDEX orders_code_idx ON orders (code);\n",
  });
  const { stdout, stderr } = plan(folder, "--replace", "migrations/1700000000002_code.sql");
  expect(stderr).toContain(
    "step 1 is not written, since node-pg-migrate cannot run it: run it by hand, with psql\n",
  );
  expect(stdout).toContain("CREATE INDEX CONCURRENTLY orders_code_idx ON orders (code);");
  expect(read(folder, "migrations/1700000000002_code.sql")).toBe(
    "-- Up Migration\n-- Run by hand, with psql:\n--   CREATE INDEX CONCURRENTLY orders_code_idx ON orders (code);\n",
  );
});

it("keeps the files of a migration together that lie in several folders", () => {
  const folder = createFolder({
    "package.json": '{ "dependencies": { "db-migrate": "*" } }',
    "database.json": '{ "dev": { "driver": "pg" } }',
    "migrations/20240101000001-orders.js": "exports.up = (db) => db.runSql('');",
    "migrations/20240101000002-code.js": "exports.up = (db) => db.runSql('');",
    "migrations/sqls/20240101000001-orders-up.sql": table,
    "migrations/sqls/20240101000001-orders-down.sql": "",
    "migrations/sqls/20240101000002-code-up.sql": change,
    "migrations/sqls/20240101000002-code-down.sql": "",
  });
  plan(folder, "--write", "migrations/sqls/20240101000002-code-up.sql");
  expect(readdirSync(folder).sort()).toEqual(["database.json", "migrations", "package.json"]);
  const programs = readdirSync(join(folder, "migrations")).filter((name) => name !== "sqls");
  const halves = readdirSync(join(folder, "migrations/sqls"));
  expect(programs.length).toBeGreaterThan(4);
  expect(halves.sort()).toEqual(
    programs.flatMap((name) => ["down", "up"].map((half) => name.replace(/\.js$/, `-${half}.sql`))).sort(),
  );
});

it("writes nothing that the tool would run before what is there", () => {
  const index = "-- migrate:up\nCREATE INDEX orders_code_idx ON orders (code);\n";
  const dbmate = (...names: string[]) => {
    const [first = "", last = ""] = names;
    const folder = createFolder({ [first]: `-- migrate:up\n${table}`, [last]: index });
    return plan(folder, "--runner", "dbmate", "--write", last);
  };
  const beyond = dbmate("db/1_a.sql", "db/9_b.sql");
  expect(beyond.status).toBe(2);
  expect(beyond.stderr).toBe(
    "lockwise: db/10_b_1_build_index.sql: dbmate goes by the names, and would run this before db/1_a.sql: give all files numbers of one width first, or take the steps from the plan and name their files yourself; nothing is written\n",
  );
  expect(dbmate("db/01_a.sql", "db/09_b.sql").stderr).toContain("db/10_b_1_build_index.sql: written");
});

it("writes into a current migration that is empty, and into no other", () => {
  const committed = "--! Previous: -\n--! Hash: sha1:0\n\n";
  const project = (current: string, sql: string) =>
    createFolder({
      ".gmrc": "{}",
      "migrations/committed/000001.sql": `${committed}${table}`,
      "migrations/committed/000002.sql": `${committed}${sql}`,
      "migrations/current.sql": current,
    });
  const index = "CREATE INDEX orders_code_idx ON orders (code);\n";
  const write = (folder: string) => plan(folder, "--write", "migrations/committed/000002.sql");
  const empty = project("\n", index);
  expect(write(empty).stderr).toContain("migrations/current.sql: written");
  expect(read(empty, "migrations/current.sql")).toContain("CREATE INDEX CONCURRENTLY orders_code_idx");
  const full = project("SELECT 1;\n", index);
  expect(write(full).stderr).toContain("is there already, and nothing is overwritten");
  expect(read(full, "migrations/current.sql")).toBe("SELECT 1;\n");
  const several = project("", "ALTER TABLE orders ALTER COLUMN code SET NOT NULL;\n");
  expect(write(several).stderr).toContain("graphile-migrate takes one migration at a time");
  expect(read(several, "migrations/current.sql")).toBe("");
});

it("lets a name of two lines end no comment, and steer no terminal", () => {
  const name = '"a\nDROP TABLE b; \u001b[31m"';
  const folder = createFolder({
    "package.json": '{ "dependencies": { "node-pg-migrate": "*" } }',
    "migrations/1700000000001_a.sql": `-- Up Migration
CREATE TABLE ${name} (id bigint, at date NOT NULL) PARTITION BY RANGE (at);
CREATE INDEX a_at ON ${name} (at);
CREATE TABLE a_2025 (id bigint, at date NOT NULL);
`,
    "migrations/1700000000002_attach.sql": `-- Up Migration
ALTER TABLE ${name} ATTACH PARTITION a_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
`,
  });
  const { stdout } = plan(folder, "--write", "migrations/1700000000002_attach.sql");
  expect(stdout).toMatch(
    /^-- Step 1, .* "a DROP TABLE b; .* has, while others read and write\nCREATE INDEX CONCURRENTLY /,
  );
  expect(stdout).not.toContain("\u001b");
});
