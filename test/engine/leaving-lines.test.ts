import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";
import { lint } from "../../src/index.ts";
import { profiles } from "../../src/layout/profiles/index.ts";

/* The line with which a runner leaves its transaction is printed so that the runner sees it where it is pasted. */

const byLine = profiles.filter(({ leaving }) => leaving.by === "line").map(({ name }) => name);

const paths: Record<string, string> = { liquibase: "1.sql" };
const heads: Record<string, string> = {
  liquibase: "--liquibase formatted sql\n--changeset a:1\n",
  goose: "-- +goose Up\n",
  dbmate: "-- migrate:up\n",
  "sql-migrate": "-- +migrate Up\n",
};

it.each(byLine)("%s", async (runner) => {
  const path = paths[runner] ?? "20240101000000_a.sql";
  const head = heads[runner] ?? "";
  const sql = "CREATE INDEX CONCURRENTLY i ON orders (a);\n";
  const { diagnostics } = await lint([{ path, text: `${head}${sql}` }], { runner });
  const [told] = diagnostics.filter(({ rule }) => rule === "concurrently-in-transaction");
  const [step] = told?.rewrite ?? [];
  expect(step?.sql).toContain("CONCURRENTLY");
  const first = head.startsWith("--liquibase") ? "--liquibase formatted sql\n" : "";
  const again = await lint([{ path, text: `${first}${step?.sql}\n` }], { runner });
  expect(again.diagnostics.map(({ rule }) => rule)).not.toContain("concurrently-in-transaction");
});

it.each([
  ["CREATE INDEX CONCURRENTLY i ON a (b);\n", { statementTimeout: "30s" }, "concurrent-build-under-timeout"],
  ["VACUUM FULL a;\n", {}, "missing-lock-timeout"],
])("Flyway: nothing is put beside %s, unless it is told to run both", async (text, session, rule) => {
  const path = "V1__a.sql";
  const told = async (more: Record<string, string>) => {
    const files: Record<string, string> = { [path]: text, ...more };
    const project = { paths: Object.keys(files), read: (one: string) => files[one] ?? null };
    const report = await lintSources([{ path, text }], {
      catalogue: rules,
      runner: "flyway",
      session,
      project,
    });
    return report.diagnostics.find((one) => one.rule === rule);
  };
  const alone = await told({});
  expect(alone?.fix).toBeNull();
  const words = `${alone?.advice ?? ""}${alone?.rewrite?.[0]?.outside ?? ""}`;
  expect(words).toContain("set executeInTransaction=false in <script>.sql.conf");
  expect((await told({ [`${path}.conf`]: "executeInTransaction=false\n" }))?.fix).not.toBeNull();
  expect((await told({ "flyway.conf": "flyway.mixed=true\n" }))?.fix).not.toBeNull();
});

it("takes no table of a user's schema for the server's own, whatever its name begins with", async () => {
  const fails = async (text: string) => {
    const { diagnostics } = await lint([{ path: "a.sql", text }]);
    return diagnostics.map(({ rule }) => rule);
  };
  expect(await fails("REINDEX TABLE CONCURRENTLY app.pg_orders;")).toEqual([]);
  expect(await fails("REINDEX TABLE CONCURRENTLY pg_catalog.pg_class;")).toEqual(["impossible-statement"]);
});

it.each(["dbmate", "sqlx", "golang-migrate"])(
  "%s: a build that has to stay alone is told no SET",
  async (runner) => {
    const paths: Record<string, string> = { "golang-migrate": "1_a.up.sql" };
    const head: Record<string, string> = {
      dbmate: "-- migrate:up transaction:false\n",
      sqlx: "-- no-transaction\n",
    };
    const text = `${head[runner] ?? ""}CREATE INDEX CONCURRENTLY i ON a (b);\n`;
    const session = { lockTimeout: "5s" };
    const { diagnostics } = await lint([{ path: paths[runner] ?? "1_a.sql", text }], { runner, session });
    expect(diagnostics.map(({ rule, rewrite, fix }) => [rule, rewrite ?? null, fix ?? null])).toEqual([
      ["concurrent-build-under-timeout", null, null],
    ]);
    expect(diagnostics[0]?.advice).toContain("-c lock_timeout=0");
  },
);

it("goose: a build that is refused in a transaction is told to leave it, and nothing of timeouts", async () => {
  const text = "-- +goose Up\nSET LOCAL lock_timeout = '5s';\nCREATE INDEX CONCURRENTLY i ON a (b);\n";
  const { diagnostics } = await lint([{ path: "1_a.sql", text }], { runner: "goose" });
  expect(diagnostics.map(({ rule }) => rule)).toEqual(["concurrently-in-transaction"]);
});

it("Flyway: what belongs together is printed without a transaction of its own, since Flyway makes one", async () => {
  const text = "ALTER TABLE orders RENAME TO purchases;\n";
  const beginning = async (runner: string, path: string, more = "") => {
    const { diagnostics } = await lint([{ path, text: more + text }], { runner });
    const told = diagnostics.find(({ rule }) => rule === "rename-table")?.rewrite ?? [];
    return told.map(({ sql }) => sql.split("\n", 1)[0]);
  };
  expect(await beginning("psql", "a.sql")).toContain("BEGIN;");
  const without = "DROP INDEX CONCURRENTLY i;\n";
  expect(await beginning("flyway", "V1__a.sql", without)).not.toContain("BEGIN;");
});

it.each([
  ["supabase", "20240101000000_a.sql", "the Supabase CLI keeps it in its transaction: run it with psql"],
  ["flyway", "V1__a.sql", "set executeInTransaction=false in <script>.sql.conf"],
])("%s: how to leave is told for what it does not leave for by itself", async (runner, path, words) => {
  const told = async (text: string, rule: string) => {
    const { diagnostics } = await lintSources([{ path, text }], { catalogue: rules, runner });
    const own = diagnostics.find((one) => one.rule === rule);
    return own?.rewrite?.at(-1)?.outside ?? own?.advice;
  };
  const detach = "ALTER TABLE a DETACH PARTITION b CONCURRENTLY;";
  expect(await told(detach, "concurrently-in-transaction")).toBe(words);
  const block =
    "DO $$ BEGIN FOR i IN 1..9 LOOP UPDATE orders SET a = 1 WHERE b IS NULL; COMMIT; END LOOP; END $$;";
  expect(await told(block, "batched-backfill-in-one-transaction")).toBe(
    `Run the block outside of any transaction: ${words}`,
  );
  const index = "BEGIN;\nCREATE INDEX CONCURRENTLY i ON a (b);\nCOMMIT;\n";
  const seen = await told(index, "concurrently-in-transaction");
  expect(seen).toMatch(/^(?:the Supabase CLI runs it by itself|put it in a script without)/);
});

it.each([
  ["sqlx", "1_a.sql", "", ["concurrently-in-transaction"]],
  ["dbmate", "1_a.sql", "-- migrate:up\n", ["concurrently-in-transaction"]],
  ["goose", "1_a.sql", "-- +goose Up\n", []],
])("%s: what stands behind a COMMIT is sent with it, or by itself", async (runner, path, head, told) => {
  const text = `${head}COMMIT;\nCREATE INDEX CONCURRENTLY i ON a (b);\nBEGIN;\n`;
  const { diagnostics } = await lint([{ path, text }], { runner });
  const rulesTold = diagnostics.map(({ rule }) => rule).filter((rule) => rule.startsWith("concurrently"));
  expect(rulesTold).toEqual(told);
});
