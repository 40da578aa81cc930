import { describe, expect, it } from "vitest";
import { findingsIn } from "../engine/lint-sql.ts";

async function behind(history: string, text: string, rule: string): Promise<string[]> {
  const sources = [
    { path: "1.sql", text: history, role: "history" as const },
    { path: "2.sql", text },
  ];
  return findingsIn(sources, { only: [rule] });
}

describe("a schema that is dropped", () => {
  it("takes along what is in it, if anything is", async () => {
    const filled = "CREATE SCHEMA s; CREATE TABLE s.t (a int);";
    expect(await behind(filled, "DROP SCHEMA s CASCADE;", "drop-table")).toEqual(["1:13 drop-table"]);
    expect(await behind(filled, "DROP SCHEMA s;", "drop-table")).toEqual([]);
    expect(await behind("CREATE TABLE t (a int);", "DROP SCHEMA IF EXISTS s CASCADE;", "drop-table")).toEqual(
      [],
    );
  });

  it("is nobody's business where the same file has made what is in it", async () => {
    const text = "CREATE SCHEMA s; CREATE TABLE s.t (a int); DROP SCHEMA s CASCADE;";
    expect(await behind("CREATE TABLE t (a int);", text, "drop-table")).toEqual([]);
  });
});
