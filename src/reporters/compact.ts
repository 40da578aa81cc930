import type { Report } from "../engine/report.ts";
import { plain } from "./plain.ts";
import { notUnderstood, notUnderstoodOf } from "./words.ts";

/**
 * One line for each finding: `file:line:col: severity message [rule-id]`, and one of severity `info` for each statement that was
 * not understood. Nothing where there is neither.
 */
export function renderCompact(report: Report): string {
  const findings = report.diagnostics.map(
    ({ path, start, severity, message, rule }) =>
      `${plain(path)}:${start.line}:${start.column}: ${severity} ${plain(message)} [${plain(rule)}]\n`,
  );
  const lost = notUnderstoodOf(report).map(
    ({ path, line, message }) => `${plain(path)}:${line}:1: info ${plain(message)} [${notUnderstood}]\n`,
  );
  return [...findings, ...lost].join("");
}
