import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";
import { renderPretty } from "../../src/reporters/pretty.ts";
import { applyEdits } from "../../src/text/edits.ts";
import { fixturesOf, lintFixture, onlyRule, optionsOf, root } from "./fixtures.ts";

/** Every rule on, for texts that none of them may mind. */
const everything = Object.fromEntries(rules.map(({ id }) => [id, "warning" as const]));

it("has a file and a folder of fixtures for each rule, and nothing else", () => {
  const ids = rules.map(({ id }) => id).sort();
  const files = readdirSync(join(root, "rules")).filter(
    (name) => name.endsWith(".ts") && name !== "index.ts",
  );
  expect(files.map((name) => name.slice(0, -3)).sort()).toEqual(ids);
  const folders = readdirSync(join(root, "fixtures")).filter((name) => !name.startsWith("_"));
  expect(folders.sort()).toEqual(ids);
});

describe.each(rules)("$id", (rule) => {
  const fixtures = fixturesOf(rule);
  const bad = fixtures.filter(({ isBad }) => isBad);
  const good = fixtures.filter(({ isBad }) => !isBad);

  it("has a bad and a good migration", () => {
    expect(fixtures.map(({ name }) => name)).toEqual(expect.arrayContaining(["bad.sql", "good.sql"]));
  });

  it.each(bad)("fires on $name, in these words", async (fixture) => {
    const report = await lintFixture(fixture);
    expect(report.complaints).toEqual([]);
    const own = onlyRule(report, rule.id);
    expect(own.diagnostics).not.toEqual([]);
    await expect(renderPretty(own, {})).toMatchFileSnapshot(fixture.expected);
  });

  it.each(good)("is silent on $name, as all others are", async (fixture) => {
    const report = await lintFixture(fixture);
    expect(report.complaints).toEqual([]);
    expect(report.summary.notUnderstood).toBe(0);
    expect(
      report.diagnostics.map(({ rule, start, message }) => ({ rule, line: start.line, message })),
    ).toEqual([]);
  });

  it.each(bad)("speaks in one sentence each in $name", async (fixture) => {
    const { diagnostics } = onlyRule(await lintFixture(fixture), rule.id);
    for (const { message, fix, rewrite, advice } of diagnostics) {
      expect(message).toMatch(/^[^\s].*[^\s.]$/);
      expect(message.length).toBeLessThanOrEqual(220);
      if (advice !== null) expect(advice).toMatch(/^["A-Z].*[^\s.]$/s);
      const titles = [fix, ...(rewrite ?? [])].flatMap((item) => (item === null ? [] : [item.title]));
      for (const title of titles) expect(title).toMatch(/^["A-Z][^\n]*[^\s.]$/);
    }
  });

  it.each(bad)("fixes $name for good, where it has a fix", async (fixture) => {
    const before = onlyRule(await lintFixture(fixture), rule.id).diagnostics;
    const fixable = before.filter(({ fix }) => fix !== null);
    let { text } = fixture;
    // Fixes that overlap are applied one after the other.
    for (let round = 0; round <= fixable.length; round++) {
      const { diagnostics } = onlyRule(await lintFixture(fixture, text), rule.id);
      const edits = diagnostics.flatMap(({ fix }) => fix?.edits ?? []);
      if (edits.length === 0) break;
      text = applyEdits(text, edits).text;
    }
    const after = await lintFixture(fixture, text);
    const left = onlyRule(after, rule.id).diagnostics;
    expect(left.filter(({ fix }) => fix !== null)).toEqual([]);
    expect(left.length).toBe(before.length - fixable.length);
    const brokenBefore = onlyRule(await lintFixture(fixture), "syntax-error").diagnostics.length;
    expect(onlyRule(after, "syntax-error").diagnostics.length).toBeLessThanOrEqual(brokenBefore);
  });

  it.each(bad)("prints SQL that the target parses for $name", async (fixture) => {
    const { diagnostics } = onlyRule(await lintFixture(fixture), rule.id);
    const options = { catalogue: rules, only: ["syntax-error", "unsupported-syntax"] };
    const { postgresVersion } = optionsOf(fixture);
    const version = postgresVersion === undefined ? {} : { postgresVersion };
    for (const { sql } of diagnostics.flatMap(({ rewrite }) => rewrite ?? [])) {
      expect(sql).not.toContain("...");
      expect(sql.trimEnd()).toMatch(/;$/);
      const report = await lintSources([{ path: "step.sql", text: sql }], { ...options, ...version });
      expect(report.files[0]?.statements).toBeGreaterThan(0);
      expect(report.diagnostics.map(({ message }) => `${message}: ${sql}`)).toEqual([]);
      // What a step asks the catalog for, no reader of the file can know.
      const unread = report.files.flatMap(({ notUnderstood }) => notUnderstood.map(({ reason }) => reason));
      expect(unread.filter((reason) => !reason.startsWith("EXECUTE of a string"))).toEqual([]);
    }
  });

  it.each(bad)("sees no code in what $name says in comments, strings and quoted names", async ({ text }) => {
    const inComment = `/* ${text.replaceAll("*/", "* /")} */ SELECT 1;`;
    const inString = `SELECT '${text.replaceAll("'", "''")}', $quoted$${text}$quoted$;`;
    // A quoted name has 63 bytes at the most, and at least one.
    const names = text.split("\n").map((line) => [...line].slice(0, 15).join("").replaceAll('"', '""'));
    const inNames = `SELECT ${names.map((name) => `1 AS "${name} "`).join(", ")};`;
    for (const hidden of [inComment, inString, inNames]) {
      const options = { catalogue: rules, rules: everything };
      const { diagnostics } = await lintSources([{ path: "hidden.sql", text: hidden }], options);
      // Ignore comments are read inside comments, and told there.
      const told = diagnostics.filter(({ rule }) => !rule.endsWith("-suppression"));
      expect(told.map(({ rule, message }) => ({ rule, message }))).toEqual([]);
    }
  });

  it("is described in plain sentences", () => {
    expect(rule.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(rule.id).not.toMatch(/^(ban|require|no|prefer|disallow)-/);
    expect(rule.summary).toMatch(
      /^[^a-z\s\n][^\n]*[^\s.]$|^(char|json|money|timestamp|varchar|lock_timeout)\b[^\n]*[^\s.]$/,
    );
    expect(rule.summary.length).toBeLessThanOrEqual(130);
    for (const prose of [rule.why, rule.instead]) {
      expect(prose.trim()).toMatch(/^\S.*[.?`]$/s);
      expect(prose).not.toMatch(/best practice|obviously|easily/i);
      expect(prose.trim().split("\n\n").length).toBeLessThanOrEqual(3);
    }
  });

  it("refers to pages of the manual", () => {
    for (const page of rule.references) expect(page).toMatch(/^[a-z0-9-]+\.html(#[A-Z0-9-]+)?$/);
    expect(new Set(rule.references).size).toBe(rule.references.length);
  });

  it("keeps no output of migrations that are gone", () => {
    const folder = join(root, "fixtures", rule.id);
    const kept = readdirSync(folder).filter((name) => name.endsWith("expected.txt"));
    const wanted = bad.map(({ expected }) => expected);
    expect(kept.filter((name) => !wanted.includes(join(folder, name)))).toEqual([]);
  });
});
