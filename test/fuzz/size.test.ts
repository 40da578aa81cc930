import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";
import { processorTimeOf } from "../processor-time.ts";

const lint = (text: string, only?: string) =>
  lintSources([{ path: "a.sql", text }], { catalogue: rules, ...(only !== undefined && { only: [only] }) });

function repeat(times: number, piece: (k: number) => string): string {
  return Array.from({ length: times }, (_, k) => piece(k)).join("");
}

it("more findings than fit on the stack", async () => {
  const sources = ["a", "b", "c"].map((name) => ({ path: `${name}.sql`, text: "x;".repeat(49_000) }));
  const report = await lintSources(sources, { catalogue: rules, only: ["syntax-error"] });
  expect(report.summary.errors).toBe(147_000);
});

it("an ALTER TABLE of many actions, each of which asks what the others do", async () => {
  const measure = async (count: number) => {
    const actions = repeat(count, (k) => `ALTER c${k} SET NOT NULL, ALTER d${k} TYPE bigint, DROP e${k}, `);
    return processorTimeOf(() => lint(`ALTER TABLE t ${actions} ADD z int;`));
  };
  await measure(20);
  const small = Math.max(await measure(200), 50);
  expect(await measure(2000)).toBeLessThan(small * 40);
});

it("white space where a pattern could look for its end again and again", async () => {
  const blank = " ".repeat(400_000);
  const time = await processorTimeOf(async () => {
    await lint(`SET lock_timeout = '1${blank}x';ALTER TABLE t ADD a text DEFAULT 'x${blank}x' NOT NULL;`);
    await lint(`DROP TABLE${blank}t;${"\n".repeat(400_000)}CREATE TABLE t (a int);`);
  });
  expect(time).toBeLessThan(20_000);
});

it("operators in a row, which the grammar reads again and again, and a file goes on behind them", async () => {
  const text = `SELECT 1 ${"+-".repeat(300_000)} 1;\nDROP TABLE a;`;
  expect(await processorTimeOf(() => lint(text, "drop-table"))).toBeLessThan(20_000);
  const report = await lint(text, "drop-table");
  expect(report.files[0]?.notUnderstood).toEqual([{ line: 1, reason: "it has too many operators in a row" }]);
  expect(report.diagnostics.some(({ start }) => start.line === 2)).toBe(true);
});

it("a precision and a default of more digits than there is time to work out", async () => {
  const digits = "9".repeat(200_000);
  const text = `CREATE TABLE t (a int);
ALTER TABLE t ADD COLUMN b numeric(1000000000) DEFAULT 1;
ALTER TABLE t ADD COLUMN c int DEFAULT ${digits};
CREATE SEQUENCE s MAXVALUE ${digits};`;
  expect(await processorTimeOf(() => lint(text, "impossible-statement"))).toBeLessThan(10_000);
  const { diagnostics } = await lint(text, "impossible-statement");
  expect(diagnostics.map(({ start }) => start.line)).toEqual([2, 3, 4]);
  for (const { message } of diagnostics) expect(message.length).toBeLessThan(200);
});

it("tables like tables that grow by a column each", async () => {
  const measure = (count: number) => {
    const more = repeat(count, (k) => `CREATE TABLE t${k + 1} (LIKE t${k} INCLUDING ALL, c${k} int);`);
    return processorTimeOf(() => lint(`CREATE TABLE t0 (a int);${more}`));
  };
  await measure(100);
  const small = Math.max(await measure(150), 30);
  // Each has a column more: four times as many tables have sixteen times as many columns.
  expect(await measure(600)).toBeLessThan(small * 40);
});

