import { describe, expect, it } from "vitest";
import { findingsIn, findingsOf } from "./lint-sql.ts";

const only = { only: ["index-without-concurrently", "concurrently-in-transaction", "syntax-error"] };

describe("SQL inside bodies", () => {
  it("is judged in DO blocks, at its own place", async () => {
    const sql = `DO $$
BEGIN
  IF true THEN
    CREATE INDEX i ON t (c);
  END IF;
END
$$;`;
    expect(await findingsOf(sql, only)).toEqual(["4:5 index-without-concurrently"]);
  });

  it("is judged where EXECUTE runs a constant, a concatenation or a format()", async () => {
    const sql = `DO $$
BEGIN
  EXECUTE 'CREATE INDEX i ON t (c)';
  EXECUTE 'CREATE INDEX ' || quote_ident(n) || ' ON t (c)';
  EXECUTE format('CREATE INDEX %I ON t (c)', n);
  EXECUTE n;
END
$$;`;
    expect(await findingsOf(sql, only)).toEqual([
      "3:12 index-without-concurrently",
      "4:12 index-without-concurrently",
      "5:19 index-without-concurrently",
    ]);
  });

  it("knows tables that the body itself creates", async () => {
    const sql = "DO $$ BEGIN CREATE TABLE t (c int); CREATE INDEX i ON t (c); END $$;";
    expect(await findingsOf(sql, only)).toEqual([]);
  });

  it("refuses CONCURRENTLY in a body even where nothing else is around it", async () => {
    const sql = "DO $$ BEGIN CREATE INDEX CONCURRENTLY i ON t (c); END $$;";
    expect(await findingsOf(sql, only)).toEqual(["1:13 concurrently-in-transaction"]);
  });

  it("does not judge a function that is only defined", async () => {
    const sql =
      "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE INDEX i ON t (c); END $$;";
    expect(await findingsOf(sql, only)).toEqual([]);
  });

  it("judges it where the migration calls it: in its body, or at the call if that is elsewhere", async () => {
    const define =
      "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE INDEX i ON t (c); END $$;";
    expect(await findingsOf(`${define}\nSELECT f();`, only)).toEqual(["1:63 index-without-concurrently"]);
    const sources = [
      { path: "1.sql", text: define, role: "history" as const },
      { path: "2.sql", text: "SELECT 1;\nSELECT f();" },
    ];
    expect(await findingsIn(sources, only)).toEqual(["2:1 index-without-concurrently"]);
  });

  it("survives functions that call each other", async () => {
    const sql = `CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM g(); END $$;
CREATE FUNCTION g() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM f(); END $$;
SELECT f();`;
    expect(await findingsOf(sql, only)).toEqual([]);
  });
});
