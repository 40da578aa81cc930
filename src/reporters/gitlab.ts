import type { Report } from "../engine/report.ts";
import { plain } from "./plain.ts";
import { printJson } from "./print-json.ts";

/** GitLab's code quality report: a list of issues, each with a fingerprint that is unique in the list. */
export function renderGitlab(report: Report): string {
  const seen = new Map<string, number>();
  const issues = report.diagnostics.map(({ rule, severity, message, path, start, end, fingerprint }) => {
    const times = seen.get(fingerprint) ?? 0;
    seen.set(fingerprint, times + 1);
    return {
      description: plain(message),
      check_name: rule,
      fingerprint: times === 0 ? fingerprint : `${fingerprint}-${times}`,
      severity: severity === "error" ? "major" : "minor",
      location: {
        path: path.startsWith("./") ? path.slice(2) : path,
        lines: { begin: start.line, end: end.line },
      },
    };
  });
  return printJson(issues);
}
