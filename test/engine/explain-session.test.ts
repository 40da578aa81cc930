import { expect, it } from "vitest";
import { explain } from "../../src/index.ts";

/*
 * What the server refuses for the place where a statement stands: seen on PostgreSQL 12 to 18. The measured cases of
 * test/postgres all run in a transaction and cannot tell.
 */

const setup = "CREATE TABLE t (id bigint PRIMARY KEY, c int);";

async function failuresOf(text: string, runner = "psql"): Promise<readonly (string | null)[]> {
  const { statements } = await explain(
    [
      { path: "1.sql", text: setup, role: "history" },
      { path: "2.sql", text },
    ],
    { runner },
  );
  return statements.map(({ fails }) => fails?.sqlstate ?? null);
}

it.each([
  "LOCK TABLE t;",
  "SAVEPOINT a;",
  "ROLLBACK TO a;",
  "RELEASE a;",
  "DECLARE c CURSOR FOR SELECT * FROM t;",
])("outside a transaction: %s", async (text) => {
  expect(await failuresOf(text)).toEqual(["25P01"]);
});

it.each(["DECLARE c CURSOR WITH HOLD FOR SELECT * FROM t;", "COMMIT;", "ROLLBACK;"])(
  "only warned about, or allowed: %s",
  async (text) => {
    expect(await failuresOf(text)).toEqual([null]);
  },
);

it("LOCK TABLE holds where several statements are one message; savepoints do not", async () => {
  expect(await failuresOf("LOCK TABLE t; SAVEPOINT a;", "prisma")).toEqual([null, "25P01"]);
});

it("a savepoint is there until it is released or a former one is gone back to", async () => {
  expect(await failuresOf("BEGIN; SAVEPOINT a; RELEASE a; ROLLBACK TO a; COMMIT;")).toEqual([
    null,
    null,
    null,
    "3B001",
    null,
  ]);
  expect(await failuresOf("BEGIN; SAVEPOINT a; SAVEPOINT b; ROLLBACK TO a; ROLLBACK TO b;")).toEqual([
    null,
    null,
    null,
    null,
    "3B001",
  ]);
});

it("the isolation level of a transaction stands from its first query on", async () => {
  const late = "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;";
  expect(await failuresOf(`BEGIN; SELECT 1; ${late}`)).toEqual([null, null, "25001"]);
  expect(await failuresOf(`BEGIN; CREATE TABLE u (id int); ${late}`)).toEqual([null, null, "25001"]);
  expect(
    await failuresOf(`BEGIN; SET lock_timeout = '1s'; ${late} SELECT 1; COMMIT; BEGIN; ${late}`),
  ).toEqual(Array(7).fill(null));
  expect(await failuresOf(`BEGIN; SELECT 1; SET TRANSACTION READ ONLY;`)).toEqual([null, null, null]);
  expect(await failuresOf(`SELECT 1; ${late}`)).toEqual([null, null]);
  expect(await failuresOf(`BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; ${late}`)).toEqual([
    null,
    null,
    null,
  ]);
});

it("the transaction is looked at before the names", async () => {
  expect(await failuresOf("BEGIN; DROP INDEX CONCURRENTLY t_pkey;")).toEqual([null, "25001"]);
  expect(await failuresOf("DROP INDEX CONCURRENTLY t_pkey;")).toEqual(["2BP01"]);
});

it.each([
  ["a refused statement", "CREATE VIEW v AS SELECT c FROM t; DROP TABLE t;"],
  ["a broken one", "DROP TABLE IF EXISTS gone;\nSELECT 1 1;"],
])(
  "a later file stands on what is put right, whether the one before is explained or history: %s",
  async (_, text) => {
    const next = "ALTER TABLE t ADD COLUMN d int; DROP TABLE IF EXISTS gone; DROP TABLE t;";
    const behind = async (role?: "history") => {
      const first = role === undefined ? { path: "2.sql", text } : { path: "2.sql", text, role };
      const sources = [
        { path: "1.sql", text: setup, role: "history" as const },
        first,
        { path: "3.sql", text: next },
      ];
      const { statements } = await explain(sources, { runner: "psql" });
      return statements.filter(({ path }) => path === "3.sql");
    };
    expect(await behind()).toEqual(await behind("history"));
  },
);

it("what was refused leaves all as it was for what comes behind it", async () => {
  const text =
    "CREATE VIEW v AS SELECT c FROM t; DROP TABLE t; ALTER TABLE t ADD COLUMN d int; ALTER TABLE t DROP COLUMN c; DROP VIEW v; DROP TABLE t;";
  expect(await failuresOf(text)).toEqual([null, "2BP01", null, "2BP01", null, null]);
});

it("lets a transaction READ ONLY set the server, which no dump shows", async () => {
  const text =
    "SET default_transaction_read_only = on; ALTER SYSTEM RESET work_mem; CREATE TABLE u (id int);";
  expect(await failuresOf(text)).toEqual([null, null, "25006"]);
});
