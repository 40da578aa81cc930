import type { Random } from "./random.ts";

/** So few names that statements meet. */
const tables = ["t", "u", "v", "s.t", '"T"'];
const columns = ["a", "b", "c"];
const policies = ["p", "q"];
const types = ["t", "u", "e", "d", "k", "t[]", "s.t", "int"];

/** Statements of one kind around those of a text, which are the frame that the others change. */
export function mixed(text: string, make: (random: Random) => string, random: Random): string {
  const own = Array.from({ length: 4 + random.below(40) }, () => make(random)).join(";\n");
  if (random.oneIn(2)) return own;
  return random.oneIn(2) ? `${text.slice(0, 4000)};\n${own}` : `${own};\n${text.slice(0, 4000)}`;
}

/** Policies, and what happens to the tables that they stand on and read. */
export function policyStatement(random: Random): string {
  const [table, other] = [random.pick(tables), random.pick(tables)];
  const policy = random.pick(policies);
  if (random.oneIn(3)) return tableStatement(random);
  const clause = `${random.pick(["USING", "WITH CHECK"])} (${condition(random, other)})`;
  return random.pick([
    `CREATE POLICY ${policy} ON ${table} ${clause}`,
    `CREATE POLICY ${policy} ON ${table} FOR UPDATE USING (${condition(random, other)}) WITH CHECK (${condition(random, table)})`,
    `ALTER POLICY ${policy} ON ${table} ${clause}`,
    `ALTER POLICY ${policy} ON ${table} RENAME TO ${random.pick(policies)}`,
    `ALTER POLICY ${policy} ON ${table} TO PUBLIC`,
    `DROP POLICY IF EXISTS ${policy} ON ${table}`,
    `ALTER TABLE ${table} ${random.pick(["ENABLE", "DISABLE", "FORCE"])} ROW LEVEL SECURITY`,
  ]);
}

function condition(random: Random, table: string): string {
  const column = random.pick(columns);
  return random.pick([
    `${column} = 1`,
    `EXISTS (SELECT 1 FROM ${table} x WHERE x.${column} = 1)`,
    `${column} IN (SELECT ${random.pick(columns)} FROM ${table})`,
    `(SELECT count(*) FROM ${table}) > 0`,
    "f(a)",
  ]);
}

/** Columns of the row types of tables, of composites, enums and domains, and what happens to these. */
export function rowTypeStatement(random: Random): string {
  const [table, type] = [random.pick(tables), random.pick(types)];
  if (random.oneIn(3)) return tableStatement(random);
  const name = random.pick(["e", "d", "k"]);
  return random.pick([
    `CREATE TYPE ${name} AS (x ${type}, y ${random.pick(types)})`,
    `CREATE TYPE ${name} AS ENUM ('a', 'b')`,
    `CREATE DOMAIN ${name} AS ${type} CHECK (VALUE IS NOT NULL)`,
    `ALTER TYPE ${name} ADD ATTRIBUTE z ${type}${random.pick(["", " CASCADE"])}`,
    `ALTER TYPE ${name} RENAME TO ${random.pick(["e", "d", "k"])}`,
    `ALTER TYPE ${name} SET SCHEMA s`,
    `ALTER TYPE ${name} ADD VALUE IF NOT EXISTS 'c' BEFORE 'b'`,
    `DROP TYPE IF EXISTS ${name} CASCADE`,
    `CREATE TABLE ${table} OF ${name}`,
    `ALTER TABLE ${table} OF ${name}`,
    `ALTER TABLE ${table} NOT OF`,
    `ALTER TABLE ${table} ADD ${random.pick(columns)} ${type}`,
    `ALTER TABLE ${table} ALTER ${random.pick(columns)} TYPE ${type}`,
    `CREATE TABLE ${random.pick(tables)} (LIKE ${table} INCLUDING ALL, z ${type})`,
    `CREATE VIEW w AS SELECT * FROM ${table}`,
  ]);
}

/** What happens to tables. */
function tableStatement(random: Random): string {
  const [table, other] = [random.pick(tables), random.pick(tables)];
  const bare = random.pick(["t", "u", "v", '"T"']);
  return random.pick([
    `CREATE TABLE ${table} (a int PRIMARY KEY, b ${random.pick(types)}, c text)`,
    `CREATE TABLE IF NOT EXISTS ${table} (a int UNIQUE, b serial) PARTITION BY LIST (a)`,
    `CREATE TABLE ${table} PARTITION OF ${other} FOR VALUES IN (${random.below(5)})`,
    `CREATE TABLE ${table} () INHERITS (${other})`,
    `ALTER TABLE ${other} ATTACH PARTITION ${table} DEFAULT`,
    `ALTER TABLE ${other} DETACH PARTITION ${table}`,
    `CREATE INDEX ON ${table} (${random.pick(columns)})`,
    `ALTER TABLE ${table} ADD FOREIGN KEY (${random.pick(columns)}) REFERENCES ${other}`,
    `ALTER TABLE ${table} RENAME TO ${bare}`,
    `ALTER TABLE ${table} RENAME ${random.pick(columns)} TO ${random.pick(columns)}`,
    `ALTER TABLE ${table} SET SCHEMA ${random.pick(["s", "public"])}`,
    `ALTER TABLE ${table} DROP COLUMN IF EXISTS ${random.pick(columns)} CASCADE`,
    `ALTER SCHEMA s RENAME TO r`,
    `DROP SCHEMA IF EXISTS s CASCADE`,
    `DROP TABLE IF EXISTS ${table}, ${other} CASCADE`,
    random.pick(["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT x", "ROLLBACK TO x"]),
  ]);
}
