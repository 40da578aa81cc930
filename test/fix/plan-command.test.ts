import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hashFolder } from "../../src/cli/plan-books.ts";
import { buildOnce, createFolder, lockwise } from "../cli/run.ts";

buildOnce();

const init =
  "-- +goose Up\nCREATE TABLE orders (id bigint PRIMARY KEY, code text);\n\n-- +goose Down\nDROP TABLE orders;\n";
const change = `-- +goose Up
CREATE INDEX orders_code_idx ON orders (code);
ALTER TABLE orders ALTER COLUMN code SET NOT NULL;
COMMENT ON TABLE orders IS 'kept';

-- +goose Down
DROP INDEX orders_code_idx;
`;
const project = () => createFolder({ "m/00001_init.sql": init, "m/00002_orders_code.sql": change });
const read = (folder: string, path: string) => readFileSync(join(folder, path), "utf8");

describe("lockwise plan", () => {
  it("tells of each step what it is, what it locks, how to go on and how to undo it", () => {
    const { stdout, status } = lockwise(project(), [
      "plan",
      "m/00002_orders_code.sql",
      "--postgres-version",
      "16",
    ]);
    expect(status).toBe(0);
    expect(stdout).toMatchSnapshot();
  });

  it("has a runbook for steps alone", () => {
    const folder = createFolder({
      "m/1.sql": "SELECT 1;\n",
      "m/2.sql": "TRUNCATE orders;\n",
      "m/3.sql": "SELECT FROM FROM;\n",
    });
    const runbook = (file: string) => {
      const { stdout, status } = lockwise(folder, ["plan", file, "--runbook", "--postgres-version", "16"]);
      expect(status).toBe(0);
      return stdout;
    };
    expect(runbook("m/1.sql")).toBe(
      "# Runbook: m/1.sql\n\nPostgreSQL 16, run by psql. Nothing to plan: no statement of it is dangerous.\n",
    );
    // Of a table that the history does not know there is a step, and nothing to ask the catalogs for.
    const unknown = runbook("m/2.sql");
    expect(unknown).toMatch(/run by psql: 1 step\.\n/);
    expect(unknown).not.toMatch(/ANALYZE ;|```sql\n```/);
    expect(runbook("m/3.sql")).toMatch(/run by psql\. There is no step\.\n\nLine 1 was not understood/);
  });

  it("tells the same to scripts", () => {
    const { stdout } = lockwise(project(), ["plan", "m/00002_orders_code.sql", "--format", "json"]);
    const plan = JSON.parse(stdout);
    expect(plan.version).toBe(1);
    expect(plan.series.map(({ line, rules }: { line: number; rules: string[] }) => [line, rules])).toEqual([
      [2, ["index-without-concurrently"]],
      [3, ["not-null-scan"]],
    ]);
    const [first] = plan.series[0].steps;
    expect(first).toMatchObject({
      phase: "expand",
      transaction: false,
      byHand: false,
      locks: [
        {
          relation: "public.orders",
          mode: "SHARE UPDATE EXCLUSIVE",
          blocksReads: false,
          blocksWrites: false,
        },
      ],
      buildsIndexes: ["orders_code_idx"],
      onFailure: { sql: "DROP INDEX CONCURRENTLY IF EXISTS orders_code_idx;" },
      undo: { sql: "DROP INDEX CONCURRENTLY IF EXISTS orders_code_idx;" },
      files: [{ path: "m/00003_orders_code_1_build_index.sql" }],
    });
  });

  it("--write puts the files beside the original, says that it stays, and overwrites nothing", () => {
    const folder = project();
    const { stderr, status } = lockwise(folder, ["plan", "--write", "m/00002_orders_code.sql"]);
    expect(status).toBe(0);
    expect(stderr).toContain("m/00002_orders_code.sql: stays as it is");
    expect(read(folder, "m/00002_orders_code.sql")).toBe(change);
    expect(read(folder, "m/00003_orders_code_1_build_index.sql")).toBe(
      "-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY orders_code_idx ON orders (code);\n\n-- +goose Down\nDROP INDEX CONCURRENTLY IF EXISTS orders_code_idx;\n",
    );
    const names = readdirSync(join(folder, "m"));
    expect(names).toHaveLength(2 + 4);
    const written = names.filter((name) => /^0000[3-6]/.test(name)).map((name) => `m/${name}`);
    expect(
      lockwise(folder, ["--fail-on", "warning", "--postgres-version", "16", ...written]).stdout,
    ).not.toMatch(/lock_timeout|wait/);
  });

  it("writes nothing where one of the files cannot be, and none over a link to nowhere", () => {
    const folder = createFolder({
      "1_a.sql": "CREATE TABLE t (a int);",
      "2_b.sql": "CREATE INDEX i ON t (a);",
    });
    const first = lockwise(folder, ["plan", "--format", "json", "2_b.sql"]);
    const [path] = JSON.parse(first.stdout).series[0].steps[0].files.map(
      (file: { path: string }) => file.path,
    );
    mkdirSync(join(folder, path));
    const { status, stderr } = lockwise(folder, ["plan", "--write", "2_b.sql"]);
    expect([status, stderr]).toEqual([2, expect.any(String)]);
    expect(readdirSync(folder).sort()).toEqual(["1_a.sql", "2_b.sql", path].sort());
    rmdirSync(join(folder, path));
    symlinkSync("/nowhere/else.sql", join(folder, path));
    expect(lockwise(folder, ["plan", "--write", "2_b.sql"]).status).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(["1_a.sql", "2_b.sql", path, expect.stringMatching(/^4_/)]);
    expect(existsSync(join(folder, path))).toBe(false);
  });

  it("--replace takes the dangerous statements out", () => {
    const folder = project();
    lockwise(folder, ["plan", "--replace", "m/00002_orders_code.sql"]);
    const rest = read(folder, "m/00002_orders_code.sql");
    expect(rest).toContain("-- See 00003_orders_code_1_build_index.sql\n-- See 00004_");
    expect(rest).toContain("COMMENT ON TABLE orders IS 'kept';");
    expect(rest).not.toContain("CREATE INDEX");
    const { stdout } = lockwise(folder, ["plan", "--format", "json", "m/00002_orders_code.sql"]);
    expect(JSON.parse(stdout).series).toEqual([]);
  });

  it("says what PostgreSQL refuses, and plans the others as if it were not there", () => {
    const folder = createFolder({
      "1_a.sql":
        "CREATE TABLE t (id int PRIMARY KEY, a text);\nCREATE INDEX i ON t (a) WHERE a <> '';\nCREATE VIEW v AS SELECT id FROM t;",
      "2_b.sql": "ALTER TABLE t ALTER COLUMN a TYPE varchar(9);\nDROP TABLE t;",
    });
    const { stdout } = lockwise(folder, ["plan", "2_b.sql"]);
    expect(stdout).toContain("CREATE INDEX CONCURRENTLY i_new ON t (a_new)");
    expect(stdout).toContain("Line 2 has no series: PostgreSQL refuses this: v depends on t.");
  });

  it("plans nothing for what PostgreSQL refuses, whatever else there is to say of it", () => {
    const folder = createFolder({
      "1_a.sql": "CREATE TABLE t (id int PRIMARY KEY, a text);\nCREATE VIEW v AS SELECT a FROM t;",
      "2_b.sql": "ALTER TABLE t ALTER COLUMN a TYPE varchar(9);",
    });
    const { stdout } = lockwise(folder, ["plan", "2_b.sql", "--format", "json"]);
    const { series, open } = JSON.parse(stdout);
    expect(series).toEqual([]);
    expect(open).toMatchObject([{ line: 1, rule: "impossible-statement", advice: null }]);
  });

  it("makes no migration of a question, whose answer no runner shows", () => {
    const folder = createFolder({
      "1_a.sql": "CREATE TABLE t (id int PRIMARY KEY, a text);",
      "2_b.sql": "ALTER TABLE t ALTER COLUMN a TYPE varchar(9);",
    });
    const { stdout } = lockwise(folder, ["plan", "2_b.sql", "--format", "json"]);
    const [check, next] = JSON.parse(stdout).series[0].steps;
    expect(check).toMatchObject({ phase: "check", byHand: true, files: [] });
    expect(check.sql).toBe("SELECT count(*) FROM t WHERE length(a) > 9;");
    expect(next.files).toHaveLength(1);
    expect(lockwise(folder, ["plan", "2_b.sql"]).stdout).toContain("go on if the count is 0");
  });

  it("keeps what needs a dangerous statement behind it", () => {
    const folder = createFolder({
      "1_a.sql": "CREATE TABLE t (a int);",
      "2_b.sql": "CREATE INDEX i ON t (a);\nCOMMENT ON INDEX i IS 'x';\nCOMMENT ON TABLE t IS 'y';",
    });
    const { stdout } = lockwise(folder, ["plan", "--format", "json", "2_b.sql"]);
    expect(JSON.parse(stdout).series.map(({ sql }: { sql: string }) => sql)).toEqual([
      "CREATE INDEX i ON t (a)",
      "COMMENT ON INDEX i IS 'x'",
    ]);
  });

  it("reads names behind the search path that the migration sets, and sets it in every step", () => {
    const folder = createFolder({
      "1_a.sql": "CREATE SCHEMA shop; CREATE TABLE shop.t (id int PRIMARY KEY, a text NOT NULL);",
      "2_b.sql":
        "BEGIN;\nSET search_path = shop;\nALTER TABLE t ALTER COLUMN a TYPE int USING a::int;\nCOMMIT;",
    });
    const { stdout } = lockwise(folder, ["plan", "--format", "json", "2_b.sql"]);
    const { steps } = JSON.parse(stdout).series[0];
    expect(steps).toHaveLength(7);
    for (const { sql, undo } of steps) {
      expect(sql).toMatch(/^SET search_path = shop;\n/);
      if (undo.sql !== "") expect(undo.sql).toMatch(/^SET search_path = shop;\n/);
    }
    expect(steps[1].sql).toContain("WHERE id BETWEEN batch_first AND batch_last");
  });

  it("adds to Drizzle's journal, and leaves to hands what Drizzle cannot do", () => {
    const journal = {
      version: "7",
      dialect: "postgresql",
      entries: [
        { idx: 0, version: "7", when: 1, tag: "0000_a", breakpoints: true },
        { idx: 1, version: "7", when: 2, tag: "0001_b", breakpoints: true },
      ],
    };
    const folder = createFolder({
      "drizzle/meta/_journal.json": `${JSON.stringify(journal, null, 2)}\n`,
      "drizzle/0000_a.sql": "CREATE TABLE t (id bigint PRIMARY KEY, a int);",
      "drizzle/0001_b.sql":
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);--> statement-breakpoint\nCREATE INDEX i ON t (a);",
    });
    const { stdout } = lockwise(folder, ["plan", "drizzle/0001_b.sql"]);
    expect(stdout).toContain("By hand, with psql");
    const { stderr } = lockwise(folder, ["plan", "--write", "drizzle/0001_b.sql"]);
    expect(stderr).toContain("2 entries added");
    const { entries } = JSON.parse(read(folder, "drizzle/meta/_journal.json"));
    expect(entries.map(({ idx, tag }: { idx: number; tag: string }) => [idx, tag])).toEqual([
      [0, "0000_a"],
      [1, "0001_b"],
      [2, "0002_b_1_constrain"],
      [3, "0003_b_2_validate"],
    ]);
    expect(entries[3].when).toBeGreaterThan(entries[2].when);
    expect(existsSync(join(folder, "drizzle/0003_b_2_validate.sql"))).toBe(true);
  });

  it("brings atlas.sum up to date where it was right, and says what to do where it was not", () => {
    const texts = {
      "20240101000000_a.sql": "CREATE TABLE t (a int);\n",
      "20240101000001_b.sql": "CREATE INDEX i ON t (a);\n",
    };
    const files = Object.entries(texts).map(([path, text]) => ({ path, bytes: Buffer.from(text) }));
    const make = (sum: string) =>
      createFolder({
        "atlas.hcl": "",
        "migrations/atlas.sum": sum,
        ...Object.fromEntries(files.map(({ path, bytes }) => [`migrations/${path}`, bytes])),
      });
    const folder = make(hashFolder(files));
    expect(lockwise(folder, ["plan", "--write", "migrations/20240101000001_b.sql"]).stderr).toContain(
      "atlas.sum: brought up to date",
    );
    const names = readdirSync(join(folder, "migrations")).filter((name) => name.endsWith(".sql"));
    expect(names).toHaveLength(3);
    const now = names.map((path) => ({ path, bytes: readFileSync(join(folder, "migrations", path)) }));
    expect(read(folder, "migrations/atlas.sum")).toBe(hashFolder(now));
    const other = make("h1:stale\n");
    expect(lockwise(other, ["plan", "--write", "migrations/20240101000001_b.sql"]).stderr).toContain(
      "run `atlas migrate hash`",
    );
    expect(read(other, "migrations/atlas.sum")).toBe("h1:stale\n");
  });

  it("hashes a folder as Atlas does", () => {
    const hash = (...parts: string[]) => {
      const sum = createHash("sha256");
      for (const part of parts) sum.update(part);
      return sum.digest("base64");
    };
    const [a, b] = [hash("1.sql", "x"), hash("1.sql", "x", "2.sql", "y")];
    const files = [
      { path: "m/2.sql", bytes: Buffer.from("y") },
      { path: "m/1.sql", bytes: Buffer.from("x") },
    ];
    expect(hashFolder(files)).toBe(`h1:${hash("1.sql", a, "2.sql", b)}\n1.sql h1:${a}\n2.sql h1:${b}\n`);
  });

  it("writes a runbook with the migration's own tables", () => {
    const { stdout } = lockwise(project(), ["plan", "--runbook", "m/00002_orders_code.sql"]);
    for (const part of [
      "## Before",
      "## Steps",
      "## While a step runs",
      "## After",
      "to_regclass('public.orders')",
      "pg_stat_progress_create_index",
      "pg_cancel_backend",
      "ANALYZE public.orders;",
    ])
      expect(stdout).toContain(part);
  });

  it("says so where nothing is dangerous, and complains where there is no file", () => {
    const folder = project();
    writeFileSync(join(folder, "m/00003_x.sql"), "-- +goose Up\nSELECT 1;\n");
    expect(lockwise(folder, ["plan", "m/00003_x.sql"]).stdout).toContain("Nothing to plan");
    expect(lockwise(folder, ["plan", "m/none.sql"])).toMatchObject({ status: 2, stdout: "" });
  });
});
