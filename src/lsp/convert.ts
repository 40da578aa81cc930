import type { Diagnostic as LspDiagnostic, Range } from "vscode-languageserver/node";
import type { Diagnostic, Report } from "../engine/report.ts";
import { indexLines, type LineIndex, type Position, positionAt } from "../text/lines.ts";
import type { Span } from "../text/span.ts";

/** The protocol counts from 0, reports from 1; both count UTF-16 units. */
function toPosition({ line, column }: Pick<Position, "line" | "column">): Range["start"] {
  return { line: line - 1, character: column - 1 };
}

/** A span as the protocol's range: lines from 0, characters in UTF-16 units. */
export function toRange(lines: LineIndex, span: Span): Range {
  return {
    start: toPosition(positionAt(lines, span.start)),
    end: toPosition(positionAt(lines, span.end)),
  };
}

const severities = { error: 1, warning: 2, information: 3 } as const;

const source = "lockwise";

/** A finding as the editor shows it. Hovering tells the rest. */
export function toDiagnostic(diagnostic: Diagnostic): LspDiagnostic {
  const { rule, severity, message, start, end, docs, advice } = diagnostic;
  return {
    range: { start: toPosition(start), end: toPosition(end) },
    severity: severities[severity],
    code: rule,
    codeDescription: { href: docs },
    source,
    message: advice === null ? message : `${message}\n${advice}`,
  };
}

/** Statements that nobody could read: a document with them must not look clean. */
export function notUnderstoodOf(report: Report, path: string, text: string): LspDiagnostic[] {
  const file = report.files.find((one) => one.path === path);
  if (file === undefined || file.notUnderstood.length === 0) return [];
  const lines = indexLines(text);
  return file.notUnderstood.map(({ line, reason }) => ({
    range: lineRange(lines, line),
    severity: severities.information,
    source,
    message: `Not understood, and so not checked: ${reason}`,
  }));
}

/** Something to say of a document as a whole, at its first line. */
export function noteAtTop(
  message: string,
  severity: keyof typeof severities = "information",
  line = 1,
): LspDiagnostic {
  const at = { line: Math.max(0, line - 1), character: 0 };
  return { range: { start: at, end: at }, severity: severities[severity], source, message };
}

function lineRange(lines: LineIndex, line: number): Range {
  const start = lines.starts[line - 1] ?? 0;
  const end = (lines.starts[line] ?? lines.text.length + 1) - 1;
  return toRange(lines, { start, end: Math.max(start, end) });
}
