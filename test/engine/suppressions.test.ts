import { expect, test } from "vitest";
import { applySuppressions } from "../../src/engine/apply-suppressions.ts";
import { type KnownRules, readSuppressions, type SuppressionPolicy } from "../../src/engine/suppressions.ts";
import { lint } from "../../src/index.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { processorTimeOf } from "../processor-time.ts";

const known: KnownRules = {
  ids: new Set([
    "drop-table",
    "drop-column",
    "rename-table",
    "volatile-default",
    "generated-column",
    "not-null-scan",
  ]),
  options: new Map(),
  aliases: new Map([
    ["ban-drop-table", ["drop-table"]],
    ["ban-drop-column", ["drop-column"]],
    ["adding-field-with-default", ["volatile-default", "generated-column"]],
  ]),
};

/** Every DROP in the text is a finding of drop-table; what is left, and what is said of the comments. */
function run(text: string, policy: SuppressionPolicy = {}, rule = "drop-table") {
  const { statements, comments } = splitStatements(text);
  const findings = [...text.matchAll(/DROP/g)].map(({ index }) => ({
    rule,
    at: { start: index, end: index + 4 },
  }));
  const read = readSuppressions(text, comments, statements, known, "2026-06-01", policy);
  const { kept, suppressed, problems } = applySuppressions(findings, read.suppressions);
  return {
    kept: kept.map(({ at }) => text.slice(at.start, at.start + 12)),
    suppressed: suppressed.length,
    problems: [...read.problems, ...problems].map(
      ({ rule: id, severity, message, at }) =>
        `${severity} ${id}: ${message} [${text.slice(at.start, at.end)}]`,
    ),
  };
}

const clean = { problems: [] };

test("a comment covers the whole next statement, however many lines it has", () => {
  const text =
    "-- lockwise-ignore drop-table -- fine\n\n-- more\nALTER TABLE x\n  DROP a,\n  DROP b;\nDROP TABLE c;";
  expect(run(text)).toEqual({ kept: ["DROP TABLE c"], suppressed: 2, ...clean });
});

test("or the statement on whose line it stands, or inside which", () => {
  expect(run("DROP TABLE a; -- lockwise-ignore drop-table\nDROP TABLE b;").kept).toEqual(["DROP TABLE b"]);
  expect(run("DROP TABLE a -- lockwise-ignore drop-table\n;DROP TABLE b;").kept).toEqual(["DROP TABLE b"]);
  expect(
    run("ALTER TABLE x\n-- lockwise-ignore drop-table\n  DROP a,\n  DROP b; DROP TABLE c;").kept,
  ).toEqual(["DROP TABLE c"]);
  expect(run("DROP TABLE a; /* lockwise-ignore drop-table */ DROP TABLE b;").kept).toEqual(["DROP TABLE a"]);
  expect(run("DROP TABLE a;\n-- lockwise-ignore drop-table -- at the end").kept).toEqual(["DROP TABLE a"]);
});

test("several comments stack, several ids share one", () => {
  const text = "-- lockwise-ignore drop-column\n-- lockwise-ignore drop-table\nDROP TABLE a;";
  expect(run(text).kept).toEqual([]);
  expect(run("-- lockwise-ignore drop-column, drop-table -- both\nDROP TABLE a;").suppressed).toBe(1);
});

test("a comment in a body covers the next statement of the body", () => {
  const text = "DO $$ BEGIN\n  -- lockwise-ignore drop-table\n  DROP TABLE a;\n  DROP TABLE b;\nEND $$;";
  const comment = { start: text.indexOf("--"), end: text.indexOf("\n  DROP") };
  const inner = ["DROP TABLE a", "DROP TABLE b"].map((sql) => ({
    start: text.indexOf(sql),
    end: text.indexOf(sql) + sql.length,
  }));
  const outer = { start: 0, end: text.length - 1 };
  const { suppressions } = readSuppressions(text, [comment], [...inner, outer], known, "2026-06-01");
  expect(suppressions[0]?.covers).toEqual(inner[0]);
});

test("a file at once", () => {
  expect(run("DROP TABLE a;\nDROP TABLE b;\n-- lockwise-ignore-file drop-table -- old")).toEqual({
    kept: [],
    suppressed: 2,
    ...clean,
  });
});

