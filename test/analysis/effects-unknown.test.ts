import { describe, expect, test } from "vitest";
import type { Effects } from "../../src/analysis/effect.ts";
import { effectsOf, effectsOfAction } from "../../src/analysis/effects.ts";
import { renderWork } from "../../src/analysis/work.ts";
import { loadPostgresParser } from "../../src/parse/postgres.ts";
import { foldSql, parseSql } from "./fold-sql.ts";

const parser = await loadPostgresParser();

function worldOf(setup: string, text: string, version: number) {
  const schema = foldSql(parser, setup, version);
  return { schema, version, searchPath: ["public"], settings: new Map(), text };
}

function effects(sql: string, setup = "", version = 16): Effects {
  const [statement] = parseSql(parser, sql);
  if (statement === undefined) throw new Error(`does not parse: ${sql}`);
  return effectsOf(statement, worldOf(setup, sql, version));
}

/** Each action of an ALTER TABLE by itself. */
function actionEffects(sql: string, setup: string): readonly Effects[] {
  const [statement] = parseSql(parser, sql);
  if (statement?.kind !== "alter table") throw new Error(`no ALTER TABLE: ${sql}`);
  return statement.actions.map((action) => effectsOfAction(action, statement, worldOf(setup, sql, 16)));
}

const users = "CREATE TABLE users (id bigint PRIMARY KEY, age int, name varchar(20));";

describe("a table that the history does not know", () => {
  test("direct effects are certain", () => {
    const { locks, scans, buildsIndexes, uncertain } = effects("CREATE INDEX ON orders (user_id)");
    expect(locks).toEqual([{ relation: "public.orders", id: null, kind: "table", mode: "SHARE" }]);
    expect(scans).toEqual(["public.orders"]);
    expect(buildsIndexes).toEqual(["orders_user_id_idx"]);
    expect(uncertain).toBeNull();
  });

  test("adding a plain column is certain", () => {
    const { locks, rewrites, scans, fails, uncertain } = effects(
      "ALTER TABLE shop.orders ADD COLUMN note text",
    );
    expect(locks.map(({ relation, mode }) => [relation, mode])).toEqual([
      ["shop.orders", "ACCESS EXCLUSIVE"],
    ]);
    expect([rewrites, scans, fails, uncertain]).toEqual([[], [], null, null]);
  });

  test("whether a view reads a column depends on the query where it cannot be told", () => {
    const setup =
      "CREATE TABLE u (a int, b int); CREATE VIEW v AS SELECT x.* FROM (u CROSS JOIN elsewhere) x;";
    const { fails, uncertain } = effects("ALTER TABLE u DROP COLUMN b", setup);
    expect([fails?.sqlstate, uncertain?.on]).toEqual(["2BP01", "whether view v reads column b of u"]);
  });

  test("a new type depends on the old one, and is taken for the worst", () => {
    const { rewrites, uncertain } = effects("ALTER TABLE orders ALTER COLUMN total TYPE text");
    expect(rewrites).toEqual(["public.orders"]);
    expect(uncertain?.on).toBe("the old type of orders.total");
  });

  test("is altered where a database has it, and need not be there where it is dropped", () => {
    const altered = effects("ALTER TABLE IF EXISTS orders ADD COLUMN note text", users);
    expect(altered.locks.map(({ relation }) => relation)).toEqual(["public.orders"]);
    expect(altered.uncertain?.on).toBe("whether orders exists");
    expect(effects("DROP TABLE IF EXISTS orders", users).locks).toEqual([]);
    const gone = `${users} CREATE TABLE orders (id int); DROP TABLE orders;`;
    expect(effects("ALTER TABLE IF EXISTS orders ADD COLUMN note text", gone).locks).toEqual([]);
  });

  test("cannot be named in FROM or USING once more, but for another schema", () => {
    const code = (sql: string) => effects(sql).fails?.sqlstate;
    expect(code("UPDATE orders SET note = 'x' FROM orders WHERE id = 1")).toBe("42712");
    expect(code("DELETE FROM shop.orders USING shop.orders WHERE id = 1")).toBe("42712");
    expect(code("UPDATE orders SET note = 'x' FROM shop.orders WHERE true")).toBeUndefined();
    expect(code("UPDATE orders SET note = 'x' FROM orders o WHERE o.id = orders.id")).toBeUndefined();
  });

  test("SET NOT NULL depends on a proof", () => {
    const { scans, uncertain } = effects("ALTER TABLE orders ALTER COLUMN total SET NOT NULL");
    expect(scans).toEqual(["public.orders"]);
    expect(uncertain?.on).toMatch(/orders\.total is NOT NULL already/);
  });

  test("an added CHECK becomes known: validated, it proves", () => {
    const setup =
      "ALTER TABLE orders ADD CONSTRAINT c CHECK (total IS NOT NULL) NOT VALID; ALTER TABLE orders VALIDATE CONSTRAINT c;";
    const { scans, uncertain } = effects("ALTER TABLE orders ALTER COLUMN total SET NOT NULL", setup);
    expect([scans, uncertain]).toEqual([[], null]);
  });
});

