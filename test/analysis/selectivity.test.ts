import { expect, it } from "vitest";
import { isBounded } from "../../src/analysis/effects/selectivity.ts";
import { loadPostgresParser } from "../../src/parse/postgres.ts";
import { foldSql, parseSql } from "./fold-sql.ts";

const parser = await loadPostgresParser();
const schema = foldSql(
  parser,
  `CREATE TABLE t (id bigint, code text UNIQUE, day date, total int, part int, PRIMARY KEY (id, part));
   CREATE INDEX days ON t (day, total);
   CREATE INDEX some ON t (total) WHERE total > 0;
   CREATE INDEX lowered ON t (lower(code));
   ALTER TABLE half ADD COLUMN total int;`,
  16,
);

/** Whether a condition on a table bounds what is read of it, `from` being the FROM clause. */
function isLimited(where: string, from = "t", qualifier: string | null = null): boolean {
  const [query] = parseSql(parser, `SELECT 1 FROM ${from} WHERE ${where}`);
  if (query?.kind !== "select" || query.query.kind !== "select" || query.query.where === null)
    throw new Error(where);
  const relation = schema.findRelation({ schema: null, name: from });
  const world = { schema, version: 16, searchPath: ["public"], settings: new Map(), text: "" };
  return isBounded(query.query.where, relation, world, qualifier);
}

it.each([
  "id = 1",
  "1 = id",
  "id = $1",
  "id = now()::bigint",
  "id = 1 + 2",
  "id = -1",
  "code = 'a' AND total > 7",
  "day = '2024-01-01'",
  "id IN (1, 2)",
  "id = ANY ($1)",
  "id IN (SELECT id FROM t LIMIT 10)",
  "id IN (VALUES (1))",
  "id IN (SELECT id FROM t WHERE code = 'a')",
  "id = (SELECT max(id) FROM t)",
  "id = (SELECT random()::bigint)",
  "id = ANY (SELECT id FROM t LIMIT 10)",
  "day BETWEEN '2024-01-01' AND '2024-02-01'",
  "day > '2024-01-01' AND day <= '2024-02-01'",
  "'2024-01-01' < day AND '2024-02-01' >= day",
  // A batch of old rows, up to a point.
  "id < 1000",
  "id <= 1000",
  "1000 > id",
  "id = 1 OR code = 'a'",
])("%s bounds what is read", (where) => {
  expect(isLimited(where)).toBe(true);
});

it.each([
  "total = 1",
  "part = 1",
  "id <> 1",
  "id + 1 = 7",
  "id = total",
  "id NOT IN (1, 2)",
  "id IN (1, total)",
  "total IN (1, 2)",
  "id <> ALL ($1)",
  "id > ANY ($1)",
  "id IN (SELECT id FROM t)",
  "id = random()::bigint",
  "id = (SELECT max(x.id) FROM t AS x WHERE x.part = t.total)",
  "id NOT IN (SELECT id FROM t LIMIT 10)",
  "EXISTS (SELECT FROM t LIMIT 1)",
  "day NOT BETWEEN '2024-01-01' AND '2024-02-01'",
  "total BETWEEN 1 AND 2",
  "day > '2024-01-01'",
  "day < '2024-01-01'",
  "day > '2024-01-01' AND day >= '2024-02-01'",
  "day > '2024-01-01' AND total < 7",
  "day > '2024-01-01' AND day < current_date - total",
  // The new end grows.
  "id > 1000",
  "id >= 1000",
  "1000 < id",
  "id = 1 OR total = 1",
  "NOT id = 1",
  "id LIKE '1'",
])("%s does not", (where) => {
  expect(isLimited(where)).toBe(false);
});

it("asks whose column it is, where several tables are read", () => {
  expect(isLimited("t.id = 1", "t", "t")).toBe(true);
  expect(isLimited("id = 1", "t", "t")).toBe(true);
  expect(isLimited("other.id = 1", "t", "t")).toBe(false);
  expect(isLimited("other.id BETWEEN 1 AND 2", "t", "t")).toBe(false);
});

it("takes id for a key where the history does not know the table, or not all of it", () => {
  for (const table of ["unknown", "half"]) {
    expect(isLimited("id = 1", table)).toBe(true);
    expect(isLimited("total = 1", table)).toBe(false);
    expect(isLimited("id < 1000", table)).toBe(false);
    expect(isLimited("id BETWEEN 1 AND 9", table)).toBe(true);
  }
});
