import { describe, expect, test } from "vitest";
import { processorTimeOf } from "../processor-time.ts";
import { outline } from "./plpgsql-outline.ts";

const inBlock = (statements: string, declarations = "") =>
  outline(`DO $$${declarations} BEGIN ${statements} END $$`).slice(1);

describe("the statements of a body", () => {
  test("static SQL, PERFORM and CALL", () => {
    expect(inBlock("ALTER TABLE a ADD b int; PERFORM pg_sleep(1) FROM t; CALL p(1, 'x;y');")).toEqual([
      "  sql: ALTER TABLE a ADD b int",
      "  perform: SELECT  pg_sleep(1) FROM t",
      "  call: CALL p(1, 'x;y')",
    ]);
  });

  test("INTO and its targets go blank, but INSERT INTO stays", () => {
    expect(
      inBlock(
        "SELECT a, b INTO STRICT x, r.y FROM t; SELECT INTO rec c.* FROM c;" +
          "INSERT INTO t VALUES (1) RETURNING id INTO v; INSERT INTO t SELECT 1;" +
          "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE;",
      ),
    ).toEqual([
      "  sql into: SELECT a, b                    FROM t",
      "  sql into: SELECT          c.* FROM c",
      "  sql into: INSERT INTO t VALUES (1) RETURNING id       ",
      "  sql: INSERT INTO t SELECT 1",
      "  sql: MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE",
    ]);
  });

  test("nested IF with ELSIF and ELSE", () => {
    expect(
      inBlock(
        "IF a > 1 THEN IF b THEN DELETE FROM x; END IF; ELSIF a = 0 THEN NULL; ELSEIF c THEN TRUNCATE y;" +
          "ELSE DROP TABLE z; END IF;",
      ),
    ).toEqual([
      "  branch",
      "  arm SELECT a > 1",
      "    branch",
      "    arm SELECT b",
      "      sql: DELETE FROM x",
      "  arm SELECT a = 0",
      "  arm SELECT c",
      "    sql: TRUNCATE y",
      "  arm else",
      "    sql: DROP TABLE z",
    ]);
  });

  test("CASE with a value and without, and CASE as an expression", () => {
    expect(
      inBlock(
        "CASE v WHEN 1, 2 THEN DELETE FROM a; ELSE DELETE FROM b; END CASE;" +
          "CASE WHEN v > (CASE WHEN w THEN 1 ELSE 2 END) THEN DELETE FROM c; END CASE;",
      ),
    ).toEqual([
      "  branch",
      "  arm SELECT v IN (1, 2)",
      "    sql: DELETE FROM a",
      "  arm else",
      "    sql: DELETE FROM b",
      "  branch",
      "  arm SELECT v > (CASE WHEN w THEN 1 ELSE 2 END)",
      "    sql: DELETE FROM c",
    ]);
  });

  test("loops of every kind", () => {
    expect(
      inBlock(
        "LOOP EXIT WHEN true; UPDATE a SET b = 1; END LOOP;" +
          "<<outer>> WHILE n < 3 LOOP n := n + 1; CONTINUE outer; END LOOP outer;" +
          "FOR i IN REVERSE 10 .. f(1) BY 2 LOOP DELETE FROM b; END LOOP;" +
          "FOR r IN SELECT * FROM c WHERE d IN (1) LOOP DELETE FROM d; END LOOP;" +
          "FOR x, y IN EXECUTE 'SELECT 1, 2' USING z LOOP DELETE FROM e; END LOOP;" +
          "FOREACH t SLICE 1 IN ARRAY tables LOOP DELETE FROM f; END LOOP;" +
          "FOR r IN cur(1) LOOP DELETE FROM g; END LOOP;",
        "DECLARE cur CURSOR (p int) FOR SELECT * FROM h WHERE i = p;",
      ),
    ).toEqual([
      "  loop",
      "    sql: UPDATE a SET b = 1",
      "  loop",
      "  over expression: SELECT n < 3",
      "    expression: SELECT n + 1",
      "  loop",
      "  over expression: SELECT 10 ,  f(1) ,  2",
      "    sql: DELETE FROM b",
      "  loop",
      "  over sql: SELECT * FROM c WHERE d IN (1)",
      "    sql: DELETE FROM d",
      "  loop",
      "  over execute: SELECT 1, 2",
      "    sql: DELETE FROM e",
      "  loop",
      "  over expression: SELECT tables",
      "    sql: DELETE FROM f",
      "  loop",
      "  over sql: SELECT * FROM h WHERE i = p",
      "    sql: DELETE FROM g",
    ]);
  });

  test("blocks with handlers", () => {
    expect(
      inBlock(
        "<<b>> DECLARE n int := (SELECT 1); BEGIN DROP TABLE a; EXCEPTION WHEN undefined_table OR SQLSTATE '42501' THEN" +
          " RAISE NOTICE 'no'; WHEN OTHERS THEN RAISE; END b; DROP TABLE c;",
      ),
    ).toEqual([
      "  block",
      "    expression: SELECT (SELECT 1)",
      "    sql: DROP TABLE a",
      "  when undefined_table, 42501",
      "    raise notice",
      "  when others",
      "    raise exception",
      "  sql: DROP TABLE c",
    ]);
  });

  test("transactions, returns, cursors", () => {
    expect(
      inBlock(
        "COMMIT; ROLLBACK AND CHAIN; COMMIT AND NO CHAIN; RETURN; RETURN a + 1; RETURN NEXT b;" +
          "RETURN QUERY SELECT 1 FROM t; RETURN QUERY EXECUTE 'SELECT 2' USING c; OPEN c FOR SELECT 3; OPEN d;" +
          "OPEN e FOR EXECUTE 'SELECT ' || 4; FETCH NEXT FROM c INTO x; CLOSE c; GET DIAGNOSTICS n = ROW_COUNT;",
        "DECLARE d NO SCROLL CURSOR IS SELECT 5;",
      ),
    ).toEqual([
      "  commit",
      "  rollback and chain",
      "  commit",
      "  return: ",
      "  return: SELECT a + 1",
      "  expression: SELECT b",
      "  sql: SELECT 1 FROM t",
      "  execute: SELECT 2",
      "  sql: SELECT 3",
      "  sql: SELECT 5",
      "  execute: SELECT 4",
    ]);
  });

  test("assignments, also to fields, elements and variables named like keywords", () => {
    expect(inBlock("a := 1; r.f = 2; arr[1, (2)] := 3; NEW.x := now(); raise := 4;")).toEqual([
      "  expression: SELECT 1",
      "  expression: SELECT 2",
      "  expression: SELECT 3",
      "  expression: SELECT now()",
      "  expression: SELECT 4",
    ]);
  });

  test("semicolons in strings, comments, parentheses and inner bodies end nothing", () => {
    expect(
      inBlock(
        "DELETE FROM a WHERE b = ';' /* ; */; CREATE RULE r AS ON INSERT TO t DO (DELETE FROM x; DELETE FROM y);" +
          "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END; DELETE FROM c;",
      ),
    ).toEqual([
      "  sql: DELETE FROM a WHERE b = ';'",
      "  sql: CREATE RULE r AS ON INSERT TO t DO (DELETE FROM x; DELETE FROM y)",
      "  sql: CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END",
      "  sql: DELETE FROM c",
    ]);
  });

  test("options, labels and no semicolon at the very end", () => {
    expect(outline("DO $$ #variable_conflict use_column\n<<top>> BEGIN NULL; END top $$")).toEqual(["block"]);
  });
});

