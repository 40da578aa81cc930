import type { Report } from "../engine/report.ts";
import { plain } from "./plain.ts";
import { printJson } from "./print-json.ts";
import { notUnderstood, notUnderstoodOf } from "./words.ts";

/** GitLab's code quality report: a list of issues, each with a fingerprint that is unique in the list. */
export function renderGitlab(report: Report): string {
  const seen = new Map<string, number>();
  const unique = (fingerprint: string) => {
    const times = seen.get(fingerprint) ?? 0;
    seen.set(fingerprint, times + 1);
    return times === 0 ? fingerprint : `${fingerprint}-${times}`;
  };
  const issues = report.diagnostics.map(({ rule, severity, message, path, start, end, fingerprint }) => ({
    description: plain(message),
    check_name: rule,
    fingerprint: unique(fingerprint),
    severity: severity === "error" ? "major" : "minor",
    location: placeOf(path, start.line, end.line),
  }));
  const lost = notUnderstoodOf(report).map(({ path, line, message }) => ({
    description: plain(message),
    check_name: notUnderstood,
    fingerprint: unique(`${notUnderstood} ${path} ${message}`),
    severity: "info",
    location: placeOf(path, line, line),
  }));
  return printJson([...issues, ...lost]);
}

function placeOf(path: string, begin: number, end: number) {
  return { path: path.startsWith("./") ? path.slice(2) : path, lines: { begin, end } };
}
