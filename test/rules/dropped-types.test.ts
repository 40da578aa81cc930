import { expect, test } from "vitest";
import { lint } from "../../src/index.ts";

const history = `CREATE TYPE mood AS ENUM ('calm', 'glad');
CREATE TYPE size AS ENUM ('small', 'large');
CREATE TYPE part AS (id bigint, kept mood);
CREATE TABLE orders (id bigint PRIMARY KEY, note text, size size);
CREATE TABLE parts (id bigint PRIMARY KEY, mood mood[]);
CREATE FUNCTION f(mood) RETURNS int LANGUAGE sql AS 'SELECT 1';
`;

/** The types of which drop-table says that queries cast to them. */
async function told(text: string): Promise<string[]> {
  const { diagnostics } = await lint([
    { path: "1.sql", text: history, role: "history" },
    { path: "2.sql", text: `SET lock_timeout = '1s';\n${text}` },
  ]);
  return diagnostics.flatMap(({ message }) => /cast to ([^,]+),/.exec(message)?.[1] ?? []);
}

test("a type goes with the columns, tables, functions and types that had it", async () => {
  expect(await told("ALTER TABLE orders DROP COLUMN size; DROP TYPE size;")).toEqual([]);
  expect(await told("ALTER TABLE orders ALTER size TYPE text; DROP TYPE size;")).toEqual([]);
  expect(await told("DROP TABLE parts; DROP TYPE mood CASCADE;")).toEqual([]);
  expect(await told("DROP FUNCTION f(mood); DROP TYPE mood CASCADE;")).toEqual([]);
  expect(await told("DROP TYPE part; DROP TYPE mood CASCADE;")).toEqual(["part"]);
  expect(await told("ALTER TYPE mood RENAME TO mood_old; DROP TYPE mood_old CASCADE;")).toEqual([]);
});

test("what the file has taken away of other types says nothing", async () => {
  expect(await told("ALTER TABLE orders DROP COLUMN note; DROP TYPE mood CASCADE;")).toEqual(["mood"]);
  expect(await told("ALTER TABLE orders ALTER note TYPE varchar; DROP TYPE mood CASCADE;")).toEqual(["mood"]);
  expect(await told("DROP TABLE orders; DROP TYPE mood CASCADE;")).toEqual(["mood"]);
});

test("where the history does not tell what went, nothing is said", async () => {
  expect(await told("DROP TABLE unheard_of; DROP TYPE mood CASCADE;")).toEqual([]);
  expect(await told("DROP VIEW moods; DROP TYPE mood CASCADE;")).toEqual([]);
  const strange = "ALTER TABLE orders ADD COLUMN mark unheard_of;";
  expect(await told(`${strange} ALTER TABLE orders DROP COLUMN mark; DROP TYPE unheard_of;`)).toEqual([]);
  expect(await told("ALTER TABLE orders DROP COLUMN note; DROP TYPE unheard_of;")).toEqual(["unheard_of"]);
});
