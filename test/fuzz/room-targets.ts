import { rules } from "../../rules/index.ts";
import { parseDuration } from "../../src/analysis/session.ts";
import { parseConfiguration, peekList, problemAt, readConfiguration } from "../../src/config/read.ts";
import { readSquawk } from "../../src/config/squawk.ts";
import { applySuppressions } from "../../src/engine/apply-suppressions.ts";
import { parseBaseline } from "../../src/engine/baseline.ts";
import { explainSources } from "../../src/engine/explain.ts";
import { matchesGlob } from "../../src/engine/glob.ts";
import { lintSources } from "../../src/engine/lint.ts";
import { knownRules } from "../../src/engine/suppress.ts";
import { readSuppressions } from "../../src/engine/suppressions.ts";
import { layOut, profiles } from "../../src/layout/index.ts";
import { renderExplanation } from "../../src/reporters/explain.ts";
import { loadReporter } from "../../src/reporters/load.ts";
import { formats } from "../../src/reporters/reporter.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { hold, holdInside, holdPrintable, holdXml } from "./checks.ts";
import { someOptions } from "./engine-targets.ts";
import type { Random } from "./random.ts";

const known = knownRules(rules);
const names = { rules: known, runners: profiles.map(({ name }) => name) };

/** Suppressions cover stretches of the text, and take away or keep each finding. */
export function checkSuppressions(text: string, random: Random): void {
  const { statements, comments } = splitStatements(text);
  const policy = { requireReason: random.oneIn(2), requireUntil: random.oneIn(2) };
  const read = readSuppressions(text, comments, statements, known, "2030-01-01", policy);
  const whole = { start: 0, end: text.length };
  for (const { covers } of read.suppressions) if (covers !== null) holdInside(covers, whole, "cover");
  for (const { at } of read.problems) holdInside(at, whole, "problem of a suppression");
  const findings = statements.map((at) => ({ rule: random.pick(rules).id, at }));
  const { kept, suppressed } = applySuppressions(findings, read.suppressions);
  hold(kept.length + suppressed.length === findings.length, "no finding is lost or doubled");
}

/** Every profile reads every text: units lie inside and ascend, fillings keep the length. */
export function checkLayout(text: string, random: Random): void {
  const path = somePath(random);
  const texts = new Map([
    [path, text],
    [random.pick(["package.json", "flyway.conf", "dbconfig.yml", "atlas.hcl", "sqitch.plan"]), text],
    [`${path}.conf`, text],
  ]);
  const project = { paths: [...texts.keys()], read: (name: string) => texts.get(name) ?? null };
  for (const profile of random.oneIn(4) ? profiles : [random.pick(profiles)]) {
    const units = profile.parse(text, path, project);
    for (const unit of units) {
      holdInside(unit, { start: 0, end: text.length }, profile.name);
      if (unit.marker !== null) holdInside(unit.marker, { start: 0, end: text.length }, "marker");
      unit.breaks.forEach((at, k) => {
        hold(at >= (unit.breaks[k - 1] ?? 0) && at <= text.length, `${profile.name}: breaks ascend`);
      });
      splitStatements(text, unit.start, unit.end, unit.breaks);
    }
    hold(profile.fill(text).length === text.length, `${profile.name}: filling keeps the length`);
    const folder = { root: "", files: [path], project };
    const following = profile.following(folder, { name: "x", sql: "SELECT 1;\n", transaction: false });
    hold(following.length > 0, `${profile.name}: a migration can follow`);
  }
  layOut(project);
}

function somePath(random: Random): string {
  const folder = random.pick([
    "",
    "migrations/",
    "db/migrate/",
    "supabase/migrations/",
    "a/../b/",
    "/",
    "\ud800/",
  ]);
  const name = random.pick([
    "1_a.sql",
    "V1__a.sql",
    "R__x.sql",
    "0.up.sql",
    "up.sql",
    ".sql",
    "9".repeat(400),
  ]);
  return `${folder}${name}`;
}

/** Configurations in any state are read or refused, with places inside the file. */
export async function checkConfiguration(text: string, random: Random): Promise<void> {
  const config = random.oneIn(3) ? text : changeConfiguration(text, random);
  const source = parseConfiguration("lockwise.config.json", config, random.oneIn(5) ? "lockwise" : undefined);
  const { problems } = readConfiguration(source, names);
  for (const { line, column } of problems) hold(line >= 1 && column >= 1, "a problem has a place");
  peekList(source, "extends");
  problemAt(source, "plugins", "x");
  await readSquawk(".squawk.toml", config, known.aliases);
  parseDuration(text.slice(0, 40));
  matchesGlob(text.slice(0, 400), config.slice(0, 400));
  try {
    parseBaseline(config);
  } catch (error) {
    hold(error instanceof Error && /^is /.test(error.message), `the baseline is refused in words: ${error}`);
  }
}

const configuration = JSON.stringify({
  postgresVersion: 16,
  migrations: ["db/**/*.sql"],
  runner: "goose",
  session: { lockTimeout: "5s" },
  rules: { "drop-table": "off", "column-type-change": ["error", {}] },
  overrides: [{ files: ["*.sql"], rules: {} }],
  extends: ["strict"],
  tables: { "public.orders": { rows: 10, hot: true } },
  suppressions: { requireReason: true },
});

function changeConfiguration(text: string, random: Random): string {
  const at = random.below(configuration.length);
  return (
    configuration.slice(0, at) + text.slice(0, random.below(30)) + configuration.slice(at + random.below(6))
  );
}

/** Whatever names and texts hold: no reporter lets it through raw, and each output is of its format. */
export async function checkReporters(text: string, random: Random): Promise<void> {
  const options = someOptions(random);
  const path = `migrations/${text.slice(0, 30)}.sql`;
  const report = await lintSources([{ path, text }], options);
  for (const format of formats) {
    const render = await loadReporter(format);
    const verbose = random.oneIn(2);
    const output = render(report, { rules, version: "1.0.0", verbose, width: 20 + random.below(100) });
    holdPrintable(output, format);
    if (format === "json" || format === "sarif" || format === "gitlab") JSON.parse(output);
    if (format === "junit") holdXml(output);
    if (format === "compact")
      hold(
        countLines(output) === report.diagnostics.length + report.summary.notUnderstood,
        "a line for each finding, and for each statement that was not understood",
      );
    if (format === "github")
      hold(/^(::(error|warning|notice) [^\n]*\n)*$/.test(output), "one command in each line");
  }
  const explained = await explainSources([{ path, text }], options);
  holdPrintable(renderExplanation(explained, { width: 80 }), "explain");
}

function countLines(text: string): number {
  return text.split("\n").length - 1;
}
