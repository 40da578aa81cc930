import picocolors from "picocolors";
import type { Rule } from "../rule.ts";
import { plain, unfold, wrapProse } from "./plain.ts";
import { printJson } from "./print-json.ts";
import type { ReporterOptions } from "./reporter.ts";

/** The catalogue as a table: id, default severity, what is flagged. */
export function renderRules(rules: readonly Rule[], options: Pick<ReporterOptions, "colour">): string {
  const colours = picocolors.createColors(options.colour === true);
  const width = rules.reduce((widest, { id }) => Math.max(widest, id.length), 0);
  const tones = { error: colours.red, warning: colours.yellow, off: colours.dim };
  const rows = rules.map(({ id, severity, summary }) => {
    const indent = width + 11;
    const lines = wrapProse(summary, Math.max(30, 100 - indent));
    const first = `${plain(id).padEnd(width)}  ${tones[severity](severity.padEnd(7))}  ${lines[0] ?? ""}`;
    return [first, ...lines.slice(1).map((line) => " ".repeat(indent) + line)].join("\n");
  });
  return `${rows.join("\n")}\n\n${rules.length} rules. lockwise explain <id> says why, and what to do instead.\n`;
}

/** The catalogue for scripts: everything about a rule but its code. */
export function renderRulesJson(rules: readonly Rule[]): string {
  const list = rules.map((rule) => ({
    id: rule.id,
    severity: rule.severity,
    category: rule.category,
    summary: rule.summary,
    why: unfold(rule.why),
    instead: unfold(rule.instead),
    references: rule.references.map((page) => `https://www.postgresql.org/docs/current/${page}`),
    aliases: rule.aliases ?? [],
    versions: rule.versions ?? {},
  }));
  return printJson({ version: 1, rules: list });
}
