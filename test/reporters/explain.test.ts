import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";
import { plainExplanation } from "../../src/engine/plain-names.ts";
import { renderExplanation } from "../../src/reporters/explain.ts";

async function rowsOf(text: string): Promise<string[]> {
  const explanation = await explainSources([{ path: "a.sql", text }], { catalogue: rules });
  return renderExplanation(explanation, {}).split("\n");
}

async function proseOf(text: string): Promise<string> {
  return (await rowsOf(text)).join(" ").replaceAll(/\s+/g, " ");
}

it("says of a statement that the server refuses why, and of nobody that waits for it", async () => {
  const rows = await rowsOf(
    "BEGIN;\nALTER TABLE t ADD COLUMN a int;\nREINDEX TABLE CONCURRENTLY t;\nCREATE INDEX ON t (a);\n",
  );
  const refused = rows.find((row) => row.startsWith("     3 "));
  expect(refused).toContain("fails: ");
  expect(refused).not.toMatch(/wait|go on|ACCESS/);
  expect(rows.find((row) => row.startsWith("     4 "))).toContain("wait *");
  expect(rows.join("\n")).not.toContain("line 3");
});

it("says that nothing runs behind what is refused in its transaction, but behind a savepoint", async () => {
  const [refused, next] = ["VACUUM t;\n", "DROP TABLE u;\n"];
  const words = "Line 2 is refused: nothing behind it in its transaction runs";
  expect(await proseOf(`BEGIN;\n${refused}${next}${next}COMMIT;\n`)).toContain(words);
  for (const text of [
    `BEGIN;\n${refused}COMMIT;\n${next}`,
    `BEGIN; SAVEPOINT a;\n${refused}ROLLBACK TO a;\n${next}COMMIT;\n`,
    `SELECT 1;\n${refused}${next}`,
  ])
    expect(await proseOf(text)).not.toContain("is refused");
});

const indexed =
  "CREATE TABLE c (id int PRIMARY KEY);\nCREATE TABLE t (id int PRIMARY KEY, a text, c int REFERENCES c);\nCREATE INDEX t_a ON t (a);\n";

async function laterRowsOf(text: string): Promise<string[]> {
  const explanation = await explainSources(
    [
      { path: "1.sql", text: indexed, role: "history" },
      { path: "2.sql", text },
    ],
    { catalogue: rules },
  );
  return renderExplanation(explanation, {}).split("\n");
}

it("leaves out indexes whose table keeps out as many, and shows those that keep out more", async () => {
  const rows = (await laterRowsOf("ALTER TABLE t ALTER a TYPE int USING a::int;\nREINDEX INDEX t_a;")).join(
    "\n",
  );
  expect(rows).not.toMatch(/ t_pkey +ACCESS/);
  expect(rows.match(/ t_a +ACCESS EXCLUSIVE/g)).toHaveLength(1);
});

it("lets nobody wait for an index that CONCURRENTLY takes away: no query knows of it when it is locked", async () => {
  const gone =
    "DROP INDEX CONCURRENTLY t_a;\nREINDEX TABLE CONCURRENTLY t;\nDROP INDEX CONCURRENTLY elsewhere;";
  const rows = (await laterRowsOf(gone)).filter((row) => /^ +[1-3] {2}/.test(row));
  expect(rows).toHaveLength(3);
  for (const row of rows) expect(row).not.toMatch(/wait|ACCESS/);
  expect(rows[0]).toContain("SHARE UPDATE EXCLUSIVE");
  // As measured, scripts are told of the lock.
  const told = await explainSources([{ path: "a.sql", text: gone }], { catalogue: rules });
  const { statements } = plainExplanation(told);
  expect(statements[2]?.locks).toEqual([
    { relation: "public.elsewhere", mode: "ACCESS EXCLUSIVE", blocksReads: true, blocksWrites: true },
  ]);
});

it("has no reads and writes wait for a table that the file itself makes, and tells who waits for the others", async () => {
  const text =
    "BEGIN;\nCREATE TABLE n (id int, c int);\nCREATE INDEX ON n (id);\nALTER TABLE n ADD FOREIGN KEY (c) REFERENCES c;\nCOMMIT;";
  const rows = await laterRowsOf(text);
  expect(rows.find((row) => row.startsWith("     3 "))).toMatch(/ n +SHARE +none +none /);
  expect(rows.find((row) => row.startsWith("     4 "))).toMatch(/ c +SHARE ROW EXCLUSIVE +go on +wait /);
  expect(rows.join("\n")).not.toContain("held until");
});

it("calls a statement catalog only where that is known", async () => {
  const text = "VACUUM t;\nANALYZE t;\nCALL f();\nCREATE DATABASE d;\nEXECUTE q;\nCOMMENT ON TABLE t IS 'x';";
  const rows = (await rowsOf(text)).filter((row) => row.includes("catalog only"));
  expect(rows).toHaveLength(1);
  expect(rows[0]).toContain("COMMENT");
});

