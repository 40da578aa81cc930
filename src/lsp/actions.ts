import type { CodeAction, CodeActionParams } from "vscode-languageserver/node";
import type { Diagnostic } from "../engine/report.ts";
import { offsetAt } from "../text/lines.ts";
import type { Edit } from "../text/span.ts";
import { type ActionTarget, editOf } from "./action-target.ts";
import { filesTitle, rewriteAction } from "./rewrite.ts";
import { suppressAction } from "./suppress.ts";

export const fixAll = "source.fixAll.lockwise";

/** What can be done about the findings in a range. */
export async function actionsAt(
  target: ActionTarget,
  { range, context }: Pick<CodeActionParams, "range" | "context">,
): Promise<CodeAction[]> {
  const { lines, checked } = target;
  const from = offsetAt(lines, range.start.line + 1, range.start.character + 1);
  const to = offsetAt(lines, range.end.line + 1, range.end.character + 1);
  const wants = (kind: string) =>
    context.only === undefined || context.only.some((one) => kind === one || kind.startsWith(`${one}.`));
  const actions: CodeAction[] = [];
  if (wants("quickfix")) {
    const titles = new Set<string>();
    for (const { own, shown } of checked.findings) {
      if (own.start.offset > to || own.end.offset < from) continue;
      const made = [fixAction(own, target), await rewriteAction(own, target), suppressAction(own, target)];
      for (const action of made) {
        // The files stand for all that is dangerous in the document: they are offered once.
        if (action === null || titles.has(action.title)) continue;
        if (action.title === filesTitle) titles.add(action.title);
        actions.push({ ...action, diagnostics: [shown] });
      }
    }
  }
  // Nobody wants all fixes from a light bulb; editors ask for them by name, on save.
  if (context.only?.some((one) => fixAll === one || fixAll.startsWith(`${one}.`))) {
    const edits = nonOverlapping(checked.findings.flatMap(({ own }) => own.fix?.edits ?? []));
    if (edits.length > 0) {
      actions.push({ title: "Apply all fixes of lockwise", kind: fixAll, edit: editOf(target, edits) });
    }
  }
  return actions;
}

function fixAction({ fix }: Diagnostic, target: ActionTarget): CodeAction | null {
  if (fix === null) return null;
  return { title: fix.title, kind: "quickfix", isPreferred: true, edit: editOf(target, fix.edits) };
}

/** Editors refuse edits that overlap: of such the first is taken, the next time round brings the other. */
function nonOverlapping(edits: readonly Edit[]): Edit[] {
  const kept: Edit[] = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start >= (kept.at(-1)?.end ?? 0)) kept.push(edit);
  }
  return kept;
}
