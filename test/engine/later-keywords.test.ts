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
    expect(before.notUnderstood).toEqual([expect.stringContaining(`from ${newer} on`)]);
    const after = await judge(sql, newer);
    expect(after.rules).toEqual(["syntax-error"]);
  });

  it("leave an error beside them one", async () => {
    expect((await judge("CREATE TABLE t (json jsonb, a int b);", 12)).rules).toEqual(["syntax-error"]);
  });
});
