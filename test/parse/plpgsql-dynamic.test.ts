import { describe, expect, test } from "vitest";
import { isStandIn } from "../../src/model/stand-in.ts";
import { outline } from "./plpgsql-outline.ts";

const executed = (statements: string, declarations = "") =>
  outline(`DO $$${declarations} BEGIN ${statements} END $$`)
    .map((line) => line.trim())
    .filter((line) => line.startsWith("execute"));

describe("the string of EXECUTE", () => {
  test.each([
    ["'SELECT 1'", ": SELECT 1"],
    ["E'SELECT \\'a\\'\\n, 1'", ": SELECT 'a'\n, 1"],
    ["$q$SELECT 'a'$q$", ": SELECT 'a'"],
    ["'SELECT '\n '1'", ": SELECT 1"],
    ["('SELECT ' || 1)::text", ": SELECT 1"],
    ["'ALTER TABLE ' || quote_ident(t) || ' ADD c int'", ": ALTER TABLE lockwise_unknown_1 ADD c int"],
    [
      "'DROP TABLE ' || t || ', ' || u || ', ' || t",
      " uncertain: DROP TABLE lockwise_unknown_1, lockwise_unknown_2, lockwise_unknown_1",
    ],
    ["'DROP TABLE ' || t::regclass", ": DROP TABLE lockwise_unknown_2"],
    ["'DROP TABLE ' || 'a.b'::regclass", ": DROP TABLE a.b"],
    ["format('DROP TABLE %s', to_regclass('b'))", ": DROP TABLE b"],
    ["'DROP TABLE ' || '16384'::regclass", ": DROP TABLE lockwise_unknown_1"],
    ["'COMMENT ON TABLE a IS ' || quote_literal(c)", ": COMMENT ON TABLE a IS 'lockwise_unknown_1'"],
    ["concat('DROP ', 'TABLE ', quote_ident(r.name))", ": DROP TABLE lockwise_unknown_1"],
    [
      "format('ALTER TABLE %I.%I ADD c text DEFAULT %L', s, t, d)",
      ": ALTER TABLE lockwise_unknown_1.lockwise_unknown_2 ADD c text DEFAULT 'lockwise_unknown_3'",
    ],
    [
      "format('ALTER TABLE %1$I RENAME TO %1$s_old', t)",
      " uncertain: ALTER TABLE lockwise_unknown_1 RENAME TO lockwise_unknown_1_old",
    ],
    ["format('SELECT %s, 10 %% 3, %L', 1, 'it''s')", ": SELECT 1, 10 % 3, 'it''s'"],
    ["format('DROP TABLE %I', 'My Table')", ': DROP TABLE "My Table"'],
    ["pg_catalog.format('DROP TABLE %-10I', t)", ": DROP TABLE lockwise_unknown_1"],
    [
      "format('DROP TABLE ' || quote_ident(t) || ' %s', 'CASCADE')",
      ": DROP TABLE lockwise_unknown_1 CASCADE",
    ],
    ["statement", " uncertain: ?"],
    ["r.statement", " uncertain: ?"],
    ["format(pattern, t)", " uncertain: ?"],
    ["format('DROP TABLE %I')", " uncertain: ?"],
  ])("%s", (expression, expected) => {
    expect(executed(`EXECUTE ${expression};`)).toEqual([`execute${expected}`]);
  });

  test("INTO and USING behind it, in both orders", () => {
    expect(
      executed("EXECUTE 'SELECT $1' INTO STRICT a USING b, c; EXECUTE 'SELECT $1' USING b INTO a;"),
    ).toEqual(["execute into: SELECT $1", "execute into: SELECT $1"]);
  });

  test("placeholders are told from real names", () => {
    expect(isStandIn("lockwise_unknown_1_idx")).toBe(true);
    expect(isStandIn("unknown_1_idx")).toBe(false);
  });
});

