import type { DiagnosticFix } from "../engine/report.ts";
import { applyEdits } from "../text/edits.ts";
import { type LineIndex, positionAt } from "../text/lines.ts";

/** More lines than these of an edited text are left out. */
const shownLines = 30;

/** The lines that a fix leaves behind: what stands there afterwards, whole lines, untouched ones left out. */
export function renderEdited(lines: LineIndex, fix: DiagnosticFix): string[] {
  const edits = [...fix.edits].sort((a, b) => a.start - b.start);
  const first = edits[0];
  const last = edits[edits.length - 1];
  if (first === undefined || last === undefined) return [];
  const from = lines.starts[positionAt(lines, first.start).line - 1] ?? 0;
  // An insertion of whole lines does not touch the line that follows it.
  const isWholeLines =
    last.start === last.end && last.text.endsWith("\n") && positionAt(lines, last.start).column === 1;
  const to = isWholeLines ? last.end : (lines.starts[positionAt(lines, last.end).line] ?? lines.text.length);
  const inner = edits.map((edit) => ({ ...edit, start: edit.start - from, end: edit.end - from }));
  const edited = applyEdits(lines.text.slice(from, to), inner)
    .text.trimEnd()
    .split(/\r\n|\n|\r/);
  const told = edited.findIndex((line) => line.trim() !== "");
  const shown = told === -1 ? [] : edited.slice(told);
  if (shown.length <= shownLines) return shown;
  return [...shown.slice(0, shownLines), `-- and ${shown.length - shownLines} more lines`];
}
