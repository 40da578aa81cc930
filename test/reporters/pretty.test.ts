import { expect, test } from "vitest";
import { renderPretty } from "../../src/reporters/pretty.ts";
import { ordersFile, type SampleFinding, sampleReport } from "./sample.ts";

test("findings, who waits, the safe SQL and one paragraph that sums up", () => {
  expect(renderPretty(sampleReport([ordersFile]), {})).toMatchInlineSnapshot(`
    "migrations/0042_orders_status.sql

      2:1  error  Writes to orders wait until the index is built
                  index-without-concurrently
           2 │ CREATE INDEX orders_status_idx ON orders (status);
             │ ~~~~~~~~~~~~
           SHARE on orders: reads go on, inserts, updates and deletes wait.
           Meanwhile: index build; the work grows with the table.

           Instead: in a migration of its own, which goose must not wrap (not in a
           transaction):

             -- +goose NO TRANSACTION
             -- +goose Up
             CREATE INDEX CONCURRENTLY orders_status_idx ON orders (status);

     5:22  error  Reads and writes of orders wait while every row is checked for
                  total being null                                     not-null-scan
           3 │ ALTER TABLE orders
             …
           5 │   ALTER COLUMN total SET NOT NULL;
             │                      ~~~~~~~~~~~~
           ACCESS EXCLUSIVE on orders: reads, inserts, updates and deletes wait.
           Meanwhile: scan of orders; the work grows with the table. It depends on
           whether a constraint outside of these files proves it.

           Instead, in 3 migrations:

           1. Add the constraint without checking old rows:

             ALTER TABLE orders ADD CONSTRAINT orders_total_set CHECK (total IS NOT NULL) NOT VALID;

           2. Check the old rows while others read and write:

             ALTER TABLE orders VALIDATE CONSTRAINT orders_total_set;

           3. Set NOT NULL, which the constraint now proves (after the application
              writes orders.total):

             ALTER TABLE orders ALTER COLUMN total SET NOT NULL;
             ALTER TABLE orders DROP CONSTRAINT orders_total_set;

      3:1  warning  No lock_timeout is in force                 missing-lock-timeout
           3 │ ALTER TABLE orders
             │ ~~~~~~~~~~~

           Instead: set one first (--fix does it):

             SET LOCAL lock_timeout = '5s';

    2 errors and 1 warning in 1 file. 41 earlier migrations read as history (goose,
    PostgreSQL 16). --fix settles 1.
    "
  `);
});

test("a clean run is two sentences", () => {
  const report = sampleReport([{ path: "a.sql", text: "SELECT 1;" }]);
  expect(renderPretty(report, {})).toBe(
    "No findings in 1 file. 41 earlier migrations read as history (goose, PostgreSQL\n16).\n",
  );
});

test("the summary names a default version, what is hidden and what was not understood", () => {
  const file = {
    path: "a.sql",
    text: "SELECT 1;\nFOO;",
    notUnderstood: [{ line: 2, reason: "an unknown command" }],
  };
  const report = sampleReport([file], {
    context: {
      ...sampleReport([]).context,
      isVersionConfigured: false,
      history: 0,
      parser: "pgsql-ast-parser",
    },
  });
  const summary = { ...report.summary, suppressed: 2, baseline: 3 };
  expect(renderPretty({ ...report, summary }, { gone: 1 })).toMatchInlineSnapshot(`
    "No findings in 1 file. Read for goose, PostgreSQL 16 by default, read with
    pgsql-ast-parser. 2 suppressed and 3 in the baseline. 1 of the baseline is gone.
    1 statement was not understood and not judged: a.sql:2.
    "
  `);
  expect(renderPretty({ ...report, summary }, { verbose: true })).toContain("a.sql:2 (an unknown command)");
});

