import type { Report } from "../engine/report.ts";
import { plain } from "./plain.ts";

/** One line for each finding: `file:line:col: severity message [rule-id]`. Nothing where there is none. */
export function renderCompact(report: Report): string {
  return report.diagnostics
    .map(
      ({ path, start, severity, message, rule }) =>
        `${plain(path)}:${start.line}:${start.column}: ${severity} ${plain(message)} [${plain(rule)}]\n`,
    )
    .join("");
}
