import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";
import { lintSources } from "../../src/engine/lint.ts";
import { renderExplanation } from "../../src/reporters/explain.ts";
import { renderImpact } from "../../src/reporters/words.ts";

const history = `CREATE TABLE t (id int PRIMARY KEY, a int, b int);
CREATE TABLE log (n int);
CREATE TABLE other (n int);
CREATE MATERIALIZED VIEW mv AS SELECT * FROM t;
CREATE UNIQUE INDEX mv_id ON mv (id);
CREATE TABLE p (id int, a int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
INSERT INTO t VALUES (1, 1, 1), (2, 2, 2);
INSERT INTO p VALUES (1, 1);
CREATE FUNCTION refresh() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN REFRESH MATERIALIZED VIEW CONCURRENTLY mv; RETURN NULL; END $$;
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO log SELECT count(*) FROM changed; RETURN NULL; END $$;
CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN IF EXISTS (SELECT FROM other WHERE n = NEW.id) THEN RAISE 'taken'; END IF; RETURN NEW; END $$;
CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN
    IF pg_trigger_depth() > 1 THEN RETURN NULL; END IF;
    UPDATE other SET n = n; UPDATE p SET a = 1; RETURN NULL;
  END $$;
CREATE TRIGGER refresh AFTER DELETE OR TRUNCATE ON t FOR EACH STATEMENT EXECUTE FUNCTION refresh();
CREATE TRIGGER note AFTER UPDATE ON t REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION note();
CREATE TRIGGER look BEFORE INSERT OR UPDATE OF b ON t FOR EACH ROW EXECUTE FUNCTION look();
CREATE TRIGGER silent AFTER INSERT ON log FOR EACH STATEMENT EXECUTE FUNCTION refresh();
ALTER TABLE log DISABLE TRIGGER silent;
CREATE TRIGGER again AFTER UPDATE ON p FOR EACH STATEMENT EXECUTE FUNCTION again();
CREATE TRIGGER look BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION look();
`;

let server: PGlite;

beforeAll(async () => {
  server = await PGlite.create();
  await server.exec(history);
});
afterAll(() => server.close());

async function explain(text: string) {
  const sources = [
    { path: "1.sql", text: history, role: "history" as const },
    { path: "2.sql", text },
  ];
  return explainSources(sources, { catalogue: rules, postgresVersion: 18 });
}

type Locks = readonly { readonly relation: string; readonly mode: string }[];
const shown = (locks: Locks) => locks.map(({ relation, mode }) => `${relation} ${mode}`).sort();

/** The strongest lock on each table, as the server holds them behind the statement. */
async function measure(sql: string) {
  await server.exec("BEGIN");
  await server.exec(sql);
  const { rows } = await server.query<{ relation: string; mode: string }>(`
    SELECT n.nspname || '.' || c.relname AS relation, max(l.mode) AS mode
    FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'm')
      AND NOT (l.mode = 'AccessShareLock' AND EXISTS (SELECT FROM pg_locks o WHERE o.relation = l.relation AND o.mode <> l.mode))
      AND NOT (l.mode IN ('RowExclusiveLock', 'ShareLock') AND EXISTS
        (SELECT FROM pg_locks o WHERE o.relation = l.relation AND o.mode IN ('ExclusiveLock', 'AccessExclusiveLock')))
    GROUP BY 1`);
  await server.exec("ROLLBACK");
  const spell = (mode: string) =>
    mode
      .replace(/Lock$/, "")
      .replace(/(?<=.)(?=[A-Z])/g, " ")
      .toUpperCase();
  return shown(rows.map(({ relation, mode }) => ({ relation, mode: spell(mode) })));
}