describe("a chain longer than the stack", () => {
  const links: Readonly<Record<string, (k: number) => string>> = {
    "of views": (k) => `CREATE VIEW v${k + 1} AS SELECT * FROM v${k};`,
    "of children": (k) => `CREATE TABLE v${k + 1} () INHERITS (v${k});`,
    "of partitions": (k) =>
      `CREATE TABLE v${k + 1} PARTITION OF v${k} FOR VALUES IN (1) PARTITION BY LIST (a);`,
  };
  it.each(Object.entries(links))("%s goes with its first", async (name, link) => {
    const by = name === "of partitions" ? " PARTITION BY LIST (a)" : "";
    const chain = `CREATE TABLE v0 (a int)${by};${repeat(6000, link)}`;
    const report = await lint(`${chain}DROP TABLE v0 CASCADE;SELECT 1 FROM v0;`, "impossible-statement");
    expect(report.complaints).toEqual([]);
  });
});

describe("routines that call many others", () => {
  const routine = (calls: number) =>
    `CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ${"PERFORM f(); ".repeat(calls)}DROP TABLE a; END $$;\nSELECT f();\n`;

  it("are followed up to a number, and that is told", async () => {
    const report = await lint(`${routine(100)}DROP TABLE b;`, "drop-table");
    expect(report.files[0]?.notUnderstood).toEqual([
      { line: 2, reason: expect.stringMatching(/^it runs more than \d+ routines/) },
    ]);
    expect(report.diagnostics.some(({ start }) => start.line === 3)).toBe(true);
  });

  it("are followed whole where they are few", async () => {
    const report = await lint(routine(2), "drop-table");
    expect(report.summary.notUnderstood).toBe(0);
  });
});

it("queries in queries, as deep as the grammar goes", async () => {
  const text = `CREATE TABLE t (a int); CREATE VIEW v AS ${"SELECT * FROM (".repeat(850)}SELECT * FROM t${") x".repeat(850)};`;
  const { complaints, summary } = await lintSources([{ path: "a.sql", text }], { catalogue: rules });
  expect([complaints, summary.notUnderstood]).toEqual([[], 0]);
});

describe("blocks that run blocks", () => {
  const nested = (depth: number): string =>
    depth === 0
      ? "DROP TABLE a"
      : `DO $a${depth}$ BEGIN EXECUTE $b${depth}$ ${nested(depth - 1)} $b${depth}$; END $a${depth}$`;

  it("hide nothing: what lies too deep to be read is told", async () => {
    for (const depth of [1, 2, 3, 4, 5, 6, 50, 400]) {
      const { summary } = await lint(`${nested(depth)};`, "drop-table");
      expect(summary.errors + summary.warnings + summary.notUnderstood, `${depth} deep`).toBe(1);
    }
  });

  it("nor do routines in a row", async () => {
    for (const count of [1, 2, 4, 5, 6, 50]) {
      const chain = repeat(
        count,
        (k) => `CREATE FUNCTION f${k}() RETURNS void LANGUAGE sql AS $$ SELECT f${k + 1}() $$;`,
      );
      const last = `CREATE FUNCTION f${count}() RETURNS void LANGUAGE sql AS $$ DROP TABLE a $$;`;
      const { summary } = await lint(`${chain}${last}SELECT f0();`, "drop-table");
      expect(summary.errors + summary.warnings + summary.notUnderstood, `${count} in a row`).toBe(1);
    }
  });
});

it("triggers and functions that run one another in a long chain", async () => {
  const triggers = repeat(
    3000,
    (k) => `CREATE TABLE t${k} (a int);
CREATE FUNCTION f${k}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t${k + 1} VALUES (1); RETURN NEW; END $$;
CREATE TRIGGER g AFTER INSERT ON t${k} FOR EACH ROW EXECUTE FUNCTION f${k}();
`,
  );
  const functions = repeat(
    3000,
    (k) => `CREATE FUNCTION c${k}() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN c${k + 1}(); END $$;
CREATE FUNCTION s${k}() RETURNS int LANGUAGE sql AS 'SELECT s${k + 1}()';
`,
  );
  const report = await lint(`${triggers}${functions}INSERT INTO t0 VALUES (1); SELECT c0(), s0();`);
  expect(report.complaints).toEqual([]);
});
