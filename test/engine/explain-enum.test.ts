import { expect, test } from "vitest";
import { explain } from "../../src/index.ts";

const history = "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (id int PRIMARY KEY, m mood, note text);";

async function codes(sql: string, postgresVersion = 16) {
  const sources = [
    { path: "1.sql", text: history, role: "history" as const },
    { path: "2.sql", text: sql },
  ];
  const { statements } = await explain(sources, { postgresVersion });
  return statements.flatMap(({ fails }) => fails?.sqlstate ?? []);
}

const add = "ALTER TYPE mood ADD VALUE 'new';";

test("a value is refused in the transaction that adds it", async () => {
  expect(await codes(`BEGIN; ${add} UPDATE t SET m = 'new' WHERE id = 1; COMMIT;`)).toEqual(["55P04"]);
  expect(await codes(`BEGIN; ${add} SELECT 'new'::mood; COMMIT;`)).toEqual(["55P04"]);
});

test("so it is as a default of a column of the type, or where one is compared with it", async () => {
  for (const use of [
    "ALTER TABLE t ALTER COLUMN m SET DEFAULT 'new';",
    "ALTER TABLE t ADD CHECK (m <> 'new');",
    "ALTER TABLE t ADD CHECK (m IN ('ok', 'new'));",
    "CREATE INDEX i ON t (id) WHERE m = 'new';",
    "CREATE VIEW v AS SELECT * FROM t WHERE m = 'new';",
  ])
    expect(await codes(`BEGIN; ${add} ${use} COMMIT;`), use).toEqual(["55P04"]);
  for (const other of [
    "ALTER TABLE t ALTER COLUMN note SET DEFAULT 'new';",
    "ALTER TABLE t ADD CHECK (note <> 'new');",
    "CREATE INDEX i ON t (m) WHERE note = 'new';",
    "CREATE VIEW v AS SELECT m, 'new' AS word FROM t;",
  ])
    expect(await codes(`BEGIN; ${add} ${other} COMMIT;`), other).toEqual([]);
});

test("after it, and for other values and tables, it is not", async () => {
  expect(await codes(`${add} UPDATE t SET m = 'new' WHERE id = 1;`)).toEqual([]);
  expect(await codes(`BEGIN; ${add} COMMIT; UPDATE t SET m = 'new' WHERE id = 1;`)).toEqual([]);
  expect(await codes(`BEGIN; ${add} UPDATE t SET m = 'ok' WHERE id = 1; COMMIT;`)).toEqual([]);
  expect(await codes(`BEGIN; ${add} CREATE TABLE n (a text DEFAULT 'new'); COMMIT;`)).toEqual([]);
});

test("from 17 on values of a type that the transaction made can be used", async () => {
  const sql = "BEGIN; CREATE TYPE x AS ENUM ('a'); ALTER TYPE x ADD VALUE 'b'; SELECT 'b'::x; COMMIT;";
  expect(await codes(sql, 16)).toEqual(["55P04"]);
  expect(await codes(sql, 17)).toEqual([]);
});
