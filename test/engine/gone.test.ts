import { describe, expect, it } from "vitest";
import { explain, lint } from "../../src/index.ts";

const told = async (text: string): Promise<readonly string[]> => {
  const report = await lint([{ path: "1.sql", text }], {});
  return report.diagnostics.map(({ rule, start }) => `${start.line} ${rule}`);
};

describe("a statement that needs what an earlier one dropped", () => {
  it("waits for no lock on it", async () => {
    const text = `CREATE TABLE orders (id bigint PRIMARY KEY);
      DROP TABLE orders;
      ALTER TABLE orders ADD COLUMN note text;`;
    expect(await told(text)).toEqual(["3 impossible-statement"]);
    const { statements } = await explain([{ path: "1.sql", text }], {});
    expect(statements[2]).toMatchObject({ locks: [], fails: { sqlstate: "42P01" } });
  });

  it("does not bring it back", async () => {
    expect(
      await told(`CREATE TABLE orders (id bigint PRIMARY KEY);
      DROP TABLE orders;
      ALTER TABLE orders ADD COLUMN note text;
      DROP TABLE IF EXISTS orders;
      CREATE TABLE orders (id bigint PRIMARY KEY);
      INSERT INTO orders VALUES (1);`),
    ).toEqual(["3 impossible-statement"]);
  });

  it("leaves the history as complete as it was", async () => {
    const report = await lint(
      [
        {
          path: "1.sql",
          text: `CREATE TABLE orders (id bigint PRIMARY KEY); CREATE TABLE kept (id int);
      DROP TABLE orders;
      INSERT INTO orders VALUES (1);
      CREATE INDEX ON customers (id);`,
        },
      ],
      { rules: { "unknown-object": "error" } },
    );
    expect(report.diagnostics.map(({ rule, start }) => `${start.line} ${rule}`)).toContain(
      "4 unknown-object",
    );
  });

  it("is asked for its transaction first, where it is LOCK", async () => {
    const text = "CREATE TABLE orders (id bigint); DROP TABLE orders; LOCK TABLE orders;";
    const { statements } = await explain([{ path: "1.sql", text }], {});
    expect(statements[2]?.fails?.sqlstate).toBe("25P01");
  });
});

describe("a table that the transaction itself has dropped", () => {
  const work = (last: string) => `SET lock_timeout = '5s';
      BEGIN;
      DROP TABLE IF EXISTS carts;
      ${last}
      CREATE INDEX orders_note_idx ON orders (note);
      COMMIT;`;

  it("is none that others wait for", async () => {
    const text = work("CREATE TABLE baskets (id bigint PRIMARY KEY);");
    expect(await told(text)).not.toContain("5 work-under-strong-lock");
  });

  it("is one where the file makes it anew", async () => {
    const view = `SET lock_timeout = '5s';
      BEGIN;
      DROP VIEW totals;
      SELECT 1;
      CREATE INDEX orders_note_idx ON orders (note);
      CREATE VIEW totals AS SELECT 1 AS total;
      COMMIT;`;
    expect(await told(view)).toContain("5 work-under-strong-lock");
  });

  it("is one where another has its name by then", async () => {
    const text = work("ALTER TABLE carts_new RENAME TO carts;");
    expect(await told(text)).toContain("5 work-under-strong-lock");
  });
});

describe("a history that uses what it dropped, and goes on", () => {
  const files = (...texts: readonly string[]) =>
    texts.map((text, k) => ({ path: `migrations/00${k}_a.sql`, text }));
  const drop =
    "CREATE TABLE audit.events (id int); CREATE TABLE audit.kinds (id int); DROP SCHEMA audit CASCADE;";
  const useIn = async (...texts: readonly string[]) => {
    const sources = files(`CREATE SCHEMA audit; ${drop}`, ...texts);
    return (await lint(sources, { only: ["impossible-statement"] })).diagnostics;
  };

  it("is told once of it: it has the thing from elsewhere", async () => {
    const use = "ALTER TABLE audit.events ADD COLUMN note text;";
    expect(await useIn(use)).toHaveLength(1);
    expect(await useIn(`${use} ${use}`, use, "DROP TABLE audit.kinds;")).toHaveLength(2);
  });

  it("is told of what it drops after that", async () => {
    const use = "ALTER TABLE audit.events ADD COLUMN note text;";
    const again = "CREATE TABLE kinds (id int); DROP TABLE kinds;";
    expect(await useIn(use, again, "ALTER TABLE kinds ADD COLUMN note text;")).toHaveLength(2);
  });
});

describe("what is sure to be refused", () => {
  it("holds no lock for the rest of the transaction", async () => {
    const text = `CREATE TABLE orders (id bigint PRIMARY KEY, note text);
      CREATE VIEW notes AS SELECT note FROM orders;`;
    const drop = (cascade: string) => `SET lock_timeout = '2s';
      BEGIN;
      ALTER TABLE orders DROP COLUMN note ${cascade};
      CREATE INDEX orders_id_idx ON orders (id);
      COMMIT;`;
    const toldOf = async (cascade: string) => {
      const sources = [
        { path: "1.sql", text },
        { path: "2.sql", text: drop(cascade) },
      ];
      return (await lint(sources, {})).diagnostics.map(({ rule }) => rule);
    };
    expect(await toldOf("")).toContain("impossible-statement");
    expect(await toldOf("")).not.toContain("work-under-strong-lock");
    expect(await toldOf("CASCADE")).toContain("work-under-strong-lock");
  });

  it("holds them where the server may know more than the history", async () => {
    const text = `SET lock_timeout = '2s';
      BEGIN;
      ALTER TABLE orders ADD COLUMN id bigint;
      CREATE INDEX orders_id_idx ON orders (id);
      COMMIT;`;
    const sources = [
      { path: "1.sql", text: "CREATE TABLE orders (id bigint);" },
      { path: "2.sql", text },
    ];
    const { diagnostics } = await lint(sources, {});
    expect(diagnostics.map(({ rule }) => rule)).toContain("work-under-strong-lock");
  });

  it("holds them in a branch: another is written for what this one refuses", async () => {
    const history = `CREATE TABLE orders (id bigint PRIMARY KEY, note text);
      CREATE VIEW notes AS SELECT note FROM orders;`;
    const text = `SET lock_timeout = '2s';
      BEGIN;
      DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_matviews WHERE matviewname = 'notes') THEN DROP MATERIALIZED VIEW notes;
        ELSE DROP VIEW IF EXISTS notes;
        END IF;
      END $$;
      CREATE MATERIALIZED VIEW notes AS SELECT note FROM orders;
      COMMIT;`;
    const sources = [
      { path: "1.sql", text: history },
      { path: "2.sql", text },
    ];
    const { diagnostics } = await lint(sources, {});
    expect(diagnostics.map(({ rule }) => rule)).toEqual(["work-under-strong-lock"]);
  });
});

it("what moves to Supabase's schema of extensions is found there without its name", async () => {
  const text = `CREATE TYPE mood AS ENUM ('good');
    CREATE SCHEMA IF NOT EXISTS extensions;
    ALTER TYPE mood SET SCHEMA extensions;
    CREATE TABLE days (day date PRIMARY KEY, mood mood);`;
  const refused = async (runner: string) => {
    const only = { runner, only: ["impossible-statement"] };
    const { diagnostics } = await lint([{ path: "1.sql", text }], only);
    return diagnostics.map(({ start }) => start.line);
  };
  expect(await refused("supabase")).toEqual([]);
  expect(await refused("psql")).toEqual([4]);
});