it("says why a relation is locked that the statement does not name", async () => {
  const rows = await laterRowsOf("ALTER TABLE t DROP CONSTRAINT t_c_fkey;");
  expect(rows).toContain(" * Line 1 locks c too: referenced by t_c_fkey.");
});

it("says once of a lock who stays out, and while which lines: the long ones and those of the same relation", async () => {
  const rows = await laterRowsOf(
    "BEGIN;\nALTER TABLE t ADD b int;\nCOMMENT ON TABLE c IS 'x';\nALTER TABLE t DROP b;\nUPDATE c SET id = 1;\nCOMMIT;\nUPDATE c SET id = 2;",
  );
  expect(rows.filter((row) => row.includes("held until COMMIT"))).toHaveLength(1);
  expect(rows.join(" ").replaceAll(/\s+/g, " ")).toContain(
    "The ACCESS EXCLUSIVE lock of line 2 is held until COMMIT: nobody reads t while lines 4 and 5 run.",
  );
});

it("tells of no lock on the other way of a branch, of which one runs", async () => {
  const block =
    "DO $$ BEGIN IF random() > 2 THEN\nALTER TABLE t ADD b int;\nCREATE INDEX t_b ON t (a);\nELSE\nCREATE INDEX t_c ON t (c);\nALTER TABLE t DROP a;\nEND IF;\nCREATE INDEX t_d ON t (c); END $$;";
  const rows = await laterRowsOf(block);
  expect(rows.find((row) => row.startsWith("     3 "))).toMatch(/ SHARE +wait \* +wait /);
  expect(rows.find((row) => row.startsWith("     5 "))).toMatch(/ SHARE +go on +wait /);
  const prose = rows.join(" ").replaceAll(/\s+/g, " ");
  expect(prose).toContain(
    "ACCESS EXCLUSIVE lock of line 2 is held until the statement of line 1 ends: nobody reads t while line 3 runs",
  );
  expect(prose).toContain(
    "ACCESS EXCLUSIVE lock of line 6 is held until the statement of line 1 ends: nobody reads t while line 8 runs",
  );
  const explanation = await explainSources([{ path: "a.sql", text: block }], { catalogue: rules });
  expect(JSON.stringify(plainExplanation(explanation))).not.toContain("ways");
});

it("tells of writers who stay out, where readers do not", async () => {
  const rows = await laterRowsOf("BEGIN;\nCREATE INDEX t_b ON t (a);\nUPDATE c SET id = 1;\nCOMMIT;");
  expect(rows.join(" ").replaceAll(/\s+/g, " ")).toContain(
    "The SHARE lock of line 2 is held until COMMIT: nobody writes t while line 3 runs.",
  );
});

it("keeps locks over a savepoint, and none over COMMIT", async () => {
  const over = (word: string) =>
    laterRowsOf(`BEGIN;\nALTER TABLE t ADD b int;\n${word};\nUPDATE c SET id = 1;\nCOMMIT;`);
  expect((await over("SAVEPOINT s")).join(" ")).toContain("held until COMMIT");
  expect((await over("COMMIT;\nBEGIN")).join(" ")).not.toContain("held until COMMIT");
});

it("writes names as SQL has them: quoted where they have to be", async () => {
  const rows = await rowsOf(
    'ALTER TABLE "Order Lines" ALTER COLUMN "Total" TYPE bigint;\nREINDEX INDEX "I";',
  );
  const text = rows.join("\n");
  expect(text).toMatch(/ "Order Lines" +ACCESS EXCLUSIVE/);
  expect(text).toContain('rewrites "Order Lines"');
  expect(text).toContain('Line 1 depends on the old type of "Order Lines"."Total".');
  expect(text).toContain('builds "I"');
});

it("says of a block that commits by itself that its locks go when it ends", async () => {
  const block = "DO $$ BEGIN\nALTER TABLE t ADD COLUMN a int;\nALTER TABLE t DROP COLUMN b;\nEND $$;";
  const alone = await proseOf(block);
  expect(alone).toContain("held until the statement of line 1 ends: nobody reads t while line 3 runs.");
  const inTransaction = await proseOf(`BEGIN;\n${block}\nCOMMIT;`);
  expect(inTransaction).toContain("held until COMMIT: nobody reads t while line 4 runs.");
});

it("says the rest of a line where what waits stands on the line of the lock", async () => {
  const text = await proseOf(
    "BEGIN; ALTER TABLE t ADD COLUMN a int; UPDATE t SET a = 1;\nUPDATE t SET a = 2;",
  );
  expect(text).toContain("while the rest of line 1 and line 2 run.");
});

