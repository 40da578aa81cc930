import type { Diagnostic, Report, Summary } from "./report.ts";

/** Findings that were there when the baseline was written: by fingerprint, with what a person wants to read. */
export interface Baseline {
  readonly version: 1;
  readonly findings: readonly BaselineEntry[];
}

interface BaselineEntry {
  readonly fingerprint: string;
  readonly rule: string;
  readonly path: string;
}

const baselineVersion = 1;

/** The baseline of a report, sorted so that it changes little in a diff. */
export function toBaseline(report: Report): Baseline {
  const findings = report.diagnostics
    .map(({ fingerprint, rule, path }) => ({ fingerprint, rule, path }))
    .sort(
      (a, b) => compare(a.path, b.path) || compare(a.rule, b.rule) || compare(a.fingerprint, b.fingerprint),
    );
  return { version: baselineVersion, findings };
}

/** The text of a baseline file: one finding on a line. */
export function renderBaseline(baseline: Baseline): string {
  const rows = baseline.findings.map((entry) => `    ${JSON.stringify(entry)}`);
  const list = rows.length === 0 ? "[]" : `[\n${rows.join(",\n")}\n  ]`;
  return `{\n  "version": ${baseline.version},\n  "findings": ${list}\n}\n`;
}

/** Reads a baseline file. Throws an Error whose message says what is wrong with it. */
export function parseBaseline(text: string): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("is not JSON");
  }
  if (typeof value !== "object" || value === null || !("version" in value)) {
    throw new Error("is no baseline: it has no version");
  }
  if (value.version !== baselineVersion) {
    throw new Error(
      `is a baseline of version ${JSON.stringify(value.version)}, not ${baselineVersion}: write it anew with --write-baseline`,
    );
  }
  if (!("findings" in value) || !Array.isArray(value.findings) || !value.findings.every(isEntry)) {
    throw new Error("is no baseline: its findings are not a list of fingerprint, rule and path");
  }
  return { version: baselineVersion, findings: value.findings };
}

function isEntry(value: unknown): value is BaselineEntry {
  if (typeof value !== "object" || value === null) return false;
  const entry = value as Record<string, unknown>;
  return [entry.fingerprint, entry.rule, entry.path].every((field) => typeof field === "string");
}

/**
 * Hides the findings that the baseline knows. `gone` are its entries in the files of this report that nothing
 * matched any more.
 */
export function applyBaseline(
  report: Report,
  baseline: Baseline,
): { report: Report; gone: readonly BaselineEntry[] } {
  const known = new Set(baseline.findings.map(({ fingerprint }) => fingerprint));
  const kept: Diagnostic[] = [];
  const found = new Set<string>();
  for (const diagnostic of report.diagnostics) {
    if (known.has(diagnostic.fingerprint)) found.add(diagnostic.fingerprint);
    else kept.push(diagnostic);
  }
  const paths = new Set(report.files.map(({ path }) => path));
  const gone = baseline.findings.filter(
    ({ fingerprint, path }) => paths.has(path) && !found.has(fingerprint),
  );
  const hidden = report.diagnostics.length - kept.length;
  const summary: Summary = {
    ...report.summary,
    errors: kept.filter(({ severity }) => severity === "error").length,
    warnings: kept.filter(({ severity }) => severity === "warning").length,
    baseline: report.summary.baseline + hidden,
  };
  return { report: { ...report, diagnostics: kept, summary }, gone };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
