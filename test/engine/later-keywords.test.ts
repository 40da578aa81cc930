import { describe, expect, it } from "vitest";
import { lint } from "../../src/index.ts";

const judge = async (sql: string, postgresVersion: number) => {
  const { diagnostics, files } = await lint([{ path: "a.sql", text: sql }], { postgresVersion });
  const notUnderstood = files.flatMap((file) => file.notUnderstood?.map(({ reason }) => reason) ?? []);
  return { rules: diagnostics.map(({ rule }) => rule), notUnderstood };
};

describe("words that only newer servers reserve", () => {
  // Measured: the cases keyword-* of test/postgres.
  it.each([
    ["CREATE FUNCTION f(json jsonb) RETURNS int LANGUAGE sql AS 'SELECT 1';", 16, 17],
    ["CREATE FUNCTION f() RETURNS TABLE (json jsonb) LANGUAGE sql AS 'SELECT 1';", 16, 17],
    ["CREATE FUNCTION json_arrayagg(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';", 15, 16],
    ["CREATE FUNCTION normalize(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';", 12, 13],
  ])("%s", async (sql, older, newer) => {
    const before = await judge(sql, older);
    expect(before.rules).toEqual([]);
    expect(before.notUnderstood).toEqual([]);
    const after = await judge(sql, newer);
    expect(after.rules).toEqual(["syntax-error"]);
  });

  it("call a function that somebody made, also with named arguments, and what nobody made is told", async () => {
    const calls = "SELECT json_value('{}'::json, 'k'); SELECT json_value(j => '{}'::json, k => 'k');";
    const made =
      "CREATE FUNCTION json_value(j json, k text) RETURNS text LANGUAGE sql AS 'SELECT $1 ->> $2';";
    expect(await judge(made + calls, 16)).toEqual({ rules: [], notUnderstood: [] });
    expect((await judge(calls, 16)).rules).toEqual(["unsupported-syntax", "unsupported-syntax"]);
    expect(
      (await judge("CREATE TABLE json_value (a int); DROP FUNCTION IF EXISTS json_table(int);", 16)).rules,
    ).toEqual([]);
  });

  it("leave an error beside them one", async () => {
    expect((await judge("CREATE TABLE t (json jsonb, a int b);", 12)).rules).toEqual(["syntax-error"]);
  });
});
