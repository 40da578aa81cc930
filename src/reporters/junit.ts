import type { Diagnostic, FileReport, Report } from "../engine/report.ts";
import { plain } from "./plain.ts";
import { groupByFile, notUnderstood, notUnderstoodWords, renderImpact } from "./words.ts";

/**
 * JUnit XML: a suite for each file, a test case for each finding; a file without one is a case that passes.
 * Errors fail. Warnings, and statements that were not understood, are skipped cases: they show and break nothing.
 */
export function renderJunit(report: Report): string {
  const groups = groupByFile(report.diagnostics);
  const suites = report.files.map((file) => renderSuite(file, groups.get(file.path) ?? []));
  const { errors, warnings, notUnderstood: lost } = report.summary;
  const complaints = report.complaints.map(
    ({ path, message }) =>
      `    <testcase name="${attribute(path ?? "lockwise")}" classname="lockwise"><error message="${attribute(message)}"/></testcase>\n`,
  );
  if (complaints.length > 0) {
    suites.push(
      `  <testsuite name="lockwise" tests="${complaints.length}" failures="0" errors="${complaints.length}" skipped="0">\n${complaints.join("")}  </testsuite>\n`,
    );
  }
  const tests =
    report.files.reduce((sum, file) => sum + Math.max(1, caseCount(file, groups.get(file.path) ?? [])), 0) +
    complaints.length;
  const counts = `tests="${tests}" failures="${errors}" errors="${complaints.length}" skipped="${warnings + lost}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="lockwise" ${counts}>\n${suites.join("")}</testsuites>\n`;
}

function renderSuite(file: FileReport, diagnostics: readonly Diagnostic[]): string {
  const failures = diagnostics.filter(({ severity }) => severity === "error").length;
  const path = attribute(file.path);
  const count = caseCount(file, diagnostics);
  const cases =
    count === 0
      ? [`    <testcase name="${path}" classname="lockwise" file="${path}"/>\n`]
      : [
          ...diagnostics.map((diagnostic) => renderCase(diagnostic, path)),
          ...file.notUnderstood.map(({ line, reason }) => renderLost(line, reason, path)),
        ];
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="${count - failures}"`;
  return `  <testsuite name="${path}" ${counts}>\n${cases.join("")}  </testsuite>\n`;
}

function caseCount(file: FileReport, diagnostics: readonly Diagnostic[]): number {
  return diagnostics.length + file.notUnderstood.length;
}

function renderLost(line: number, reason: string, path: string): string {
  const name = `${notUnderstood} ${line}:1`;
  return `    <testcase name="${name}" classname="${path}" file="${path}" line="${line}"><skipped message="${attribute(notUnderstoodWords(reason))}"/></testcase>\n`;
}

function renderCase(diagnostic: Diagnostic, path: string): string {
  const { rule, severity, message, start, impact } = diagnostic;
  const name = `${attribute(rule)} ${start.line}:${start.column}`;
  const open = `    <testcase name="${name}" classname="${path}" file="${path}" line="${start.line}">`;
  const detail = `${diagnostic.path}:${start.line}:${start.column}: ${message}${impact === null ? "" : `\n${renderImpact(impact)}`}`;
  const inner =
    severity === "error"
      ? `<failure message="${attribute(message)}" type="${attribute(rule)}">${element(detail)}</failure>`
      : `<skipped message="${attribute(`warning: ${message}`)}"/>`;
  return `${open}${inner}</testcase>\n`;
}

/** XML 1.0 has no way to write most control characters: they show as pictures. */
function element(text: string): string {
  return text.split("\n").map(escapeXml).join("\n");
}

function attribute(text: string): string {
  return escapeXml(text).replaceAll('"', "&quot;");
}

function escapeXml(text: string): string {
  return plain(text)
    .replaceAll(/[\ufffe\uffff]/g, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
