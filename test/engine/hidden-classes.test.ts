import { setFlagsFromString } from "node:v8";
import { beforeAll, expect, it } from "vitest";
import openRule from "../../rules/missing-lock-timeout.ts";
import type { Schema } from "../../src/analysis/schema.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { QualifiedName } from "../../src/model/name.ts";
import type { Statement } from "../../src/model/statement.ts";
import { defineRule, type Finding } from "../../src/rule.ts";

/** V8 looks properties up by the hidden class of an object; to give each object its own takes time and memory. */
function openComparison(): (one: object, other: object) => boolean {
  setFlagsFromString("--allow-natives-syntax");
  return new Function("one", "other", "return %HaveSameMap(one, other)") as never;
}

const haveSameMap = openComparison();

/** Where two objects of the same keys, in the same place of two things, do not share their hidden class. */
function* differences(one: unknown, other: unknown, path: string, depth = 0): Iterable<string> {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return;
  if (one === other || depth > 8) return;
  if (Array.isArray(one) && Array.isArray(other)) {
    for (let k = 0; k < Math.min(one.length, other.length); k++)
      yield* differences(one[k], other[k], `${path}[${k}]`, depth + 1);
    return;
  }
  const keys = Object.keys(one);
  if (keys.join() !== Object.keys(other).join()) return;
  if (!haveSameMap(one, other)) yield path;
  for (const key of keys)
    yield* differences(
      (one as Record<string, unknown>)[key],
      (other as Record<string, unknown>)[key],
      `${path}.${key}`,
      depth + 1,
    );
}

const many = 600;

const kinds: Readonly<Record<string, (k: number) => string>> = {
  "create table": (k) =>
    `CREATE TABLE t${k} (id bigint PRIMARY KEY, a varchar(9) NOT NULL DEFAULT 'x', b int REFERENCES t0 (id), CHECK (b > 0));`,
  "alter table": (k) =>
    `ALTER TABLE t${k} ADD COLUMN c text DEFAULT 'x', ADD CONSTRAINT u${k} UNIQUE (a), ALTER COLUMN a TYPE text;`,
  "create index": (k) => `CREATE INDEX i${k} ON t${k} (lower(a), b) WHERE b > 0;`,
  "create type": (k) => `CREATE TYPE e${k} AS ENUM ('a', 'b');`,
  "create domain": (k) => `CREATE DOMAIN d${k} AS int CHECK (VALUE > 0);`,
  "create view": (k) => `CREATE VIEW v${k} AS SELECT id, a FROM t${k};`,
  "create function": (k) => `CREATE FUNCTION f${k}(int) RETURNS int LANGUAGE sql AS 'SELECT ${k}';`,
  update: (k) => `UPDATE t${k} SET b = ${k}, a = 'y' WHERE id = ${k};`,
  set: (k) => `SET lock_timeout = '${k + 1}s';`,
  rename: (k) => `ALTER TABLE t${k} RENAME COLUMN b TO z;`,
};

const statements = new Map<string, Statement[]>();
let last: Schema | null = null;

beforeAll(async () => {
  const spy = defineRule({
    ...openRule,
    on: ["statement"],
    check(statement, { schema }): Iterable<Finding> {
      statements.set(statement.kind, [...(statements.get(statement.kind) ?? []), statement]);
      last = schema;
      return [];
    },
  });
  const written = Object.values(kinds).map((write) => Array.from({ length: many }, (_, k) => write(k)));
  // What a rule is told of is the schema before the statement.
  const text = [...written.flat(), "SELECT 1;"].join("\n");
  const { complaints } = await lintSources([{ path: "1.sql", text }], { catalogue: [spy] });
  expect(complaints).toEqual([]);
});

/** What the history knows of the last but one, and of the last. */
function known(look: (schema: Schema, name: QualifiedName) => unknown, prefix: string): [unknown, unknown] {
  const named = (name: string): QualifiedName => {
    const at = { start: 0, end: 0 };
    return { schema: null, name: { name, quoted: false, span: at }, span: at } as never;
  };
  if (last === null) throw new Error("nothing was read");
  return [look(last, named(`${prefix}${many - 2}`)), look(last, named(`${prefix}${many - 1}`))];
}

it.each(Object.keys(kinds))("two statements of a kind share their hidden classes: %s", (kind) => {
  const found = statements.get(kind) ?? [];
  expect(found.length).toBe(many);
  expect([...differences(found[many - 2], found[many - 1], kind)]).toEqual([]);
});

it.each<[string, string, (schema: Schema, name: QualifiedName) => unknown]>([
  ["tables, with their columns and constraints", "t", (schema, name) => schema.findTable(name)],
  ["indexes", "i", (schema, name) => schema.findIndex(name)],
  ["enums", "e", (schema, name) => schema.findType(name)],
  ["domains", "d", (schema, name) => schema.findType(name)],
  ["views", "v", (schema, name) => schema.findRelation(name)],
  ["functions", "f", (schema, name) => schema.findFunctions(name)],
])("two of what the history knows share their hidden classes: %s", (kind, prefix, look) => {
  const [one, other] = known(look, prefix);
  expect(one).toBeDefined();
  expect([...differences(one, other, kind)]).toEqual([]);
});
