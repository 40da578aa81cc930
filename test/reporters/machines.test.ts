import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { renderCompact } from "../../src/reporters/compact.ts";
import { renderGithub } from "../../src/reporters/github.ts";
import { renderGitlab } from "../../src/reporters/gitlab.ts";
import { jsonPieces, renderJson, toJson } from "../../src/reporters/json.ts";
import { renderJunit } from "../../src/reporters/junit.ts";
import { renderSarif } from "../../src/reporters/sarif.ts";
import { ordersFile, sampleReport } from "./sample.ts";

const report = sampleReport([ordersFile, { path: "migrations/0043.sql", text: "SELECT 1;" }]);

const hostileFile = {
  path: 'a <b>&"\u001b.sql',
  text: "DROP TABLE x;",
  findings: [{ at: "DROP TABLE", message: '<script>"&\u0000\u001b]]>\n::error::x', rule: "x<y" }],
};

test("compact: one line for each finding", () => {
  expect(renderCompact(report).split("\n")[0]).toBe(
    "migrations/0042_orders_status.sql:2:1: error Writes to orders wait until the index is built [index-without-concurrently]",
  );
  expect(renderCompact(sampleReport([hostileFile])).split("\n")).toHaveLength(2);
  expect(renderCompact(sampleReport([]))).toBe("");
});

test("json: pieces are set as the whole would be, and none of them is long", () => {
  const long = {
    path: "long.sql",
    text: "DROP TABLE x;",
    findings: [{ at: "DROP", message: "é\u2028\u001b\n".repeat(9_000) }],
  };
  const large = sampleReport([hostileFile, ...Array.from({ length: 20 }, () => long)]);
  const pieces = [...jsonPieces(large)];
  expect(pieces.length).toBeGreaterThan(5);
  const whole = `${JSON.stringify(toJson(large), null, 2)}\n`;
  expect(pieces.join("")).toBe(whole.replaceAll("\u2028", "\\u2028"));
  expect(renderJson(sampleReport([]))).toBe(`${JSON.stringify(toJson(sampleReport([])), null, 2)}\n`);
});

test("json: the contract, and the schema in the package agrees", () => {
  const output: unknown = JSON.parse(renderJson(report));
  const schema = JSON.parse(readFileSync("src/reporters/report.schema.json", "utf8"));
  const validate = new Ajv({ allErrors: true }).compile(schema);
  expect(validate(output), JSON.stringify(validate.errors)).toBe(true);
  expect(output).toMatchObject({
    version: 1,
    files: [
      { path: "migrations/0042_orders_status.sql", statements: 2 },
      { path: "migrations/0043.sql", statements: 1 },
    ],
    diagnostics: [
      {
        rule: "index-without-concurrently",
        start: { line: 2, column: 1, offset: 13 },
        end: { line: 2, column: 13, offset: 25 },
        impact: {
          locks: [{ relation: "public.orders", mode: "SHARE", blocksReads: false, blocksWrites: true }],
          work: "index build",
        },
        rewrite: [{ transaction: false }],
      },
      {
        impact: { certainty: "depends" },
        rewrite: [{}, {}, { after: "the application writes orders.total" }],
      },
      { fix: { title: "set one first", edits: [{ start: 64, end: 64 }] } },
    ],
    summary: { errors: 2, warnings: 1, suppressed: 0, baseline: 0, notUnderstood: 0 },
  });
  expect(validate({ ...(output as object), more: 1 })).toBe(false);
});

test("sarif: valid against the official schema, with rules, fingerprints and fixes", () => {
  const require = createRequire(import.meta.url);
  const path = require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
  // It says draft 4 and uses nothing that draft 7 reads otherwise.
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(path, "utf8"));
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
  const rules = [
    {
      id: "index-without-concurrently",
      severity: "error" as const,
      category: "lock" as const,
      summary: "CREATE INDEX without CONCURRENTLY",
      why: "Writes wait.",
      instead: "Build it concurrently.",
    },
  ];
  const complaints = [{ path: "b c.sql", line: null, message: "cannot be read" }];
  const output = JSON.parse(renderSarif({ ...report, complaints }, { version: "1.2.3", rules }));
  expect(validate(output), JSON.stringify(validate.errors)).toBe(true);
  const [run] = output.runs;
  expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual([
    "index-without-concurrently",
    "not-null-scan",
    "missing-lock-timeout",
  ]);
  expect(run.tool.driver.rules[0].help.text).toContain("Writes wait.");
  expect(run.results[2]).toMatchObject({
    ruleId: "missing-lock-timeout",
    ruleIndex: 2,
    level: "warning",
    partialFingerprints: { "lockwise/v1": "f64" },
    fixes: [
      {
        artifactChanges: [
          { replacements: [{ deletedRegion: { startLine: 3, startColumn: 1, endLine: 3, endColumn: 1 } }] },
        ],
      },
    ],
  });
  expect(run.invocations[0].executionSuccessful).toBe(false);
  expect(
    run.invocations[0].toolExecutionNotifications[0].locations[0].physicalLocation.artifactLocation.uri,
  ).toBe("b%20c.sql");
  expect(validate(JSON.parse(renderSarif(sampleReport([hostileFile]), {})))).toBe(true);
});

test("sarif: absolute paths are file URIs, relative ones hang on the root", () => {
  const uriOf = (path: string) =>
    JSON.parse(renderSarif(sampleReport([{ path, text: "SELECT 1;" }]), {})).runs[0].artifacts[0].location;
  expect(uriOf("/a b/#1.sql")).toEqual({ uri: "file:///a%20b/%231.sql" });
  expect(uriOf("C:\\a\\b.sql")).toEqual({ uri: "file:///C:/a/b.sql" });
  expect(uriOf("./a/\ud800.sql")).toEqual({ uri: "a/%EF%BF%BD.sql", uriBaseId: "%SRCROOT%" });
});