describe("what a statement fires", () => {
  it.each([
    ["DELETE FROM t WHERE id = 1"],
    ["TRUNCATE t"],
    ["UPDATE t SET a = 1 WHERE id = 1"],
    ["UPDATE t SET b = 1 WHERE id = 1"],
    ["INSERT INTO t VALUES (3, 1, 1)"],
    ["INSERT INTO t VALUES (1, 1, 1) ON CONFLICT (id) DO UPDATE SET b = 2"],
    ["WITH gone AS (DELETE FROM t RETURNING id) SELECT * FROM gone"],
    [
      "MERGE INTO t USING other ON n = id WHEN MATCHED THEN DO NOTHING WHEN NOT MATCHED THEN INSERT VALUES (n)",
    ],
    ["UPDATE p SET a = 2"],
    ["INSERT INTO p VALUES (2, 2)"],
    ["INSERT INTO log VALUES (1)"],
    ["DO $$ BEGIN DELETE FROM t WHERE id = 1; END $$"],
  ])("is locked as the server does: %s", async (sql) => {
    const [outer] = (await explain(sql)).statements;
    const tables = (outer?.locks ?? []).filter(({ table }) => table === undefined);
    expect(shown(tables)).toEqual(await measure(sql));
  });

  it("depends on the trigger where it may lock out others", async () => {
    const made = `CREATE FUNCTION maybe() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF TG_OP = 'DELETE' THEN LOCK TABLE other; END IF; RETURN NULL; END $$;
      CREATE TRIGGER maybe AFTER DELETE ON log FOR EACH STATEMENT EXECUTE FUNCTION maybe();
      DELETE FROM log;`;
    const outer = (await explain(made)).statements.at(-1);
    expect(shown(outer?.locks ?? [])).toEqual(["public.log ROW EXCLUSIVE"]);
    expect(outer?.on).toBe("what the trigger maybe does");
  });

  const unread = [
    ["runs what only the server knows", "EXECUTE format('LOCK TABLE %I', TG_ARGV[0]);"],
    ["is longer than anybody reads", "INSERT INTO log VALUES (1);".repeat(101)],
  ];
  it.each(unread)("depends on a trigger that %s, but not what is refused before", async (_, steps) => {
    const made = `CREATE FUNCTION runs() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN ${steps} RETURN NULL; END $$;
      CREATE TRIGGER runs AFTER DELETE ON other FOR EACH STATEMENT EXECUTE FUNCTION runs('t');`;
    const [run, refused] = (
      await explain(`${made} DELETE FROM other; DELETE FROM other WHERE m = 1;`)
    ).statements.slice(-2);
    expect(run?.on).toBe("what the trigger runs does");
    expect([refused?.fails?.sqlstate, refused?.on]).toEqual(["42703", undefined]);
    await expect(server.exec("DELETE FROM other WHERE m = 1")).rejects.toMatchObject({ code: "42703" });
  });

  it.each([
    ["INSERT INTO log VALUES (1); RETURN NULL; LOCK TABLE p;"],
    ["RAISE NOTICE 'x'; IF TG_OP = 'DELETE' THEN RETURN NULL; ELSE RAISE 'no'; END IF; LOCK TABLE p;"],
    ["EXECUTE 'LOCK TABLE p IN SHARE MODE'; RETURN NULL;"],
    ["IF TG_OP = 'INSERT' THEN PERFORM 1; END IF; LOCK TABLE p; RETURN NULL;"],
  ])("ends where the function does: %s", async (steps) => {
    const made = `CREATE OR REPLACE FUNCTION ends() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${steps} END $$;
      CREATE OR REPLACE TRIGGER ends AFTER DELETE ON other FOR EACH STATEMENT EXECUTE FUNCTION ends();`;
    const outer = (await explain(`${made} DELETE FROM other;`)).statements.at(-1);
    await server.exec(made);
    const tables = (outer?.locks ?? []).filter(({ table }) => table === undefined);
    expect([shown(tables), outer?.certainty]).toEqual([await measure("DELETE FROM other"), undefined]);
    await server.exec("DROP TRIGGER ends ON other");
  });

  it("is named to who only reads the findings", async () => {
    const sources = [
      { path: "1.sql", text: history, role: "history" as const },
      { path: "2.sql", text: "DELETE FROM t WHERE id = 1;" },
    ];
    const { diagnostics } = await lintSources(sources, { catalogue: rules, only: ["missing-lock-timeout"] });
    const [finding] = diagnostics;
    expect(finding?.message).toContain("writes of mv queue behind it");
    expect(renderImpact(finding?.impact ?? { locks: [], work: "" })).toContain(
      "EXCLUSIVE on mv, by the trigger refresh: reads go on",
    );
  });

  it("is named", async () => {
    const text = renderExplanation(await explain("DELETE FROM t WHERE id = 1;"), {});
    expect(text).toContain("Line 1 locks mv too: changed by the trigger refresh.");
  });
});
