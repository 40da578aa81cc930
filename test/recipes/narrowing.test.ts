import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";

async function narrowing(from: string, change: string): Promise<string | null> {
  const sources = [
    { path: "1.sql", text: `CREATE TYPE state AS ENUM ('open'); CREATE TABLE t (c ${from});` },
    { path: "2.sql", text: `ALTER TABLE t ALTER COLUMN c TYPE ${change};` },
  ];
  const report = await lintSources(sources, { catalogue: rules });
  return report.diagnostics.find(({ rule }) => rule === "narrowed-type")?.message ?? null;
}

describe("what every value of the old type survives", () => {
  it.each([
    ["numeric(5)", "integer"],
    ["numeric(18)", "bigint"],
    ["integer", "numeric(10)"],
    ["integer", "double precision"],
    ["smallint", "real"],
    ["numeric(6, 2)", "real"],
    ["numeric(15)", "double precision"],
    ["bpchar", "text"],
    ["varchar(3)", "bpchar"],
    ["uuid", "varchar(36)"],
    ["integer", "varchar(11)"],
    ["interval hour", "interval day to second(0)"],
    ["interval", "interval day to second"],
    ["bit varying(3)", "bit varying(5)"],
    ["varchar(3)[]", "text[]"],
    ["state", "text"],
    ["text", "state USING CASE c WHEN 'open' THEN 'open'::state END"],
  ])("%s to %s", async (from, change) => {
    expect(await narrowing(from, change)).toBeNull();
  });
});

describe("what not all of them do", () => {
  it.each([
    ["numeric(11)", "integer"],
    ["numeric", "bigint"],
    ["bigint", "numeric(18)"],
    ["double precision", "integer"],
    ["double precision", "numeric(8, 2)"],
    ["bigint", "double precision"],
    ["numeric(16)", "double precision"],
    ["integer", "real"],
    ["uuid", "varchar(35)"],
    ["interval", "interval hour"],
    ["interval", "interval day to second(2)"],
    ["bit(3)", "bit(4)"],
    ["text[]", "varchar(3)[]"],
    ["text", "state USING c::state"],
    ["timestamptz", "time"],
  ])("%s to %s", async (from, change) => {
    expect(await narrowing(from, change)).not.toBeNull();
  });
});