describe("variables", () => {
  test("hold what was assigned last", () => {
    expect(
      executed("s := 'DROP TABLE '; EXECUTE s || 'a'; s := s || 'b'; EXECUTE s; s := f(); EXECUTE s;"),
    ).toEqual(["execute: DROP TABLE a", "execute: DROP TABLE b", "execute uncertain: ?"]);
  });

  test("hold their defaults", () => {
    expect(
      executed(
        "EXECUTE s; EXECUTE t;",
        "DECLARE s CONSTANT text := 'SELECT 1'; t varchar(9) DEFAULT 'SELECT 2';",
      ),
    ).toEqual(["execute: SELECT 1", "execute: SELECT 2"]);
  });

  test("are each of what the ways of a branch give them, and known where they agree", () => {
    expect(executed("IF a THEN s := 'SELECT 1'; ELSE s := 'SELECT 2'; END IF; EXECUTE s;")).toEqual([
      "execute: SELECT 1",
      "execute: SELECT 2",
    ]);
    expect(executed("IF a THEN s := 'SELECT 1'; ELSE s := 'SELECT 1'; END IF; EXECUTE s;")).toEqual([
      "execute: SELECT 1",
    ]);
    expect(executed("s := 'SELECT 1'; IF a THEN s := 'SELECT 2'; END IF; EXECUTE s;")).toEqual([
      "execute: SELECT 2",
      "execute: SELECT 1",
    ]);
    expect(
      executed(
        "IF a THEN s := 'SELECT 1'; ELSIF b THEN s := 'SELECT 2'; ELSE RAISE 'no'; END IF; EXECUTE s;",
      ),
    ).toEqual(["execute: SELECT 1", "execute: SELECT 2"]);
    expect(executed("IF a THEN s := 'SELECT 1'; ELSE s := f(); END IF; EXECUTE s;")).toEqual([
      "execute uncertain: ?",
    ]);
  });

  test("go one way of a branch together", () => {
    const both = "IF a THEN s := 'a'; t := 'b'; ELSE s := 'c'; t := 'd'; END IF;";
    expect(executed(`${both} EXECUTE 'SELECT ' || s || ' FROM ' || quote_ident(t);`)).toEqual([
      "execute: SELECT a FROM b",
      "execute: SELECT c FROM d",
    ]);
    const tail = "t := ''; IF a THEN t := ', ' || quote_literal(b); END IF;";
    expect(executed(`${tail} EXECUTE 'SELECT f(1' || t || ')';`)).toEqual([
      "execute: SELECT f(1, 'lockwise_unknown_1')",
      "execute: SELECT f(1)",
    ]);
    const many = "IF a THEN s := s || 'x'; ELSE s := s || 'y'; END IF;";
    expect(executed(`s := 'SELECT 1'; ${many} ${many} EXECUTE s;`)).toEqual(["execute uncertain: ?"]);
  });

  test("are chosen by CASE", () => {
    expect(executed("EXECUTE 'SELECT ' || CASE WHEN a THEN 'b' || 'c' ELSE 'd' END;")).toEqual([
      "execute: SELECT bc",
      "execute: SELECT d",
    ]);
    expect(executed("EXECUTE format('DROP TABLE %I', CASE a WHEN 1 THEN 'B' ELSE f() END);")).toEqual([
      'execute: DROP TABLE "B"',
      expect.stringMatching(/^execute: DROP TABLE lockwise_unknown_\d$/),
    ]);
    const four = Array.from({ length: 4 }, (_, k) => `CASE WHEN a${k} THEN 'b' ELSE 'c' END`).join(" || ");
    expect(executed(`EXECUTE 'SELECT ' || ${four};`)).toEqual([
      "execute uncertain: SELECT lockwise_unknown_1lockwise_unknown_2lockwise_unknown_3lockwise_unknown_4",
    ]);
  });

  test.each([
    ["LOOP EXECUTE s; s := q; END LOOP;", " uncertain: ?"],
    [
      "LOOP IF s <> '' THEN EXECUTE s; END IF; IF EXISTS (SELECT 1) THEN s := q; END IF; END LOOP;",
      " uncertain: ?",
    ],
    [
      "LOOP BEGIN DROP TABLE IF EXISTS t; EXECUTE s; END; SELECT CASE WHEN a THEN 1 END INTO s; END LOOP;",
      " uncertain: ?",
    ],
    ["<<a>> LOOP <<b>> BEGIN EXECUTE s; END; s := q; END LOOP a;", " uncertain: ?"],
    ["LOOP EXECUTE s; END LOOP; s := q;", ": SELECT 1"],
    ["s := q; s := 'SELECT 2'; LOOP EXECUTE s; END LOOP;", ": SELECT 2"],
    ["LOOP LOOP EXECUTE s; END LOOP; s := q; END LOOP;", " uncertain: ?"],
  ])("from DECLARE are known in a loop that does not change them: %s", (statements, expected) => {
    expect(executed(statements, " DECLARE s text := 'SELECT 1';")).toEqual([`execute${expected}`]);
  });

  test("are unknown in a loop that changes them, and behind a handler", () => {
    expect(executed("s := 'SELECT 1'; LOOP EXECUTE s; s := 'SELECT 2'; END LOOP;")).toEqual([
      "execute uncertain: ?",
    ]);
    expect(
      executed("s := 'SELECT 1'; BEGIN s := 'SELECT 2'; EXCEPTION WHEN others THEN EXECUTE s; END;"),
    ).toEqual(["execute uncertain: ?"]);
    expect(executed("s := 'SELECT 1'; LOOP EXECUTE s; END LOOP;")).toEqual(["execute: SELECT 1"]);
  });

  test("are unknown once INTO, FOR or FETCH fills them", () => {
    expect(executed("s := 'SELECT 1'; SELECT q INTO s FROM t; EXECUTE s;")).toEqual(["execute uncertain: ?"]);
    expect(executed("s := 'SELECT 1'; FOR s IN SELECT q FROM t LOOP EXECUTE s; END LOOP;")).toEqual([
      "execute uncertain: ?",
    ]);
    expect(executed("s := 'SELECT 1'; FETCH c INTO s; EXECUTE s;")).toEqual(["execute uncertain: ?"]);
    expect(executed("s := 'SELECT 1'; GET DIAGNOSTICS s = ROW_COUNT; EXECUTE s;")).toEqual([
      "execute uncertain: ?",
    ]);
    expect(executed("s := 'SELECT 1'; CALL fill(s); EXECUTE s;")).toEqual(["execute uncertain: ?"]);
  });
});