test("nothing but SQL is wider than 80 columns", () => {
  const lines = renderPretty(sampleReport([ordersFile]), {}).split("\n");
  const prose = lines.filter((line) => !/^ {9}\S/.test(line));
  expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("the same advice is given once for each file", () => {
  const at = { advice: "Deploy first." };
  const text = "DROP TABLE a;\nDROP VIEW b;";
  const file = {
    path: "a.sql",
    text,
    findings: [
      { at: "DROP TABLE", ...at },
      { at: "DROP VIEW", ...at },
    ],
  };
  const output = renderPretty(sampleReport([file]), {});
  expect(output.match(/Deploy first/g)).toHaveLength(1);
  expect(output).toContain("Instead: as at 1:1 above.");
});

test("what a statement does is said once, however many findings it has", () => {
  const impact = {
    locks: [
      { relation: "public.t", mode: "ACCESS EXCLUSIVE" as const, blocksReads: true, blocksWrites: true },
    ],
    work: "none: catalog only",
  };
  const text = "ALTER TABLE t ADD a int, ADD b int;\nALTER TABLE t ADD c int;";
  const findings = [
    { at: "ADD a", statement: "ALTER TABLE t ADD a", impact },
    { at: "ADD b", statement: "ALTER TABLE t ADD a", impact },
    { at: "ADD c", statement: "ALTER TABLE t ADD c", impact },
  ];
  const output = renderPretty(sampleReport([{ path: "a.sql", text, findings }]), {});
  expect(output.match(/ACCESS EXCLUSIVE on t/g)).toHaveLength(2);
});

test("code in prose is not broken: it is there to be copied", () => {
  const advice = `${"word ".repeat(13)}\`-- +goose NO TRANSACTION\` and a lone \` behind it`;
  const output = renderPretty(
    sampleReport([{ path: "a.sql", text: "VACUUM;", findings: [{ at: "VACUUM", advice }] }]),
    {},
  );
  expect(output).toContain("`-- +goose NO TRANSACTION` and a lone ` behind it");
});

test("an underline keeps its place after tabs, wide and combining characters", () => {
  const file = { path: "a.sql", text: "\t/* 表e\u0301 */ DROP TABLE x;", findings: [{ at: "DROP TABLE" }] };
  expect(
    renderPretty(sampleReport([file]), {})
      .split("\n")
      .slice(4, 6),
  ).toEqual(["       1 │   /* 表e\u0301 */ DROP TABLE x;", "         │             ~~~~~~~~~~"]);
});

test("a line as long as a file is cut around the finding", () => {
  const text = `${"x".repeat(1_000_000)} DROP TABLE x; ${"y".repeat(1_000_000)}`;
  const output = renderPretty(sampleReport([{ path: "a.sql", text, findings: [{ at: "DROP TABLE" }] }]), {});
  const [code = "", marks = ""] = output.split("\n").slice(4, 6);
  expect(code.length).toBeLessThanOrEqual(80);
  expect(code.slice(marks.indexOf("~"), marks.lastIndexOf("~") + 1)).toBe("DROP TABLE");
});

test("control characters and direction marks show and do nothing", () => {
  const hostile = "\u001b[31m\u0007\u202e\u009b";
  const file = {
    path: `a${hostile}.sql`,
    text: `DROP TABLE "${hostile}";`,
    findings: [
      {
        at: "DROP TABLE",
        message: `m${hostile}`,
        rule: `r${hostile}`,
        advice: `a${hostile}`,
        rewrite: [
          {
            title: `t${hostile}`,
            sql: `-- ${hostile}\nSELECT 1;`,
            transaction: false,
            outside: null,
            after: hostile,
          },
        ],
        fix: { title: hostile, edits: [{ start: 0, end: 4, text: hostile }] },
        impact: {
          locks: [{ relation: hostile, mode: "SHARE" as const, blocksReads: false, blocksWrites: true }],
          work: hostile,
        },
      },
    ],
  };
  const output = renderPretty(sampleReport([file]), { verbose: true });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
  expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  expect(output).toContain("\u241b[31m\u2407");
});

test("colour comes only when it is asked for", () => {
  const report = sampleReport([ordersFile]);
  expect(renderPretty(report, {})).not.toContain("\u001b[");
  expect(renderPretty(report, { colour: true })).toContain("\u001b[31merror\u001b[39m");
});

test("a slip that was copied is shown three times, and then only its places", () => {
  const shownOf = (count: number, rest: Partial<SampleFinding> = {}) => {
    const numbers = Array.from({ length: count }, (_, k) => `${k + 1},);`);
    const text = numbers.map((end) => `INSERT INTO cities VALUES (${end}\n`).join("");
    const slip = { rule: "syntax-error", message: "there is a comma too many", ...rest };
    const findings = numbers.map((end) => ({ at: `(${end}`, ...slip }));
    return renderPretty(sampleReport([{ path: "1.sql", text, findings }]), {});
  };
  const folded = shownOf(60);
  expect(folded.match(/too many +syntax-error$/gm)).toHaveLength(3);
  expect(folded).toContain("The same as at 1:27, 57 times more: 4:27, 5:27,");
  expect(folded).toMatch(/43:27\s+and 17 more\s+\(syntax-error\)/);
  expect(folded).toContain("60 errors in 1 file");
  expect(shownOf(7).match(/too many +syntax-error$/gm)).toHaveLength(7);
  const own = [{ title: "Insert it", sql: "SELECT 1;", transaction: true, outside: "", after: null }];
  expect(shownOf(60, { rewrite: own })).not.toContain("The same as");
});