it("calls what is named at run time by its kind, and shows its SQL without what surrounds it", async () => {
  const text = (
    await rowsOf(
      "DO $$ BEGIN\nEXECUTE format('ALTER SEQUENCE %I RESTART', s);\nEXECUTE format('DROP INDEX %I', i);\nEND $$;",
    )
  ).join("\n");
  expect(text).toMatch(/ALTER SEQUENCE ... RESTART +a sequence that is named at run time/);
  expect(text).toMatch(/DROP INDEX ... +an index that is named at run time/);
  expect(text).not.toContain("a table that is named at run time");
});

it("knows the server's own tables, and that nobody knows what is in a schema", async () => {
  const text = (await rowsOf("UPDATE pg_attribute SET attnum = 1;\nDROP SCHEMA old CASCADE;")).join("\n");
  expect(text).toContain("pg_catalog.pg_attribute");
  expect(text).toContain("Line 2 depends on what is in schema old.");
});

it("says what several lines depend on once, and counts what is too long to list", async () => {
  const text = await proseOf("DO $$ BEGIN EXECUTE f(); END $$;\n".repeat(9));
  expect(text).toContain("Lines 1, 2, 3, 4, 5, 6 and 3 more depend on EXECUTE of a string");
});

it("names the body that is not in the file, and shows what it puts together", async () => {
  const made = `CREATE TABLE t (id int);
CREATE FUNCTION f(k text) RETURNS void LANGUAGE plpgsql AS
  $$ BEGIN EXECUTE format('DROP POLICY %I ON t', k || random()); END $$;`;
  const sources = [
    { path: "1.sql", text: made, role: "history" as const },
    { path: "2.sql", text: "SELECT f('a');" },
  ];
  const { statements } = await explainSources(sources, { catalogue: rules });
  expect(statements.map(({ sql }) => sql)).toEqual(["SELECT f('a')", "DROP POLICY ... ON t"]);
});

it("does not show what a block asks the catalogs", async () => {
  const block =
    "DO $$ BEGIN\nIF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'e') THEN\nCREATE TYPE e AS ENUM ();\nEND IF;\nEND $$;";
  const text = (await rowsOf(block)).join("\n");
  expect(text).toContain("CREATE TYPE e");
  expect(text.match(/EXISTS/g)).toHaveLength(1);
});

it("sets one statement below the other where the terminal is too narrow for a table", async () => {
  const text =
    "BEGIN;\nALTER TABLE t ADD COLUMN a int;\nALTER TABLE t ADD CONSTRAINT t_c_fkey FOREIGN KEY (c) REFERENCES c;\nVACUUM t;";
  const explanation = await explainSources([{ path: "a.sql", text }], { catalogue: rules });
  const narrow = renderExplanation(explanation, { width: 60 });
  expect(narrow.split("\n").filter((line) => line.length > 60)).toEqual([]);
  expect(narrow).toMatchInlineSnapshot(`
    "a.sql  PostgreSQL 15 · psql

      line  statement
         1  BEGIN
         2  ALTER TABLE t ADD COLUMN a int
            ACCESS EXCLUSIVE on t: reads wait, writes wait
            work: catalog only
         3  ALTER TABLE t ADD CONSTRAINT t_c_fkey FOREIGN KEY...
            SHARE ROW EXCLUSIVE on t: reads wait *, writes wait
            SHARE ROW EXCLUSIVE on c: reads go on, writes wait
            work: reads all rows of t, c
         4  VACUUM t
            fails: cannot run inside a transaction block (25001)

     * The ACCESS EXCLUSIVE lock of line 2 is held until COMMIT:
       nobody reads t while line 3 runs.
    "
  `);
  expect(renderExplanation(explanation, { width: 200 })).toBe(renderExplanation(explanation, {}));
});

it("says at the top what shares a transaction, where all do, and where nothing is", async () => {
  const topOf = async (text: string, runner: string) => {
    const explanation = await explainSources([{ path: "1_a/migration.sql", text }], {
      catalogue: rules,
      runner,
    });
    return renderExplanation(explanation, {}).replaceAll(/\s+/g, " ");
  };
  const sql = "CREATE TABLE a (b int);\nDROP TABLE c;\n";
  expect(await topOf(sql, "prisma")).toContain(": one transaction");
  expect(await topOf(sql, "drizzle")).toContain(": one transaction");
  expect(await topOf(sql, "psql")).toContain(": every statement commits by itself");
  expect(await topOf(`SELECT 1;\nBEGIN;\n${sql}COMMIT;\n`, "psql")).not.toMatch(/: (?:one|every)/);
  expect(await topOf("-- nothing", "psql")).toContain("No statements.");
});

it("shows what is written, not what is only read beside it", async () => {
  const [row] = (await laterRowsOf("UPDATE t SET a = 'x' FROM c WHERE c.id = t.c;")).filter((one) =>
    /UPDATE/.test(one),
  );
  expect(row).toMatch(/ t +ROW EXCLUSIVE +go on +go on /);
});
