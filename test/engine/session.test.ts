import { describe, expect, it } from "vitest";
import { findingsIn, findingsOf, transactionsOf } from "./lint-sql.ts";

const only = { only: ["missing-lock-timeout"] };
const alter = "ALTER TABLE t ADD COLUMN c int;";

describe("the transaction that a statement runs in", () => {
  it("follows BEGIN, COMMIT, AND CHAIN and ROLLBACK", async () => {
    const sql = "SELECT 1; BEGIN; SELECT 2; COMMIT AND CHAIN; SELECT 3; ROLLBACK; SELECT 4;";
    expect(await transactionsOf(sql)).toEqual([
      "autocommit",
      "autocommit",
      "explicit",
      "explicit",
      "explicit",
      "explicit",
      "autocommit",
    ]);
  });

  it("is the runner's until the file commits it", async () => {
    expect(await transactionsOf("SELECT 1; COMMIT; SELECT 2;", { runner: "refinery" })).toEqual([
      "runner",
      "runner",
      "autocommit",
    ]);
  });

  it("is implicit where several statements are one message, and none where one is alone", async () => {
    expect(await transactionsOf("SELECT 1; SELECT 2;", { runner: "golang-migrate" })).toEqual([
      "implicit",
      "implicit",
    ]);
    expect(await transactionsOf("SELECT 1;", { runner: "golang-migrate" })).toEqual(["autocommit"]);
  });

  it("lets a subscription go that has no slot any more", async () => {
    const refused = { only: ["concurrently-in-transaction", "impossible-statement"] };
    const drop = "BEGIN; DROP SUBSCRIPTION s; COMMIT;";
    expect(await findingsOf(drop, refused)).toHaveLength(1);
    expect(await findingsOf(`ALTER SUBSCRIPTION s SET (slot_name = NONE); ${drop}`, refused)).toEqual([]);
  });

  it("lets no database move, and from 14 on no subscription be refreshed", async () => {
    const refused = { only: ["concurrently-in-transaction"] };
    const found = (sql: string, postgresVersion = 14) =>
      findingsOf(`BEGIN; ${sql}; COMMIT;`, { ...refused, postgresVersion });
    expect(await found("ALTER DATABASE shop SET TABLESPACE fast")).toHaveLength(1);
    expect(await found("ALTER DATABASE shop SET work_mem = '8MB'")).toEqual([]);
    const refreshing = ["REFRESH PUBLICATION", "SET PUBLICATION p", "DROP PUBLICATION p"];
    for (const words of refreshing) expect(await found(`ALTER SUBSCRIPTION s ${words}`)).toHaveLength(1);
    expect(await found("ALTER SUBSCRIPTION s REFRESH PUBLICATION", 13)).toEqual([]);
    expect(await found("ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = false)")).toEqual([]);
    expect(await found("ALTER SUBSCRIPTION s ENABLE")).toEqual([]);
  });

  it("becomes explicit when a message begins one", async () => {
    expect(await transactionsOf("BEGIN; SELECT 1; COMMIT; SELECT 2;", { runner: "golang-migrate" })).toEqual([
      "implicit",
      "explicit",
      "explicit",
      "implicit",
    ]);
  });
});

