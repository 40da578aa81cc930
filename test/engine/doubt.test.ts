import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";
import { findingsIn } from "./lint-sql.ts";

const only = { only: ["impossible-statement"] };
const tables = `CREATE TABLE members (id bigint, active boolean);
CREATE TABLE persons (id bigint);
CREATE POLICY p ON persons USING (EXISTS (SELECT 1 FROM members WHERE active));`;
const drop = "ALTER TABLE members DROP COLUMN active;";
const clear = `CREATE FUNCTION clear(target text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE one record;
BEGIN
  FOR one IN SELECT polname FROM pg_policy LOOP
    EXECUTE format('DROP POLICY %I ON %s', one.polname, target);
  END LOOP;
END $$;`;

/** What is refused in the last text, with those before it in one file, in files of their own, and as history. */
async function refusals(...texts: string[]): Promise<number[]> {
  const before = texts.slice(0, -1);
  const last = texts.at(-1) ?? "";
  const apart = texts.map((text, index) => ({ path: `${index}.sql`, text }));
  const past = apart.map((one, index) =>
    index < before.length ? { ...one, role: "history" as const } : one,
  );
  const all = [[{ path: "0.sql", text: [...before, last].join("\n") }], apart, past];
  return Promise.all(all.map(async (sources) => (await findingsIn(sources, only)).length));
}

describe("a policy that another table is read by", () => {
  it("stands in the way of DROP COLUMN", async () => {
    expect(await refusals(tables, drop)).toEqual([1, 1, 1]);
  });

  const harmless: [string, string][] = [
    [
      "queries and built-in functions",
      "SELECT count(*), now(), (SELECT max(id) FROM members WHERE id IN (1));",
    ],
    ["functions that are read to their end", `${clear} ALTER FUNCTION clear(text) OWNER TO admin;`],
    [
      "a function that is made and called",
      `CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'UPDATE members SET id = 1'; SELECT f();`,
    ],
    ["functions of extensions", "SELECT cron.schedule('night', '0 3 * * *', 'VACUUM');"],
    [
      "blocks that grant by names from the catalog",
      "DO $$ DECLARE t text; BEGIN FOR t IN SELECT 1 LOOP EXECUTE format('GRANT SELECT ON %I TO r', t); END LOOP; END $$;",
    ],
    [
      "blocks that index by names from the catalog",
      "DO $$ DECLARE t text; BEGIN FOR t IN SELECT 1 LOOP EXECUTE format('CREATE INDEX ON %I (id)', t); END LOOP; END $$;",
    ],
  ];
  it.each(harmless)("is left by %s", async (_, text) => {
    expect(await refusals(tables, text, drop)).toEqual([1, 1, 1]);
  });

  const doubtful: [string, string][] = [
    ["a function that drops policies by their names in the catalog", `${clear} SELECT clear('persons');`],
    ["the same in WITH", `${clear} WITH x AS (SELECT 1) SELECT clear('persons') FROM x;`],
    [
      "a block that does",
      "DO $$ DECLARE one record; BEGIN FOR one IN SELECT 1 LOOP EXECUTE format('DROP POLICY %I ON %I', one.a, one.b); END LOOP; END $$;",
    ],
    ["a string that nobody knows", "DO $$ DECLARE q text; BEGIN SELECT x INTO q FROM y; EXECUTE q; END $$;"],
    ["a function that nobody knows", "SELECT reset_everything();"],
    ["a procedure that nobody knows", "CALL reset_everything();"],
    ["a block in another language", "DO LANGUAGE plpython3u $$ plpy.execute('DROP POLICY p ON persons') $$;"],
    [
      "a function whose body is elsewhere",
      "CREATE FUNCTION f() RETURNS void LANGUAGE c AS 'lib', 'f'; SELECT f();",
    ],
  ];
  it.each(doubtful)("may be gone behind %s", async (_, text) => {
    expect(await refusals(tables, text, drop)).toEqual([0, 0, 0]);
  });

  it("is sure again once it is made anew", async () => {
    const again = "CREATE POLICY q ON persons USING (EXISTS (SELECT 1 FROM members WHERE active));";
    expect(await refusals(tables, "SELECT reset_everything();", again, drop)).toEqual([1, 1, 1]);
  });

  it("is unsure where it was made in a branch", async () => {
    const made = tables.replace(
      /CREATE POLICY.*;/,
      (policy) => `DO $$ BEGIN IF EXISTS (SELECT 1 FROM settings) THEN ${policy} END IF; END $$;`,
    );
    expect(await refusals(made, drop)).toEqual([0, 0, 0]);
  });

  it("is as unsure where it reads its own table", async () => {
    const own =
      "CREATE TABLE members (id bigint, active boolean); CREATE POLICY p ON members USING (active);";
    expect(await refusals(own, drop)).toEqual([1, 1, 1]);
    expect(await refusals(own, "SELECT reset_everything();", drop)).toEqual([0, 0, 0]);
  });
});

describe("routines that the history calls", () => {
  it("change its schema as they do where they are judged", async () => {
    const make = "CREATE FUNCTION make() RETURNS void LANGUAGE sql AS 'CREATE TABLE made (id bigint)';";
    const options = { only: ["unknown-object"], rules: { "unknown-object": "error" } } as const;
    const sources = (call: string) => [
      { path: "1.sql", text: `${make} ${call}`, role: "history" as const },
      { path: "2.sql", text: "CREATE TABLE made (id bigint);" },
    ];
    expect(await findingsIn(sources("SELECT make();"), options)).toHaveLength(1);
    expect(await findingsIn(sources(""), options)).toEqual([]);
  });
});

describe("a call of what nobody can read", () => {
  it("is looked at once, however many comments stand before what it is told", async () => {
    const told = `${"/**/".repeat(34)}x`;
    expect(await refusals(tables, `SELECT run_ddl('${told}');`, drop)).toEqual([0, 0, 0]);
  });
});

describe("a view that reads a column", () => {
  const seen =
    "CREATE TABLE persons (id bigint, level int); CREATE VIEW ranks AS SELECT id, level FROM persons;";
  const loop = (sql: string) =>
    `DO $$ DECLARE one record; BEGIN FOR one IN SELECT relname FROM pg_class LOOP EXECUTE ${sql}; END LOOP; END $$;`;
  const changes = [
    "ALTER TABLE persons DROP COLUMN level;",
    "ALTER TABLE persons ALTER COLUMN level TYPE bigint;",
    "DROP TABLE persons;",
  ];

  it.each(changes)("stands in the way where nothing may have dropped it: %s", async (change) => {
    expect(await refusals(seen, change)).toEqual([1, 1, 1]);
    // In the same file nothing is told behind what nobody could read.
    for (const texts of [
      [seen, loop("'DROP POLICY a ON ' || one.relname")],
      [loop("'DROP VIEW ' || one.relname"), seen],
    ])
      expect(await refusals(...texts, change)).toEqual([0, 1, 1]);
  });

  it("does not for certain where a block has dropped views by names that only the server knows", async () => {
    for (const dropped of [loop("'DROP VIEW ' || one.relname"), loop("one.relname")])
      for (const change of changes) {
        const sources = [{ path: "0.sql", text: [seen, dropped, change].join("\n") }];
        const { diagnostics } = await lintSources(sources, { catalogue: rules, ...only });
        expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      }
  });
});