describe("what the history leaves open", () => {
  test("an unknown function may be volatile", () => {
    const { rewrites, uncertain } = effects("ALTER TABLE users ADD COLUMN key text DEFAULT new_key()", users);
    expect(rewrites).toEqual(["public.users"]);
    expect(uncertain?.on).toBe("whether new_key() is volatile");
  });

  test("a required column fails where there are rows", () => {
    const { fails, uncertain } = effects("ALTER TABLE users ADD COLUMN z int NOT NULL", users);
    expect(fails?.sqlstate).toBe("23502");
    expect(uncertain?.on).toBe("whether users holds rows");
  });

  test("timestamps depend on the zone of the session", () => {
    const setup = "CREATE TABLE t (at timestamp);";
    const { rewrites, uncertain } = effects("ALTER TABLE t ALTER COLUMN at TYPE timestamptz", setup);
    expect(rewrites).toEqual(["public.t"]);
    expect(uncertain?.on).toMatch(/TimeZone/);
  });

  test("a DO block", () => {
    expect(effects("DO $$ BEGIN EXECUTE 'DROP TABLE users'; END $$", users).uncertain?.on).toMatch(/block/);
  });
});

describe("one action of several", () => {
  test("is judged by itself", () => {
    const sql =
      "ALTER TABLE users ADD COLUMN a int, ALTER COLUMN name TYPE text, ADD COLUMN b float8 DEFAULT random()";
    expect(actionEffects(sql, users).map(({ rewrites }) => rewrites)).toEqual([[], [], ["public.users"]]);
  });

  test("knows what the others add and drop", () => {
    const added = actionEffects("ALTER TABLE users ADD COLUMN z int, ALTER COLUMN z SET NOT NULL", users);
    expect(added.map(({ fails, scans }) => [fails, scans])).toEqual([
      [null, []],
      [null, ["public.users"]],
    ]);
    const setup = `${users} ALTER TABLE users ADD CONSTRAINT c CHECK (age IS NOT NULL);`;
    const dropped = actionEffects(
      "ALTER TABLE users ALTER COLUMN age SET NOT NULL, DROP CONSTRAINT c",
      setup,
    );
    expect(dropped.map(({ scans }) => scans)).toEqual([["public.users"], []]);
  });

  test("names only its own lock", () => {
    const sql = "ALTER TABLE users SET (fillfactor = 70), ADD COLUMN z int";
    expect(actionEffects(sql, users).map(({ locks }) => locks[0]?.mode)).toEqual([
      "SHARE UPDATE EXCLUSIVE",
      "ACCESS EXCLUSIVE",
    ]);
    expect(effects(sql, users).locks.map(({ mode }) => mode)).toEqual(["ACCESS EXCLUSIVE"]);
  });
});

describe("the work in words", () => {
  const work = (sql: string) => renderWork(effects(sql, users));
  test.each([
    ["ALTER TABLE users ADD COLUMN z int", "none: catalog only"],
    ["ALTER TABLE users ADD CHECK (age > 0)", "scan of public.users"],
    ["CREATE INDEX ON users (age)", "builds an index over all rows of public.users"],
    [
      "ALTER TABLE users ADD COLUMN z float8 DEFAULT random()",
      "table rewrite of public.users, builds its indexes anew",
    ],
    ["CREATE TABLE x (id int)", "none: catalog only"],
  ])("%s", (sql, words) => {
    expect(work(sql)).toBe(words);
  });
});

describe("a rewrite that depends on something, beside one that is certain", () => {
  const setup = "CREATE TABLE orders (id bigint, at timestamp);";
  const toZone = "ALTER COLUMN at TYPE timestamptz";
  const onCall = "ADD COLUMN code text DEFAULT next_code()";

  test.each([toZone, onCall])("%s is in doubt by itself", (action) => {
    const { rewrites, uncertain } = effects(`ALTER TABLE orders ${action}`, setup);
    expect(rewrites).toEqual(["public.orders"]);
    expect(uncertain).not.toBeNull();
  });

  test.each([toZone, onCall])("%s is not in doubt where the table is written anew all the same", (action) => {
    const sure = "ADD COLUMN ref uuid DEFAULT gen_random_uuid()";
    for (const actions of [`${action}, ${sure}`, `${sure}, ${action}`]) {
      const { rewrites, uncertain } = effects(`ALTER TABLE orders ${actions}`, setup);
      expect(rewrites).toEqual(["public.orders"]);
      expect(uncertain).toBeNull();
    }
  });

  test("two doubts stay one", () => {
    const { uncertain } = effects(`ALTER TABLE orders ${toZone}, ${onCall}`, setup);
    expect(uncertain?.on).toMatch(/TimeZone/);
  });

  test("a volatile call settles what an unknown one beside it is", () => {
    const { uncertain } = effects(
      "ALTER TABLE orders ADD COLUMN code text DEFAULT next_code() || random()",
      setup,
    );
    expect(uncertain).toBeNull();
  });
});