describe("a lock_timeout in force", () => {
  const routine = (settings: string) =>
    `CREATE FUNCTION change() RETURNS void LANGUAGE plpgsql ${settings} AS $$ BEGIN ${alter} END $$; SELECT change();`;
  const silent = [
    `SET lock_timeout = '5s'; ${alter}`,
    `SET SESSION lock_timeout TO 5000; ${alter}`,
    `BEGIN; SET LOCAL lock_timeout = '5s'; ${alter} COMMIT;`,
    `SELECT set_config('lock_timeout', '5s', false); ${alter}`,
    `BEGIN; SELECT pg_catalog.set_config('lock_timeout'::text, '5s', true); ${alter} COMMIT;`,
    `BEGIN; SET lock_timeout = '5s'; COMMIT; ${alter}`,
    `BEGIN; SET lock_timeout = '5s'; SAVEPOINT a; RESET lock_timeout; ROLLBACK TO a; ${alter} COMMIT;`,
    `DO $$ BEGIN PERFORM set_config('lock_timeout', '5s', false); END $$; ${alter}`,
    routine("SET lock_timeout = '5s'"),
    `BEGIN; SET lock_timeout = '4s'; ${routine("SET lock_timeout = '5s'")} ${alter} COMMIT;`,
  ];
  it.each(silent)("is seen: %s", async (sql) => {
    expect(await findingsOf(sql, only)).toEqual([]);
  });

  const loud = [
    alter,
    // Outside a transaction SET LOCAL is only warned about.
    `SET LOCAL lock_timeout = '5s'; ${alter}`,
    `SET lock_timeout = '5s'; RESET lock_timeout; ${alter}`,
    `SET lock_timeout = '5s'; RESET ALL; ${alter}`,
    `SET lock_timeout = '5s'; DISCARD ALL; ${alter}`,
    `SET lock_timeout = 0; ${alter}`,
    `BEGIN; SET LOCAL lock_timeout = '5s'; COMMIT; ${alter}`,
    `BEGIN; SET lock_timeout = '5s'; ROLLBACK; ${alter}`,
    `BEGIN; SAVEPOINT a; SET lock_timeout = '5s'; ROLLBACK TO a; ${alter} COMMIT;`,
    `SET statement_timeout = '5s'; ${alter}`,
    routine(""),
    routine("SET lock_timeout FROM CURRENT"),
    `SET lock_timeout = '5s'; ${routine("SET lock_timeout = 0")}`,
    `${routine("SET lock_timeout = '5s'")} ${alter}`,
    `BEGIN; ${routine("SET lock_timeout = '5s'")} ${alter} COMMIT;`,
  ];
  it.each(loud)("is not there: %s", async (sql) => {
    expect(await findingsOf(sql, only)).toHaveLength(1);
  });

  it("may come from the configuration or a role of the history", async () => {
    expect(await findingsOf(alter, { ...only, session: { lockTimeout: "5s" } })).toEqual([]);
    expect(await findingsOf(alter, { ...only, session: { lockTimeout: "0" } })).toHaveLength(1);
  });

  it("works as SET LOCAL in a message of several statements", async () => {
    expect(
      await findingsOf(`SET LOCAL lock_timeout = '5s'; ${alter}`, { ...only, runner: "golang-migrate" }),
    ).toEqual([]);
  });
});

describe("BEGIN and COMMIT around a file that its runner wraps", () => {
  const told = (text: string) =>
    findingsOf(text, { only: ["nested-transaction", "unfinished-transaction"], runner: "refinery" });

  it("are told once, where nothing follows them", async () => {
    expect(await told("BEGIN;\nSELECT 1;\nCOMMIT;\n-- done")).toEqual(["1:1 nested-transaction"]);
  });

  it("are told of either where something does, or where one is alone", async () => {
    const both = ["1:1 nested-transaction", "2:1 unfinished-transaction"];
    expect(await told("BEGIN;\nCOMMIT;\nSELECT 1;")).toEqual(both);
    expect(await told("SELECT 1;\nCOMMIT;")).toEqual(["2:1 unfinished-transaction"]);
    expect(await told("BEGIN;\nROLLBACK;")).toEqual(both);
  });
});

describe("a transaction that a file ends and begins again", () => {
  const only = { only: ["unfinished-transaction"] };
  const sql = "SELECT 1; COMMIT; CREATE INDEX CONCURRENTLY i ON t (c); BEGIN;";

  it("is left to the runner's own COMMIT, if it has one", async () => {
    expect(await findingsOf(sql, { ...only, runner: "refinery" })).toEqual(["1:11 unfinished-transaction"]);
    expect(await findingsOf(sql, { ...only, runner: "psql" })).toEqual([
      "1:11 unfinished-transaction",
      "1:57 unfinished-transaction",
    ]);
    expect(await findingsOf("BEGIN; SELECT 1;", { ...only, runner: "psql" })).toHaveLength(1);
  });
});

describe("a runner that says where names are looked up", () => {
  const only = { only: ["impossible-statement"] };
  const sources = [
    { path: "db/V1__a.sql", text: "CREATE TABLE orders (id int PRIMARY KEY, version int);" },
    {
      path: "db/V2__b.sql",
      text: "ALTER TABLE shop.orders DROP CONSTRAINT orders_pkey; ALTER TABLE shop.orders ADD PRIMARY KEY (id, version);",
    },
    {
      path: "db/V3__c.sql",
      text: "CREATE TABLE lines (id int, version int, FOREIGN KEY (id, version) REFERENCES orders (id, version));",
    },
  ];
  const project = (settings: string) => ({
    paths: [...sources.map(({ path }) => path), "db/flyway.conf"],
    read: (path: string) =>
      path === "db/flyway.conf" ? settings : (sources.find((source) => source.path === path)?.text ?? null),
  });

  it("has one table under both names", async () => {
    expect(await findingsIn(sources, { ...only, project: project("flyway.schemas=shop\n") })).toEqual([]);
    // Without: nobody knows that they are one.
    expect(await findingsIn(sources, { ...only, project: project("flyway.schemas=public\n") })).toHaveLength(
      1,
    );
  });
});
