import picocolors from "picocolors";
import type { Diagnostic } from "../engine/report.ts";
import type { Rule } from "../rule.ts";
import { append } from "../text/append.ts";
import { plain, plainLines, unfold, wrapProse } from "./plain.ts";
import { printJson } from "./print-json.ts";
import type { ReporterOptions } from "./reporter.ts";
import { conditionsOf } from "./words.ts";

/** What there is to show of a rule beside its own words. */
export interface RuleExamples {
  readonly bad: string | null;
  readonly good: string | null;
  /** What the rule itself says of the bad example. */
  readonly finding: Diagnostic | null;
  readonly docs: string;
}

/** A rule as a page of a terminal: why, what is flagged, the safe way, what is fine. */
export function renderRule(
  rule: Rule,
  examples: RuleExamples,
  options: Pick<ReporterOptions, "colour">,
): string {
  const colours = picocolors.createColors(options.colour === true);
  const prose = (text: string) =>
    unfold(text)
      .split("\n\n")
      .flatMap((paragraph, k) => [...(k > 0 ? [""] : []), ...wrapProse(paragraph.replaceAll("`", ""), 80)]);
  const sql = (text: string) =>
    plainLines(text.trimEnd()).map((line) => (line === "" ? "" : `  ${colours.cyan(line)}`));
  const section = (title: string, lines: readonly string[]) => ["", colours.bold(title), "", ...lines];
  const tone =
    rule.severity === "error" ? colours.red : rule.severity === "warning" ? colours.yellow : colours.dim;
  const out = [
    `${colours.bold(plain(rule.id))}  ${tone(rule.severity)}  ${colours.dim(rule.category)}`,
    ...wrapProse(`${rule.summary}.`, 80),
    ...section("Why", prose(rule.why)),
  ];
  if (examples.bad !== null) append(out, section("Flagged", sql(examples.bad)));
  append(out, section("Instead", prose(rule.instead)));
  const { finding } = examples;
  for (const [k, step] of (finding?.rewrite ?? []).entries()) {
    const conditions = conditionsOf(step);
    const number = (finding?.rewrite?.length ?? 0) > 1 ? `${k + 1}. ` : "";
    append(out, [
      "",
      ...wrapProse(`${number}${step.title}${conditions === "" ? "" : ` (${conditions})`}:`, 80),
    ]);
    append(out, ["", ...sql(step.sql)]);
  }
  if (examples.good !== null) append(out, section("Fine", sql(examples.good)));
  for (const [key, { says }] of Object.entries(rule.options ?? {}))
    append(out, section(`Option ${plain(key)}`, prose(says)));
  if ((rule.aliases ?? []).length > 0)
    append(out, section("Known elsewhere as", (rule.aliases ?? []).map(plain)));
  const links = rule.references.map((page) => `https://www.postgresql.org/docs/current/${page}`);
  append(out, section("More", [...links, examples.docs]));
  return `${out.join("\n")}\n`;
}

/** The same for scripts. */
export function renderRuleJson(rule: Rule, examples: RuleExamples): string {
  const { id, severity, category, summary, why, instead, aliases = [] } = rule;
  const words = { id, severity, category, summary, why: unfold(why), instead: unfold(instead), aliases };
  const { bad, good, docs, finding } = examples;
  return printJson({ version: 1, rule: { ...words, bad, good, rewrite: finding?.rewrite ?? null, docs } });
}
