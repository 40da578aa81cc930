import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";
import { renderExplanation } from "../../src/reporters/explain.ts";

const history = {
  path: "1.sql",
  text: `CREATE TABLE t (id int PRIMARY KEY, a text);
CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN TRUNCATE t; END $$;`,
  role: "history" as const,
};

function explain(text: string) {
  return explainSources([history, { path: "2.sql", text }], { catalogue: rules });
}

async function first(text: string) {
  const [outer, ...inner] = (await explain(text)).statements;
  if (outer === undefined) throw new Error("nothing was explained");
  return { outer, inner };
}

const modes = (locks: readonly { readonly relation: string; readonly mode: string }[]) =>
  locks.map(({ relation, mode }) => `${relation} ${mode}`);

describe("what a statement does by its bodies", () => {
  it("counts for the statement as well, and is told for each", async () => {
    const { outer, inner } = await first(
      "DO $$ BEGIN\nCREATE INDEX i ON t (a);\nALTER TABLE t ADD COLUMN b int;\nEND $$;",
    );
    expect(outer.kind).toBe("do");
    expect(outer.certainty).toBeUndefined();
    expect(modes(outer.locks)).toEqual(["public.t ACCESS EXCLUSIVE"]);
    expect(outer.buildsIndexes).toEqual(["i"]);
    expect(outer.scans).toEqual(["public.t"]);
    expect(inner.map(({ line, within }) => [line, within])).toEqual([
      [2, 1],
      [3, 1],
    ]);
  });

  it("leaves out what the body itself makes", async () => {
    const { outer } = await first("DO $$ BEGIN CREATE TABLE n (a int); CREATE INDEX ON n (a); END $$;");
    expect(outer.locks).toEqual([]);
  });

  it("makes what the history says of names doubtful where nobody could read it", async () => {
    const again = "ALTER TABLE t ADD COLUMN a text;";
    expect((await first(again)).outer).toMatchObject({ fails: { sqlstate: "42701" } });
    expect((await first(again)).outer.certainty).toBeUndefined();
    const [, , behind] = (await explain(`DO $$ BEGIN EXECUTE f(); END $$; ${again}`)).statements;
    expect(behind).toMatchObject({
      fails: { sqlstate: "42701" },
      certainty: "depends",
      on: "what ran before it and could not be read",
    });
  });

  it("hands on what variables hold to the routines that a body calls", async () => {
    const locksOf = async (body: string) => {
      const { statements } = await explain(`CREATE FUNCTION g(x text) RETURNS void LANGUAGE plpgsql AS
          $$ BEGIN EXECUTE 'TRUNCATE ' || x; END $$;
        CREATE FUNCTION f(tbl text) RETURNS void LANGUAGE plpgsql AS $$ ${body} $$;
        SELECT f('t');`);
      const outer = statements.find(({ sql }) => sql === "SELECT f('t')");
      return [modes(outer?.locks ?? [])[0], outer?.certainty];
    };
    const known = ["public.t ACCESS EXCLUSIVE", undefined];
    expect(await locksOf("BEGIN EXECUTE 'TRUNCATE ' || text($1); END")).toEqual(known);
    expect(await locksOf("BEGIN PERFORM g(tbl); END")).toEqual(known);
    expect(await locksOf("DECLARE v text := tbl; BEGIN PERFORM g(v::text); END")).toEqual(known);
    expect((await locksOf("BEGIN tbl := random()::text; PERFORM g(tbl); END"))[0]).not.toEqual(known[0]);
    expect(
      (await locksOf("BEGIN SELECT relname INTO tbl FROM pg_class; PERFORM g(tbl); END"))[0],
    ).not.toEqual(known[0]);
  });

  it("is for the table that is known, whatever else of it only the run tells", async () => {
    const made = `CREATE FUNCTION f(tbl regclass, on_rows boolean) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        EXECUTE 'CREATE TRIGGER g AFTER INSERT ON ' || tbl || ' EXECUTE FUNCTION h(' || quote_literal(on_rows) || ')'; END $$;
      CREATE FUNCTION f(tbl regclass) RETURNS void LANGUAGE sql AS 'SELECT f($1, true)';`;
    const sources = [
      history,
      { path: "2.sql", text: made, role: "history" as const },
      { path: "3.sql", text: "SELECT f('t');" },
    ];
    const { statements } = await explainSources(sources, { catalogue: rules });
    expect(modes(statements[0]?.locks ?? [])).toEqual(["public.t SHARE ROW EXCLUSIVE"]);
    expect(statements[0]?.certainty).toBeUndefined();
  });

  it("fails with what is refused in it, but not where that may be skipped or caught", async () => {
    const build = "EXECUTE 'CREATE INDEX CONCURRENTLY i ON t (a)';";
    expect((await first(`DO $$ BEGIN ${build} END $$;`)).outer.fails?.sqlstate).toBe("25001");
    const skipped = await first(`DO $$ BEGIN IF random() > 2 THEN ${build} END IF; END $$;`);
    expect([skipped.outer.fails, skipped.outer.on]).toEqual([null, "which of its statements run"]);
    const caught = await first(`DO $$ BEGIN ${build} EXCEPTION WHEN others THEN NULL; END $$;`);
    expect(caught.outer.fails).toBeNull();
  });

  it("ends with RETURN, and with what raises an exception", async () => {
    const build = "CREATE INDEX i ON t (a);";
    for (const end of ["RETURN;", "RAISE 'no';", "IF random() > 2 THEN RETURN; ELSE RAISE 'no'; END IF;"]) {
      const { outer } = await first(`DO $$ BEGIN ${end} ${build} END $$;`);
      expect([end, ...modes(outer.locks)]).toEqual([end]);
    }
    for (const on of [
      "RAISE NOTICE 'on';",
      "IF random() > 2 THEN RETURN; END IF;",
      "BEGIN RAISE 'no'; EXCEPTION WHEN others THEN NULL; END;",
    ]) {
      const { outer } = await first(`DO $$ BEGIN ${on} ${build} END $$;`);
      expect([on, ...modes(outer.locks)]).toEqual([on, "public.t SHARE"]);
    }
  });

  it("counts what assignments, conditions, declarations and ASSERT read", async () => {
    for (const body of [
      "DECLARE n int := (SELECT count(*) FROM t); BEGIN NULL; END",
      "DECLARE n int; BEGIN n := count(*) FROM t; END",
      "BEGIN IF (SELECT count(*) FROM t) > 3 THEN NULL; END IF; END",
      "BEGIN ASSERT EXISTS (SELECT 1 FROM t WHERE a = 'x'), 'none'; END",
    ]) {
      const { outer } = await first(`DO $$ ${body} $$;`);
      expect([body, ...modes(outer.locks)]).toEqual([
        body,
        "public.t ACCESS SHARE",
        "public.t_pkey ACCESS SHARE",
      ]);
    }
    const { inner } = await first(
      "DO $$ DECLARE a int; b int; BEGIN a := b + 1; IF a IS DISTINCT FROM b THEN NULL; END IF; END $$;",
    );
    expect(inner).toEqual([]);
  });

  it("counts routines that an expression calls", async () => {
    const make =
      "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t; RETURN 1; END $$;\n";
    const { statements } = await explain(`${make}DO $$ DECLARE n int; BEGIN n := f(); END $$;`);
    const block = statements.find(({ kind }) => kind === "do");
    expect(modes(block?.locks ?? [])).toContain("public.t ROW EXCLUSIVE");
  });

  it("runs a routine with the settings of its own, and goes on with those of the session", async () => {
    const { statements } = await explain(`CREATE SCHEMA s; CREATE TABLE s.t (id int);
CREATE FUNCTION grow() RETURNS void LANGUAGE plpgsql SET search_path = s, pg_temp AS $$ BEGIN ALTER TABLE t ADD COLUMN b int; END $$;
SELECT grow();
ALTER TABLE t ADD COLUMN b int;
ALTER TABLE s.t ADD COLUMN b int;`);
    expect(
      statements.filter(({ within }) => within === undefined).map(({ fails }) => fails?.sqlstate),
    ).toEqual([undefined, undefined, undefined, undefined, undefined, "42701"]);
    expect(
      statements.filter(({ within }) => within !== undefined).flatMap((one) => modes(one.locks)),
    ).toEqual(["s.t ACCESS EXCLUSIVE"]);
  });

  it.each([
    ["ALTER FUNCTION grow() SET search_path = s, pg_temp;", "s.t ACCESS EXCLUSIVE"],
    ["ALTER FUNCTION grow SET search_path TO 's';", "s.t ACCESS EXCLUSIVE"],
    [
      "ALTER FUNCTION grow() SET search_path = s; ALTER FUNCTION grow() RESET ALL;",
      "public.t ACCESS EXCLUSIVE",
    ],
    [
      "ALTER FUNCTION grow() SET search_path = s; ALTER FUNCTION grow() RESET search_path;",
      "public.t ACCESS EXCLUSIVE",
    ],
    ["ALTER FUNCTION grow() SET lock_timeout = '1s';", "public.t ACCESS EXCLUSIVE"],
  ])("runs it with what ALTER FUNCTION gives it: %s", async (change, lock) => {
    const { statements } = await explain(`CREATE SCHEMA s; CREATE TABLE s.t (id int);
CREATE FUNCTION grow() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE t ADD COLUMN b int; END $$;
${change}
SELECT grow();`);
    expect(
      statements.filter(({ within }) => within !== undefined).flatMap((one) => modes(one.locks)),
    ).toEqual([lock]);
  });

  it("looks names up along the path that a variable gives, and finds none where only the server knows it", async () => {
    const make = "CREATE SCHEMA s; CREATE TABLE s.o (id int); CREATE SCHEMA r; CREATE TABLE r.o (id int);\n";
    const change = "PERFORM set_config('search_path', n, true); ALTER TABLE o ADD COLUMN a text;";
    const locksOf = async (body: string) => {
      const { statements } = await explain(`${make}DO $$ DECLARE n text; ${body} $$;`);
      expect(statements.filter(({ fails }) => fails !== null)).toEqual([]);
      return modes(statements.find(({ kind }) => kind === "do")?.locks ?? []);
    };
    expect(await locksOf(`BEGIN FOREACH n IN ARRAY ARRAY['s', 'r'] LOOP ${change} END LOOP; END`)).toEqual([
      "s.o ACCESS EXCLUSIVE",
      "r.o ACCESS EXCLUSIVE",
    ]);
    const unknown = await locksOf(`BEGIN FOR n IN SELECT g() LOOP ${change} END LOOP; END`);
    expect(unknown).toEqual(["o of a schema that is named at run time ACCESS EXCLUSIVE"]);
  });

  it.each([
    ["IF random() > 2 THEN", true],
    ["IF NOT EXISTS (SELECT FROM pg_class WHERE relname = 'n') THEN", false],
    ["IF to_regclass('n') IS NULL THEN", false],
  ])("refuses what %s may have made only where it looked", async (condition, isDoubtful) => {
    const block = `DO $$ BEGIN ${condition} CREATE TABLE n (); END IF; END $$;`;
    const { statements } = await explain(`${block} CREATE TABLE n ();`);
    expect(statements.at(-1)?.fails?.sqlstate).toBe("42P07");
    expect(statements.at(-1)?.certainty === "depends").toBe(isDoubtful);
  });

  it("refuses nothing for what one may have taken away whose name only the server knows", async () => {
    for (const take of ["ALTER TABLE t DROP CONSTRAINT %I", "ALTER TABLE t DROP COLUMN %I"]) {
      const block = `DO $$ DECLARE n text := g(); BEGIN EXECUTE format('${take}', n); END $$;`;
      const { statements } = await explain(`${block} ALTER TABLE t ADD COLUMN a text;`);
      expect(statements.at(-1)).toMatchObject({ fails: { sqlstate: "42701" }, certainty: "depends" });
    }
  });

  it("hands values to the parameters that a call names", async () => {
    const make = `CREATE FUNCTION add(tbl text, col text DEFAULT 'b') RETURNS void LANGUAGE plpgsql AS $$
BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN %I int', tbl, col); END $$;\n`;
    for (const call of ["add(col => 'c', tbl => 't')", "add(tbl := 't')", "add('t', col => 'd')"]) {
      const { statements } = await explain(`${make}SELECT ${call};`);
      expect([call, ...modes(statements[1]?.locks ?? [])]).toEqual([call, "public.t ACCESS EXCLUSIVE"]);
    }
  });

  it("judges each way of a branch as if no other ran, and what it finds as the branch may be taken for it", async () => {
    const arms =
      "CREATE INDEX i ON t (a); CREATE TABLE n (); ELSE CREATE UNIQUE INDEX i ON t (a); CREATE TABLE n (b int); ALTER TABLE t ADD COLUMN a int;";
    const { outer, inner } = await first(`DO $$ BEGIN IF random() > 2 THEN ${arms} END IF; END $$;`);
    expect(inner.map(({ fails, on }) => [fails?.sqlstate, on])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      [undefined, undefined],
      [undefined, undefined],
      ["42701", "which of its statements run"],
    ]);
    expect(modes(outer.locks)).toEqual(["public.t ACCESS EXCLUSIVE"]);
  });

  it.each([
    ["'ALTER SEQUENCE q RESTART WITH ' || n", "public.q SHARE ROW EXCLUSIVE"],
    ["format('ALTER TABLE t ALTER COLUMN a SET STATISTICS %s', n)", "public.t SHARE UPDATE EXCLUSIVE"],
    ["'CREATE INDEX i ON t (a)' || w", "public.t SHARE"],
    ["'CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f(1' || w || ')'", "public.t SHARE ROW EXCLUSIVE"],
  ])("tells what a string is that ends in what only the server knows: %s", async (string, lock) => {
    const make =
      "CREATE SEQUENCE q; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";
    const block = `DO $$ DECLARE n int := g(); w text := g(); BEGIN EXECUTE ${string}; END $$;`;
    const before = { path: "2.sql", text: make, role: "history" as const };
    const sources = [history, before, { path: "3.sql", text: block }];
    const { statements } = await explainSources(sources, { catalogue: rules });
    const inner = statements.find(({ kind, within }) => within !== undefined && kind !== "select");
    const why = "EXECUTE of a string that only the server knows";
    expect([...modes(inner?.locks ?? []), inner?.on]).toEqual([lock, why]);
    expect(inner?.sql).not.toMatch(/ 1\s*\)?$/);
  });

  it("tells nothing of rows that a string may be for", async () => {
    const block = "DO $$ DECLARE w text := g(); BEGIN EXECUTE 'UPDATE t SET a = 1' || w; END $$;";
    expect((await first(block)).inner.map(({ kind }) => kind)).toEqual(["not understood"]);
  });

  it("is told where nobody knows the routine: what is not understood does not look clean", async () => {
    const { statements } = await explain(
      "SELECT fill_elsewhere('t', 'a'); SELECT cron.schedule('x'); SELECT now();",
    );
    expect(statements.map(({ on }) => on)).toEqual([
      "what fill_elsewhere() does",
      "what cron.schedule() does",
      undefined,
    ]);
    const shown = renderExplanation(await explain("SELECT fill_elsewhere('t', 'a');"), {});
    expect(shown).toMatch(/fill_elsewhere\(.*\) +\? +\?$/m);
  });

  it("takes variables of the body for values: a key compared with one reads no table in full", async () => {
    const { outer } = await first(
      "DO $$ DECLARE r record; n int := 4; BEGIN UPDATE t SET a = 'x' WHERE id = n; DELETE FROM t WHERE id = r.k; END $$;",
    );
    expect(outer.scans).toEqual([]);
  });

  it("fails where the body of a routine that is made is no SQL", async () => {
    const { outer } = await first(
      "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN SELEC 1; END $$;",
    );
    expect(outer.fails?.sqlstate).toBe("42601");
  });

  it("what it makes by a name that only the run tells may be what a later statement means", async () => {
    const loop = (sql: string) =>
      `DO $$ DECLARE one text; BEGIN FOR one IN SELECT relname FROM pg_class LOOP EXECUTE format('${sql}', one); END LOOP; END $$;`;
    const certaintyBehind = async (sql: string) => {
      const { statements } = await explain(`CREATE TABLE p (a int); ${loop(sql)} DROP TRIGGER z ON p;`);
      return statements.at(-1)?.certainty;
    };
    expect(
      await certaintyBehind("CREATE TRIGGER z AFTER INSERT ON %I FOR EACH ROW EXECUTE FUNCTION f()"),
    ).toBe("depends");
    expect(await certaintyBehind("GRANT SELECT ON %I TO r")).toBeUndefined();
    expect(await certaintyBehind("TRUNCATE %I")).toBeUndefined();
  });

  it("is certain of an empty body, and not of what only the server knows", async () => {
    expect((await first("DO $$ BEGIN NULL; END $$;")).outer.certainty).toBeUndefined();
    const { outer, inner } = await first("DO $$ BEGIN EXECUTE f(); END $$;");
    expect(outer.on).toBe("EXECUTE of a string that only the server knows");
    expect(inner.map(({ kind }) => kind)).toEqual(["not understood"]);
  });

  it("is known of a procedure that the history has, and of no other", async () => {
    const known = (await first("CALL p();")).outer;
    expect([known.certainty, modes(known.locks)[0]]).toEqual([undefined, "public.t ACCESS EXCLUSIVE"]);
    expect((await first("CALL q();")).outer.on).toBe("what q() does");
  });

  it("is shown below the statement, and never as clean where it was not understood", async () => {
    const shown = renderExplanation(await explain("DO $$ BEGIN\nTRUNCATE t;\nEXECUTE f();\nEND $$;"), {});
    expect(shown).toMatch(/1 {2}DO .* runs what follows/);
    expect(shown).toMatch(/2 {4}TRUNCATE t +t +ACCESS EXCLUSIVE/);
    expect(shown).toMatch(/3 {4}EXECUTE f\(\) +\? +\? +not known: EXECUTE of a string/);
  });

  it("is known of a call by itself, not of one for each row", async () => {
    const text = "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'TRUNCATE t';";
    const [, call, rows] = (await explain(`${text} SELECT f(); SELECT f() FROM t;`)).statements.filter(
      ({ within }) => within === undefined,
    );
    expect([call?.certainty, modes(call?.locks ?? [])[0]]).toEqual([undefined, "public.t ACCESS EXCLUSIVE"]);
    expect(rows?.on).toBe("what f() does");
  });

  it("fails where COMMIT has a transaction around it, or stands in a function", async () => {
    const code = async (text: string) => {
      const { statements } = await explain(text);
      return statements.find(({ kind }) => ["do", "call", "select"].includes(kind))?.fails?.sqlstate;
    };
    const block = "DO $$ BEGIN TRUNCATE t; COMMIT; END $$;";
    expect(await code(block)).toBeUndefined();
    expect(await code(`BEGIN; ${block} COMMIT;`)).toBe("2D000");
    expect(await code("DO $$ BEGIN IF random() > 2 THEN COMMIT; END IF; END $$;")).toBeUndefined();
    expect(
      await code("BEGIN; DO $$ BEGIN IF random() > 2 THEN COMMIT; END IF; END $$; COMMIT;"),
    ).toBeUndefined();
    const make = (kind: string) => `CREATE ${kind} c() LANGUAGE plpgsql AS 'BEGIN COMMIT; END'`;
    expect(await code(`${make("PROCEDURE")}; CALL c();`)).toBeUndefined();
    expect(await code(`${make("PROCEDURE")}; BEGIN; CALL c(); COMMIT;`)).toBe("2D000");
    expect(await code(`${make("PROCEDURE")}; ALTER PROCEDURE c() SET search_path = public; CALL c();`)).toBe(
      "2D000",
    );
    expect(await code(`${make("FUNCTION").replace("c()", "c() RETURNS void")}; SELECT c();`)).toBe("2D000");
  });
});

it("keeps what cannot be read in the body that runs it, wherever that stands", async () => {
  const own = `CREATE FUNCTION watch(target regclass, events text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE 'CREATE TRIGGER watched AFTER ' || events || ' ON ' || target || ' FOR EACH ROW EXECUTE FUNCTION f();';
  LOCK TABLE t IN SHARE MODE;
END $$;
CREATE FUNCTION watch(target regclass) RETURNS void LANGUAGE sql AS $$
SELECT watch($1, chosen()::text);
$$;
SELECT watch('t');`;
  const { statements } = await explain(own);
  const outer = statements.find(({ line, within }) => line === 9 && within === undefined);
  const unread = statements.filter(({ kind }) => kind === "not understood");
  expect(unread.map(({ sql, within }) => [sql.slice(0, 30), within])).toEqual([
    ["CREATE TRIGGER watched AFTER .", 9],
  ]);
  expect(modes(outer?.locks ?? [])).toEqual(["public.t SHARE"]);
  expect(outer?.certainty).toBe("depends");
});
