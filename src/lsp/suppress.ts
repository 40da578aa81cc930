import type { CodeAction, TextDocumentEdit } from "vscode-languageserver/node";
import type { Diagnostic } from "../engine/report.ts";
import { positionAt } from "../text/lines.ts";
import { type ActionTarget, documentEdit, editOf } from "./action-target.ts";
import { toRange } from "./convert.ts";

const blank = "why this is fine here";

/** A comment above the statement that silences the finding, with its reason to be filled in. */
export function suppressAction(own: Diagnostic, target: ActionTarget): CodeAction | null {
  // What is wrong with such a comment is not cured by another one.
  if (own.rule.endsWith("-suppression")) return null;
  const { text } = target.checked;
  // Some are told where they come from, which is an earlier statement.
  const { statement, start } = own;
  const isInside = statement.start <= start.offset && start.offset <= statement.end;
  const at = isInside ? statement.start : start.offset;
  const lineStart = target.lines.starts[positionAt(target.lines, at).line - 1] ?? 0;
  const before = text.slice(lineStart, at);
  const isFirst = before.trim() === "";
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const comment = (reason: string) =>
    isFirst
      ? `-- lockwise-ignore ${own.rule} -- ${reason}${lineEnd}${before}`
      : `/* lockwise-ignore ${own.rule} -- ${reason} */ `;
  const title = `Ignore ${own.rule} here, with a reason`;
  const action = { title, kind: "quickfix" };
  const { snippets, documentChanges } = target.abilities;
  if (!snippets || !documentChanges) {
    return { ...action, edit: editOf(target, [{ start: at, end: at, text: comment(blank) }]) };
  }
  const snippet: TextDocumentEdit["edits"][number] = {
    range: toRange(target.lines, { start: at, end: at }),
    snippet: { kind: "snippet", value: comment(`\${1:${blank}}`) },
  };
  return { ...action, edit: { documentChanges: [documentEdit(target, [snippet])] } };
}
