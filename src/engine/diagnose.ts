import { indexLines, positionAt } from "../text/lines.ts";
import { fingerprintAll } from "./fingerprint.ts";
import type { JudgedFile } from "./judged-files.ts";
import type { RawFinding } from "./judgement.ts";
import { docsUrl } from "./options.ts";
import type { Diagnostic, DiagnosticFix, RewriteStep } from "./report.ts";

/** Findings as diagnostics: with lines, columns and fingerprints, sorted by file, place and rule. */
export function diagnose(judged: ReadonlyMap<string, JudgedFile>, raw: readonly RawFinding[]): Diagnostic[] {
  const rank = new Map([...judged.keys()].map((path, index) => [path, index]));
  const findings = withoutRepeats(raw).sort(
    (a, b) =>
      (rank.get(a.path) ?? 0) - (rank.get(b.path) ?? 0) ||
      a.finding.at.start - b.finding.at.start ||
      (a.active.rule.id < b.active.rule.id ? -1 : 1),
  );
  const fingerprints = fingerprintAll(
    findings.map(({ active, finding, path, statement }) => ({
      rule: active.rule.id,
      path,
      at: finding.at,
      statement,
    })),
    (path) => judged.get(path)?.text ?? "",
  );
  return findings.map((raw, index) => toDiagnostic(raw, judged.get(raw.path), fingerprints[index] ?? ""));
}

/**
 * A function that a file calls hundreds of times, or a script that a plan runs again, is judged each time: the same words about
 * the same place are told once.
 */
function withoutRepeats(raw: readonly RawFinding[]): RawFinding[] {
  const told = new Set<string>();
  return raw.filter(({ active, finding, path }) => {
    const { at, message } = finding;
    const key = [path, at.start, at.end, active.rule.id, message].join("\n");
    if (told.has(key)) return false;
    told.add(key);
    return true;
  });
}

function toDiagnostic(raw: RawFinding, file: JudgedFile | undefined, fingerprint: string): Diagnostic {
  const { active, finding, path, statement, impact } = raw;
  const lines = file?.lines ?? indexLines("");
  return {
    rule: active.rule.id,
    severity: severityOf(raw),
    category: active.rule.category,
    message: finding.message,
    path,
    start: positionAt(lines, finding.at.start),
    end: positionAt(lines, finding.at.end),
    statement: { start: statement.start, end: statement.end },
    impact,
    fix: finding.fix === undefined ? null : copyFix(finding.fix),
    rewrite: finding.rewrite === undefined ? null : finding.rewrite.map(copyStep),
    advice: finding.advice ?? null,
    fingerprint,
    docs: docsUrl + active.rule.id,
  };
}

/** A finding may have a severity of its own; what the configuration says is the most that it can be. */
function severityOf({ active, finding }: RawFinding): Diagnostic["severity"] {
  if (finding.severity === undefined) return active.severity;
  return active.isConfigured && active.severity === "warning" ? "warning" : finding.severity;
}

function copyFix(fix: NonNullable<RawFinding["finding"]["fix"]>): DiagnosticFix {
  return { title: fix.title, edits: fix.edits.map(({ start, end, text }) => ({ start, end, text })) };
}

function copyStep(step: NonNullable<RawFinding["finding"]["rewrite"]>[number]): RewriteStep {
  const { title, sql, transaction } = step;
  return { title, sql, transaction, outside: step.outside ?? null, after: step.after ?? null };
}