test("unused, unknown, misspelt and empty ones are told", () => {
  expect(run("-- lockwise-ignore drop-column\nDROP TABLE a;").problems).toEqual([
    "warning unused-suppression: This suppression hides nothing: drop-column finds nothing here [drop-column]",
  ]);
  expect(run("DROP TABLE a;\n\n-- lockwise-ignore drop-table").problems).toEqual([
    "warning unused-suppression: This suppression hides nothing: no statement follows it [drop-table]",
  ]);
  expect(run("-- lockwise-ignore drop-tabel\nDROP TABLE a;").problems).toEqual([
    "warning unknown-suppression: drop-tabel is no rule: did you mean drop-table? [drop-tabel]",
  ]);
  expect(run("-- lockwise-disable drop-table\nDROP TABLE a;").problems).toEqual([
    "warning unknown-suppression: lockwise-disable is no directive: write lockwise-ignore or lockwise-ignore-file [lockwise-disable]",
  ]);
  expect(run("-- lockwise-ignore\nDROP TABLE a;").problems).toEqual([
    "warning unknown-suppression: the comment names no rule: nothing is ignored []",
  ]);
  expect(run("-- lockwise-ignore drop-table it is fine\nDROP TABLE a;")).toEqual({
    kept: [],
    suppressed: 1,
    problems: [
      'warning unknown-suppression: ids are parted by commas, and a reason begins after " -- " [it]',
    ],
  });
});

test("one that does not run is not called unused", () => {
  const text = "-- lockwise-ignore drop-column\nDROP TABLE a;";
  const { statements, comments } = splitStatements(text);
  const { suppressions } = readSuppressions(text, comments, statements, known, "2026-06-01");
  expect(applySuppressions([], suppressions, (rule) => rule !== "drop-column").problems).toEqual([]);
});

test("until: the day itself still counts, the next does not", () => {
  expect(run("-- lockwise-ignore drop-table until=2026-06-01 -- soon\nDROP TABLE a;")).toEqual({
    kept: [],
    suppressed: 1,
    ...clean,
  });
  expect(run("-- lockwise-ignore drop-table until=2026-05-31\nDROP TABLE a;")).toEqual({
    kept: ["DROP TABLE a"],
    suppressed: 0,
    problems: [
      "error expired-suppression: This suppression expired on 2026-05-31: it hides nothing any more [-- lockwise-ignore drop-table until=2026-05-31]",
    ],
  });
  expect(run("-- lockwise-ignore drop-table until=2026-02-30\nDROP TABLE a;").problems).toEqual([
    "error incomplete-suppression: until=2026-02-30 is no date: write YYYY-MM-DD [until=2026-02-30]",
  ]);
});

test("the configuration can ask for a reason and a date", () => {
  const policy = { requireReason: true, requireUntil: true };
  expect(run("-- lockwise-ignore drop-table\nDROP TABLE a;", policy).problems).toEqual([
    'error incomplete-suppression: This suppression needs a reason (after " -- ") and a date (until=YYYY-MM-DD): the configuration asks for it [-- lockwise-ignore drop-table]',
  ]);
  const whole = "-- lockwise-ignore drop-table until=2027-01-01 -- moved to x\nDROP TABLE a;";
  expect(run(whole, policy).problems).toEqual([]);
});

