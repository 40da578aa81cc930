import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";
import { findingsIn } from "./lint-sql.ts";

const table = "a_table_whose_name_is_longer_than_the_sixty_three_bytes_that_the_server_keeps";
const column = "a_column_whose_name_is_longer_than_the_sixty_three_bytes_that_the_server_keeps";
const check = "a_constraint_whose_name_is_longer_than_the_sixty_three_bytes_that_it_keeps";

const create = `CREATE TABLE ${table} (id bigint PRIMARY KEY, ${column} varchar(10) CONSTRAINT ${check} CHECK (${column} <> ''));`;
const uses = `ALTER TABLE ${table} ALTER COLUMN ${column} TYPE varchar(20);
CREATE INDEX ON ${table} (${column});
UPDATE ${table} SET ${column} = 'x' WHERE id = 1;
INSERT INTO ${table} (id, ${column}) VALUES (1, 'x');
ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL;
ALTER TABLE ${table} DROP CONSTRAINT ${check};
ALTER TABLE ${table} DROP COLUMN ${column};`;

it("names over 63 bytes mean what the server cuts them to", async () => {
  for (const parser of ["postgres", "pgsql-ast-parser"] as const) {
    const explained = await explainSources([{ path: "1.sql", text: `${create} ${uses}` }], {
      catalogue: rules,
      parser,
    });
    expect(explained.statements.map(({ fails }) => fails)).toEqual(explained.statements.map(() => null));
  }
});

it("a column with a long name is as new as its release", async () => {
  const sources = [
    { path: "1.sql", text: "CREATE TABLE t (id bigint);", role: "history" as const },
    { path: "2.sql", text: `ALTER TABLE t ADD COLUMN ${column} text;` },
    {
      path: "3.sql",
      text: `ALTER TABLE t ADD CONSTRAINT c CHECK (${column} <> '') NOT VALID; ALTER TABLE t RENAME COLUMN ${column} TO c; ALTER TABLE t DROP COLUMN c;`,
    },
  ];
  const only = { only: ["drop-column", "rename-column", "new-constraint-on-written-column"] };
  expect(await findingsIn(sources, { ...only, release: "run" })).toEqual([]);
});
