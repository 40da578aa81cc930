import type { Diagnostic, FileReport, Report } from "../engine/report.ts";
import { plain } from "./plain.ts";
import { groupByFile, renderImpact } from "./words.ts";

/**
 * JUnit XML: a suite for each file, a test case for each finding; a file without one is a case that passes.
 * Errors fail. Warnings are skipped cases, so that they show and break nothing.
 */
export function renderJunit(report: Report): string {
  const groups = groupByFile(report.diagnostics);
  const suites = report.files.map((file) => renderSuite(file, groups.get(file.path) ?? []));
  const { errors, warnings } = report.summary;
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
    report.files.reduce((sum, { path }) => sum + Math.max(1, groups.get(path)?.length ?? 0), 0) +
    complaints.length;
  const counts = `tests="${tests}" failures="${errors}" errors="${complaints.length}" skipped="${warnings}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="lockwise" ${counts}>\n${suites.join("")}</testsuites>\n`;
}

function renderSuite(file: FileReport, diagnostics: readonly Diagnostic[]): string {
  const failures = diagnostics.filter(({ severity }) => severity === "error").length;
  const path = attribute(file.path);
  const cases =
    diagnostics.length === 0
      ? [`    <testcase name="${path}" classname="lockwise" file="${path}"/>\n`]
      : diagnostics.map((diagnostic) => renderCase(diagnostic, path));
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="${diagnostics.length - failures}"`;
  return `  <testsuite name="${path}" ${counts}>\n${cases.join("")}  </testsuite>\n`;
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
