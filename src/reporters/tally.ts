import type { Report } from "../engine/report.ts";
import { countOf, groupByFile } from "./words.ts";

/** From so many findings on nobody reads them all before asking what they are about. */
const many = 50;
/** Rules with a row of their own. */
const namedRules = 12;
/** Findings in so many files are most likely those of migrations that ran long ago. */
const manyFiles = 20;

/** How often each rule spoke, the most frequent first; nothing where the findings can be read. */
export function renderTally({ diagnostics }: Report): string[] {
  if (diagnostics.length < many) return [];
  const counts = new Map<string, number>();
  for (const { rule } of diagnostics) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const rows = sorted.slice(0, namedRules).map(([rule, count]) => row(count, rule));
  const others = sorted.slice(namedRules);
  if (others.length > 0) {
    const count = others.reduce((sum, [, own]) => sum + own, 0);
    rows.push(row(count, `of ${countOf(others.length, "other rule")}`));
  }
  return rows;
}

function row(count: number, words: string): string {
  return `${String(count).padStart(7)}  ${words}`;
}

/** What to do with the findings of a whole past; empty where only new migrations were judged. */
export function adviceForPast(report: Report): string {
  const isPastKnown = report.context.history > 0 || report.summary.baseline > 0;
  if (isPastKnown || groupByFile(report.diagnostics).size < manyFiles) return "";
  return "What has run already needs no repair: --since <git ref> judges what is new alone, --write-baseline records these findings.";
}
