import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { effectsOf } from "../../src/analysis/effects.ts";
import type { Schema } from "../../src/analysis/schema.ts";
import { loadPostgresParser } from "../../src/parse/postgres.ts";
import { foldSql, parseSql } from "./fold-sql.ts";

interface Matrix {
  readonly types: readonly string[];
  readonly none: Readonly<Record<string, readonly string[]>>;
  readonly index: Readonly<Record<string, readonly string[]>>;
  readonly needsUsing: Readonly<Record<string, readonly string[]>>;
  readonly impossible: Readonly<Record<string, readonly string[]>>;
  readonly exceptions: readonly (readonly [
    string,
    string,
    Readonly<Record<string, Readonly<Record<string, readonly [string, string, string]>>>>,
  ])[];
}

const file = new URL("../postgres/catalogue/casts.json", import.meta.url);
const matrix: Matrix = JSON.parse(readFileSync(file, "utf8"));
const parser = await loadPostgresParser();
const prepare = `
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TYPE mood2 AS ENUM ('a', 'b', 'c');
CREATE DOMAIN text_domain AS text;
CREATE DOMAIN text_domain_checked AS text CHECK (VALUE <> '');
CREATE DOMAIN varchar_domain AS varchar(10);
CREATE DOMAIN int_domain AS int;
CREATE DOMAIN int_domain_checked AS int CHECK (VALUE > 0);
`;

/** Types without a default btree operator class, of which no index could be measured. */
const unindexed = new Set(["json", "xml", "point"]);

function outcome(schema: Schema, sql: string, version: number, zone: string): string {
  const [statement] = parseSql(parser, sql);
  if (statement === undefined) throw new Error(sql);
  const settings = new Map([["timezone", { value: zone }]]);
  const effects = effectsOf(statement, { schema, version, searchPath: ["public"], settings, text: sql });
  if (effects.uncertain !== null) return `depends on ${effects.uncertain.on}`;
  if (effects.fails !== null) return effects.fails.sqlstate;
  if (effects.rewrites.length > 0) return "rewrite";
  return effects.buildsIndexes.length > 0 ? "index" : "none";
}

/** Without USING, and with `USING c::type`. */
function outcomes(from: string, to: string, version: number, zone: string): readonly [string, string] {
  const index = unindexed.has(from) || unindexed.has(to) ? "" : "CREATE INDEX tried_c ON tried (c);";
  const schema = foldSql(parser, `${prepare} CREATE TABLE tried (id int, c ${from}); ${index}`, version);
  const alter = `ALTER TABLE tried ALTER COLUMN c TYPE ${to}`;
  return [outcome(schema, alter, version, zone), outcome(schema, `${alter} USING c::${to}`, version, zone)];
}

function measured(from: string, to: string): readonly [string, string] {
  const has = (kind: "none" | "index" | "needsUsing" | "impossible") =>
    matrix[kind][from]?.includes(to) === true;
  if (has("none")) return ["none", "none"];
  if (has("index")) return ["index", "index"];
  if (has("needsUsing")) return ["42804", "rewrite"];
  if (has("impossible")) return ["42804", "42846"];
  return ["rewrite", "rewrite"];
}

describe("every type to every type, as measured", () => {
  const exceptions = new Set(matrix.exceptions.map(([from, to]) => `${from} -> ${to}`));
  test.each(matrix.types)("%s", (from) => {
    const differences = matrix.types.flatMap((to) => {
      if (exceptions.has(`${from} -> ${to}`)) return [];
      const said = outcomes(from, to, 18, "UTC").join(", ");
      const real = measured(from, to).join(", ");
      return said === real ? [] : [`${to}: ${said} instead of ${real}`];
    });
    expect(differences).toEqual([]);
  });

  test.each(matrix.exceptions)("%s to %s", (from, to, ranges) => {
    for (const [range, zones] of Object.entries(ranges)) {
      for (const version of [range.slice(0, 2), range.slice(-2)].map(Number)) {
        for (const [zone, [plain, , cast]] of Object.entries(zones))
          expect([version, zone, ...outcomes(from, to, version, zone)]).toEqual([version, zone, plain, cast]);
      }
    }
  });
});