describe("other languages", () => {
  test("SQL is split, the rest is opaque", () => {
    expect(outline("AS $$ DELETE FROM a; -- ;\n SELECT 1 $$", "SQL")).toEqual([
      "sql: DELETE FROM a",
      "sql: SELECT 1",
    ]);
    expect(outline("AS $$ x = 1 $$", "plpython3u")).toEqual([
      'opaque: a body in plpython3u, from " x = 1 $$"',
    ]);
  });
});

describe("what cannot be read", () => {
  test.each([
    ["DELETE FROM a; IF b DELETE FROM c; END IF;", ["  sql: DELETE FROM a", "  opaque"]],
    ["IF b THEN DELETE FROM a;", ["  branch", "  arm SELECT b", "    sql: DELETE FROM a", "  opaque"]],
    ["DELETE FROM a; DELETE FROM (b;", ["  sql: DELETE FROM a", "  opaque"]],
    ["LOOP END LOOP; 42;", ["  loop", "  opaque"]],
  ])("%s", (statements, expected) => {
    const lines = inBlock(statements);
    expect(lines.slice(0, expected.length).map((line) => line.replace(/opaque:.*/, "opaque"))).toEqual(
      expected,
    );
  });

  test("says where and why, once", () => {
    expect(outline("DO $$ BEGIN IF a THEN NULL; END LOOP; END $$")).toEqual([
      "block",
      '  opaque: expected END IF at "END", from "IF a THEN NU"',
    ]);
    expect(outline("DO $$ BEGIN NULL; END; DROP TABLE a; $$")).toEqual([
      "block",
      'opaque: expected the end at "DROP", from "DROP TABLE a"',
    ]);
    expect(outline("DO $$ $$").at(-1)).toBe('opaque: expected BEGIN at the end, from "$$"');
  });

  test("deep nesting does not break the stack, and long bodies take linear time", async () => {
    for (const open of ["BEGIN ", "IF a THEN ", "LOOP ", "CASE WHEN a THEN "]) {
      expect(JSON.stringify(inBlock(open.repeat(20000)))).toContain("nested too deeply");
    }
    const time = await processorTimeOf(() => {
      inBlock(
        "s := s || s; EXECUTE s || x; IF (a) THEN PERFORM f(); END IF; ".repeat(5000),
        "DECLARE s text := 'a';",
      );
      inBlock(`EXECUTE ${"(".repeat(20000)}`);
      inBlock(`EXECUTE ${"f(".repeat(5000)}${")".repeat(5000)};`);
    });
    expect(time).toBeLessThan(6000);
  });
});