test("comments of squawk, Atlas and postgres-language-server count, and only a slip in a name is told", () => {
  const drop = "\nDROP TABLE a;\nDROP TABLE b;";
  const one = { kept: ["DROP TABLE b"], suppressed: 1, ...clean };
  const all = { kept: [], suppressed: 2, ...clean };
  expect(run(`-- squawk-ignore ban-drop-table, nobody-knows -- why${drop}`)).toEqual(one);
  expect(run(`-- squawk-ignore ban-drop-tabel -- why${drop}`).problems).toEqual([
    "warning unknown-suppression: ban-drop-tabel is no rule: did you mean ban-drop-table? [ban-drop-tabel]",
  ]);
  expect(run(`-- squawk-ignore${drop}`).suppressed).toBe(0);
  expect(run(`-- squawk-ignore-file${drop}`)).toEqual(all);
  expect(run(`-- squawk-ignore-file ban-drop-table${drop}`)).toEqual(all);
  expect(run(`-- squawk-ignore adding-field-with-default${drop}`, {}, "generated-column")).toEqual(one);
  expect(run(`-- atlas:nolint${drop}`)).toEqual(one);
  expect(run(`-- atlas:nolint DS102${drop}`)).toEqual(one);
  expect(run(`-- atlas:nolint BC101${drop}`).suppressed).toBe(0);
  expect(run(`-- atlas:nolint destructive\n${drop}`)).toEqual(all);
  expect(run(`-- pgls-ignore lint/safety/banDropTable: why${drop}`)).toEqual(one);
  expect(run(`-- pgls-ignore-all lint/safety/banDropTable: why${drop}`)).toEqual(all);
  const range =
    "-- pgls-ignore-start lint/safety: x\nDROP TABLE a;\n-- pgls-ignore-end lint/safety\nDROP TABLE b;";
  expect(run(range)).toEqual(one);
});

test("what another linter says of a statement silences what says the same here, and nothing else", async () => {
  const index = "CREATE UNIQUE INDEX i ON t (c);";
  const notNull = "ALTER TABLE t ALTER c SET NOT NULL;";
  const key = "ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (c);";
  const type = "ALTER TABLE t ALTER c TYPE bigint;";
  const all = "-- pgls-ignore lint/safety/";
  const cases: [comment: string, sql: string, rule: string, isSilenced: boolean][] = [
    ["-- atlas:nolint MF101", index, "index-without-concurrently", false],
    ["-- atlas:nolint data_depend", index, "index-without-concurrently", false],
    ["-- atlas:nolint PG101", index, "index-without-concurrently", true],
    ["-- atlas:nolint concurrent_index", index, "index-without-concurrently", true],
    ["-- atlas:nolint MF104", notNull, "not-null-scan", false],
    ["-- atlas:nolint PG303", notNull, "not-null-scan", true],
    ["-- atlas:nolint PG104", key, "constraint-builds-index", true],
    ["-- atlas:nolint PG105 PG304", key, "constraint-builds-index", true],
    ["-- atlas:nolint PG301", type, "column-type-change", true],
    ["-- atlas:nolint PG305", "ALTER TABLE t ADD CHECK (c > 0);", "check-without-not-valid", true],
    ["-- atlas:nolint PG302", "ALTER TABLE t ADD d float DEFAULT random();", "volatile-default", true],
    [`${all}addingNotNullField: why`, notNull, "not-null-scan", true],
    [`${all}addingPrimaryKeyConstraint: why`, key, "constraint-builds-index", true],
    [`${all}addSerialColumn: why`, "ALTER TABLE t ADD d serial;", "self-filling-column", true],
    [`${all}banTruncate: why`, "TRUNCATE t;", "truncate", true],
    [`${all}banUpdateWithoutWhere: why`, "UPDATE t SET c = 1;", "unbounded-update", true],
    [`${all}lockTimeoutWarning: why`, type, "missing-lock-timeout", true],
    [`${all}lockTimeoutWarning: why`, type, "column-type-change", false],
  ];
  for (const [comment, sql, rule, isSilenced] of cases) {
    const { diagnostics } = await lint([{ path: "a.sql", text: `${comment}\n${sql}` }]);
    const told = diagnostics.map((one) => one.rule);
    expect([comment, sql, rule, !told.includes(rule)]).toEqual([comment, sql, rule, isSilenced]);
    const bare = await lint([{ path: "a.sql", text: sql }]);
    expect([sql, bare.diagnostics.map((one) => one.rule)]).toEqual([sql, expect.arrayContaining([rule])]);
  }
});

test("what only looks like one is none", () => {
  const text = "SELECT '-- lockwise-ignore drop-table';\n-- see lockwise-ignore drop-table\nDROP TABLE a;";
  expect(run(text)).toEqual({ kept: ["DROP TABLE a"], suppressed: 0, ...clean });
});

test("thousands of comments on one line take no time", async () => {
  const text = `${"/* lockwise-ignore drop-table */ ".repeat(20_000)}${"DROP TABLE a; ".repeat(20_000)}`;
  expect(await processorTimeOf(() => run(text))).toBeLessThan(6000);
});
