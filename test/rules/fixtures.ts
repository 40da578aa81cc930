import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../rules/index.ts";
import type { EngineOptions } from "../../src/engine/engine-options.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { RuleSetting } from "../../src/engine/options.ts";
import type { Report } from "../../src/engine/report.ts";
import type { Rule } from "../../src/rule.ts";

export const root = join(import.meta.dirname, "../..");

/** A migration that a rule is tried on: `bad.sql`, `good.sql`, `<case>.bad.sql`, `<case>.good.sql`. */
export interface Fixture {
  readonly rule: Rule;
  /** `bad.sql`. */
  readonly name: string;
  readonly folder: string;
  readonly isBad: boolean;
  readonly text: string;
  /** Where the output for people is kept. */
  readonly expected: string;
}

export function fixturesOf(rule: Rule): Fixture[] {
  const folder = join(root, "fixtures", rule.id);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith("good.sql") || name.endsWith("bad.sql"));
  return names.map((name) => ({
    rule,
    name,
    folder,
    isBad: name.endsWith("bad.sql"),
    text: readFileSync(join(folder, name), "utf8"),
    expected: join(folder, name === "bad.sql" ? "expected.txt" : name.replace(/bad\.sql$/, "expected.txt")),
  }));
}

const engineKeys = ["postgresVersion", "runner", "maxLockTimeout", "release", "down", "parser"];

/**
 * What the comments at the top of a fixture ask for: `-- postgresVersion: 16`, `-- runner: goose`; `session.*` and
 * `suppressions.*` go into those, `tables` is JSON, and what is no key of the configuration is an option of the rule.
 */
export function optionsOf({ rule, text }: Pick<Fixture, "rule" | "text">): Partial<EngineOptions> {
  const engine: Record<string, unknown> = {};
  const own: Record<string, unknown> = {};
  for (const line of text.split("\n")) {
    const match = /^-- ([a-z][A-Za-z.]*): (.+)$/.exec(line);
    if (match === null) break;
    const [, key = "", value = ""] = match;
    const [group = "", inner] = key.split(".");
    if (inner !== undefined) engine[group] = { ...(engine[group] as object), [inner]: readValue(value) };
    else if (engineKeys.includes(key) || key === "tables") engine[key] = readValue(value);
    else own[key] = readValue(value);
  }
  const severity = rule.severity === "off" ? "warning" : rule.severity;
  const setting: RuleSetting = [severity, own];
  return { ...engine, rules: { [rule.id]: setting } };
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Lints a text with all rules that are on by default, and the one in question. */
export function lintFixture(fixture: Fixture, text = fixture.text, path = fixture.name): Promise<Report> {
  return lintSources([{ path, text }], { catalogue: rules, today: "2026-01-01", ...optionsOf(fixture) });
}

/** What the report would be if no other rule had spoken. */
export function onlyRule(report: Report, id: string): Report {
  const diagnostics = report.diagnostics.filter(({ rule }) => rule === id);
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const summary = { ...report.summary, errors, warnings: diagnostics.length - errors };
  return { ...report, diagnostics, summary };
}
