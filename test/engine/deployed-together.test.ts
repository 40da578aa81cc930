import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";
import type { Options } from "../../src/engine/options.ts";
import { profiles } from "../../src/layout/index.ts";
import { findingsIn } from "./lint-sql.ts";

const together = { release: "run" } as const;
const missing = { only: ["missing-lock-timeout"] };

function filesOf(...texts: string[]) {
  return texts.map((text, index) => ({ path: `migrations/000${index + 1}_m.sql`, text }));
}

/** Texts as a runner wants to see them. */
function dressed(runner: string, texts: readonly string[]) {
  const own: Record<string, (version: number) => string> = {
    postgrator: (version) => `${version}.do.sql`,
    "play-evolutions": (version) => `${version}.sql`,
  };
  const names = (index: number): string =>
    runner === "flyway" || runner === "refinery"
      ? `V${index + 1}__m.sql`
      : runner === "golang-migrate"
        ? `${index + 1}_m.up.sql`
        : (own[runner]?.(index + 1) ?? `000${index + 1}_m.sql`);
  const heads: Record<string, string> = {
    goose: "-- +goose Up\n",
    dbmate: "-- migrate:up\n",
    "play-evolutions": "# --- !Ups\n",
    "sql-migrate": "-- +migrate Up\n",
  };
  const marked = (text: string, index: number) =>
    runner === "liquibase"
      ? `--liquibase formatted sql\n--changeset a:${index}\n${text}`
      : `${heads[runner] ?? ""}${text}`;
  return texts.map((text, index) => ({ path: `migrations/${names(index)}`, text: marked(text, index) }));
}

describe("the session of files that are deployed together", () => {
  const texts = ["SET lock_timeout = '5s'; SELECT 1;", "ALTER TABLE t ADD COLUMN c int;"];

  it.each(profiles.map(({ name, keepsSession }) => [name, keepsSession]))(
    "of %s goes on: %s",
    async (runner, keepsSession) => {
      const sources = dressed(String(runner), texts);
      const found = await findingsIn(sources, { ...missing, ...together, runner: String(runner) });
      expect(found.length).toBe(keepsSession ? 0 : 1);
    },
  );

  it("begins anew for each file where each is a release of its own", async () => {
    expect(await findingsIn(dressed("sqlx", texts), { ...missing, runner: "sqlx" })).toHaveLength(1);
  });

  it("does not keep what was SET LOCAL", async () => {
    const sources = dressed("sqlx", ["SET LOCAL lock_timeout = '5s'; SELECT 1;", "ALTER TABLE t ADD c int;"]);
    expect(await findingsIn(sources, { ...missing, ...together, runner: "sqlx" })).toHaveLength(1);
  });

  it("does not begin with what a down migration sets", async () => {
    const sources = [
      { path: "m/1_a.up.sql", text: "SELECT 1;" },
      { path: "m/1_a.down.sql", text: "SET lock_timeout = '5s';" },
      { path: "m/2_b.up.sql", text: "ALTER TABLE t ADD COLUMN c int;" },
    ];
    expect(await findingsIn(sources, { ...missing, ...together, runner: "golang-migrate" })).toHaveLength(1);
  });

  it("keeps a timeout that a later build runs into, and points at the build", async () => {
    const sources = dressed("sqlx", [
      "SET statement_timeout = '5s'; SELECT 1;",
      "-- no-transaction\nCREATE INDEX CONCURRENTLY i ON t (c);",
    ]);
    const only = { only: ["concurrent-build-under-timeout"], runner: "sqlx" };
    expect(await findingsIn(sources, { ...only, ...together })).toEqual([
      "migrations/0002_m.sql 2:1 concurrent-build-under-timeout",
    ]);
    expect(await findingsIn(sources, only)).toEqual([]);
  });

  it("goes on from changeset to changeset of one file", async () => {
    const text = `--liquibase formatted sql
--changeset a:1
SET lock_timeout = '5s';
--changeset a:2
ALTER TABLE t ADD COLUMN c int;`;
    const sources = [{ path: "changes.sql", text }];
    expect(await findingsIn(sources, { ...missing, ...together, runner: "liquibase" })).toEqual([]);
    // Each changeset is judged as if those before it had been deployed earlier, by another connection.
    expect(await findingsIn(sources, { ...missing, runner: "liquibase" })).toHaveLength(1);
  });
});