test("gitlab: a list with unique fingerprints and lines from 1", () => {
  const twice = {
    path: "./a.sql",
    text: "DROP TABLE x;",
    findings: [
      { at: "DROP", fingerprint: "same" },
      { at: "TABLE", fingerprint: "same", severity: "warning" as const },
    ],
  };
  expect(JSON.parse(renderGitlab(sampleReport([twice])))).toEqual([
    {
      description: "Writes to orders wait until the index is built",
      check_name: "index-without-concurrently",
      fingerprint: "same",
      severity: "major",
      location: { path: "a.sql", lines: { begin: 1, end: 1 } },
    },
    expect.objectContaining({ fingerprint: "same-1", severity: "minor" }),
  ]);
});

test("junit: a suite for each file; nothing breaks out of the XML", () => {
  expect(renderJunit(report)).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="lockwise" tests="4" failures="2" errors="0" skipped="1">
      <testsuite name="migrations/0042_orders_status.sql" tests="3" failures="2" errors="0" skipped="1">
        <testcase name="index-without-concurrently 2:1" classname="migrations/0042_orders_status.sql" file="migrations/0042_orders_status.sql" line="2"><failure message="Writes to orders wait until the index is built" type="index-without-concurrently">migrations/0042_orders_status.sql:2:1: Writes to orders wait until the index is built
    SHARE on orders: reads go on, inserts, updates and deletes wait. Meanwhile: index build; the work grows with the table.</failure></testcase>
        <testcase name="not-null-scan 5:22" classname="migrations/0042_orders_status.sql" file="migrations/0042_orders_status.sql" line="5"><failure message="Reads and writes of orders wait while every row is checked for total being null" type="not-null-scan">migrations/0042_orders_status.sql:5:22: Reads and writes of orders wait while every row is checked for total being null
    ACCESS EXCLUSIVE on orders: reads, inserts, updates and deletes wait. Meanwhile: scan of orders; the work grows with the table. It depends on whether a constraint outside of these files proves it.</failure></testcase>
        <testcase name="missing-lock-timeout 3:1" classname="migrations/0042_orders_status.sql" file="migrations/0042_orders_status.sql" line="3"><skipped message="warning: No lock_timeout is in force"/></testcase>
      </testsuite>
      <testsuite name="migrations/0043.sql" tests="1" failures="0" errors="0" skipped="0">
        <testcase name="migrations/0043.sql" classname="lockwise" file="migrations/0043.sql"/>
      </testsuite>
    </testsuites>
    "
  `);
  const output = renderJunit(sampleReport([hostileFile]));
  expect(output).not.toContain("<script>");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
  expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  expect(output).toContain("&lt;script&gt;&quot;&amp;\u2400\u241b]]&gt;");
});

test("no format shows a statement that was not understood as if it were clean", () => {
  const lost = { path: "a.sql", text: "DO x;", notUnderstood: [{ line: 3, reason: "an unknown <command>" }] };
  const report = sampleReport([lost]);
  const words = "Not understood and not judged: an unknown <command>";
  expect(renderCompact(report)).toBe(`a.sql:3:1: info ${words} [not-understood]\n`);
  expect(renderGithub(report)).toContain(
    `::notice file=a.sql,line=3,title=lockwise%3A not-understood::${words}\n`,
  );
  expect(JSON.parse(renderGitlab(report))).toMatchObject([
    { severity: "info", check_name: "not-understood" },
  ]);
  const junit = renderJunit(report);
  expect(junit).toContain('tests="1" failures="0" errors="0" skipped="1"');
  expect(junit).toContain('<skipped message="Not understood and not judged: an unknown &lt;command&gt;"/>');
  expect(JSON.parse(renderSarif(report, {})).runs[0].invocations[0]).toMatchObject({
    executionSuccessful: true,
    toolExecutionNotifications: [{ level: "note", message: { text: words } }],
  });
  const json = toJson(report);
  expect(json.files).toEqual([{ path: "a.sql", statements: 1, notUnderstood: lost.notUnderstood }]);
  const schema = readFileSync(new URL("../../src/reporters/report.schema.json", import.meta.url), "utf8");
  expect(new Ajv().compile(JSON.parse(schema))(json)).toBe(true);
});

test("junit: what went wrong is an error of its own, and a finding without an impact ends with its message", () => {
  const finding = { at: "SELECT", message: "is odd", severity: "error" as const, impact: null };
  const files = [{ path: "a.sql", text: "SELECT 1;", findings: [finding] }];
  const complaints = [
    { path: "a.sql", line: 1, message: "the rule x failed" },
    { path: null, line: null, message: "no memory" },
  ];
  const junit = renderJunit(sampleReport(files, { complaints }));
  expect(junit).toMatch(/<testsuites [^>]* errors="2"/);
  expect(junit).toContain('name="lockwise" tests="2" failures="0" errors="2"');
  expect(junit).toContain('<testcase name="a.sql" classname="lockwise"><error message="the rule x failed"/>');
  expect(junit).toContain(
    '<testcase name="lockwise" classname="lockwise"><error message="no memory"/></testcase>',
  );
  expect(junit).toContain("a.sql:1:1: is odd</failure>");
  expect(renderJunit(sampleReport(files))).not.toContain("<error");
});