describe.each(["drizzle", "node-pg-migrate"])("files that share the one transaction of %s", (runner) => {
  const run = { ...together, runner };
  const cases: [string, string[], string, string][] = [
    [
      "an enum value",
      [
        "CREATE TYPE mood AS ENUM ('ok');",
        "ALTER TYPE mood ADD VALUE 'sad';",
        "INSERT INTO t VALUES ('sad');",
      ],
      "enum-value-in-same-transaction",
      "3",
    ],
    [
      "a constraint",
      [
        "SELECT 1;",
        "ALTER TABLE t ADD CONSTRAINT k CHECK (c > 0) NOT VALID;",
        "ALTER TABLE t VALIDATE CONSTRAINT k;",
      ],
      "validate-in-same-transaction",
      "3",
    ],
    [
      "a lock",
      ["SELECT 1;", "ALTER TABLE t ADD COLUMN c int;", "CREATE INDEX i ON u (d);"],
      "work-under-strong-lock",
      "3",
    ],
    [
      "a lock on the filled table",
      ["SELECT 1;", "ALTER TABLE t ADD COLUMN c int;", "UPDATE t SET c = 1;"],
      "backfill-with-ddl",
      "3",
    ],
  ];
  it.each(cases)("keep %s to the end", async (_, texts, rule, file) => {
    const [first, ...rest] = filesOf(...texts);
    if (first === undefined) throw new Error("no files");
    const sources = [{ ...first, role: "history" as const }, ...rest];
    const only = { only: [rule] };
    const found = await findingsIn(sources, { ...run, ...only });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`000${file}_m.sql .* ${rule}$`));
    // Each by itself, with a deployment between them, is fine.
    expect(await findingsIn(sources, { ...only, runner })).toEqual([]);
  });

  it("need one lock_timeout, which may be LOCAL, and miss it once", async () => {
    const alters = ["ALTER TABLE t ADD COLUMN c int;", "ALTER TABLE u ADD COLUMN c int;"];
    expect(
      await findingsIn(filesOf("SET LOCAL lock_timeout = '5s';", ...alters), { ...run, ...missing }),
    ).toEqual([]);
    expect(await findingsIn(filesOf(...alters), { ...run, ...missing })).toHaveLength(1);
    expect(await findingsIn(filesOf(...alters), { runner, ...missing })).toHaveLength(2);
  });

  it("are each by itself once one of them has committed", async () => {
    const sources = filesOf("SELECT 1; COMMIT;", "CREATE INDEX CONCURRENTLY i ON t (c);");
    const only = { only: ["concurrently-in-transaction"] };
    expect(await findingsIn(sources, { ...run, ...only })).toEqual([]);
  });
});

describe("Flyway with group=true", () => {
  const flyway = async (settings: string, texts: readonly string[], options: Options) => {
    const sources = dressed("flyway", texts);
    const files = new Map([
      ...sources.map(({ path, text }) => [path, text] as const),
      ["flyway.conf", settings],
    ]);
    const project = { paths: [...files.keys()], read: (path: string) => files.get(path) ?? null };
    const { statements } = await explainSources(sources, {
      catalogue: rules,
      ...options,
      project,
      runner: "flyway",
    });
    return statements.map(({ transaction, fails }) => [transaction, fails?.sqlstate ?? null]);
  };
  const alone = ["ALTER TYPE mood ADD VALUE 'sad';", "VACUUM t;"];

  it("runs what needs no transaction by itself, one release at a time", async () => {
    expect(await flyway("flyway.group=true\n", alone, {})).toEqual([
      ["runner", null],
      ["autocommit", null],
    ]);
  });

  it("takes the transaction from all of a group where it may mix", async () => {
    expect(await flyway("group=true\nmixed=true\n", alone, together)).toEqual([
      ["autocommit", null],
      ["autocommit", null],
    ]);
  });

  it("is refused where it may not", async () => {
    const sources = dressed("flyway", alone);
    const project = {
      paths: [...sources.map(({ path }) => path), "flyway.conf"],
      read: (path: string) =>
        path === "flyway.conf" ? "group=true" : (sources.find((one) => one.path === path)?.text ?? null),
    };
    const options = { only: ["concurrently-in-transaction"], runner: "flyway", project, catalogue: rules };
    expect(await findingsIn(sources, { ...options, ...together })).toEqual([
      "migrations/V2__m.sql 1:1 concurrently-in-transaction",
    ]);
    expect(await findingsIn(sources, options)).toEqual([]);
  });
});

describe("what a piece of a file has SET holds in the next piece", () => {
  const set = "SET lock_timeout = '5s';";
  const alter = "ALTER TABLE t ADD COLUMN c int;";
  const files: [string, string, string][] = [
    ["psql", "1_m.sql", `${set}\n${alter}`],
    ["goose", "0001_m.sql", `-- +goose NO TRANSACTION\n-- +goose Up\n${set}\n${alter}`],
    [
      "goose",
      "0001_m.sql",
      `-- +goose Up\n-- +goose StatementBegin\n${set}\n-- +goose StatementEnd\n${alter}`,
    ],
    ["drizzle", "0001_m.sql", `${set}--> statement-breakpoint\n${alter}`],
    ["graphile-migrate", "committed/000001.sql", `${set}\n${alter}`],
    ["graphile-migrate", "committed/000001.sql", `--! no-transaction\n${set}\n${alter}`],
    ["supabase", "supabase/migrations/1_m.sql", `${set}\nVACUUM t;\n${alter}`],
    [
      "liquibase",
      "a.sql",
      `--liquibase formatted sql\n--changeset a:1 runInTransaction:false\n${set}\n${alter}`,
    ],
  ];
  it.each(files)("of %s: %s %s", async (runner, path, text) => {
    expect(await findingsIn([{ path, text }], { ...missing, runner })).toEqual([]);
    expect(
      await findingsIn([{ path, text: text.replace(set, "SELECT 1;") }], { ...missing, runner }),
    ).toHaveLength(1);
  });
});
