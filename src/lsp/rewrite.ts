import type { CodeAction, CreateFile, TextDocumentEdit, WorkspaceEdit } from "vscode-languageserver/node";
import type { Diagnostic, RewriteStep } from "../engine/report.ts";
import { filesOf } from "../fix/files.ts";
import { planMigration } from "../fix/plan.ts";
import type { Plan } from "../fix/plan-types.ts";
import type { Layout, NewFile } from "../layout/index.ts";
import { conditionsOf, countOf } from "../reporters/words.ts";
import { createScanner, scanToken } from "../sql/scanner.ts";
import { type ActionTarget, documentEdit, editOf } from "./action-target.ts";
import type { Checked } from "./check.ts";
import { toRange } from "./convert.ts";

export const filesTitle = "Write the safe migrations as new files instead";

/**
 * The safe migrations instead of what is dangerous in the document: as files that follow all others where that can be,
 * else as a comment below the statement. Where the editor can wait for the edit, `resolveRewrite` makes it.
 */
export async function rewriteAction(own: Diagnostic, target: ActionTarget): Promise<CodeAction | null> {
  if (own.rewrite === null || own.rewrite.length === 0) return null;
  const { checked, abilities, uri } = target;
  const canCreate = abilities.createsFiles && abilities.documentChanges;
  if (!canCreate || checked.planned?.layout == null) return commentAction(own.rewrite, own, target);
  const action = { title: filesTitle, kind: "quickfix" };
  if (abilities.resolves) return { ...action, data: { uri, version: checked.version } };
  const edit = await planEdit(target);
  return edit === null ? commentAction(own.rewrite, own, target) : { ...action, edit };
}

/** The edit of an action that was shown without; null where the plan cannot be written into files of their own. */
export async function planEdit(target: ActionTarget): Promise<WorkspaceEdit | null> {
  const { checked, uriOf } = target;
  const made = await planFiles(checked);
  if (made === null) return null;
  const start = { line: 0, character: 0 };
  const changes: (CreateFile | TextDocumentEdit)[] = made.files.flatMap(({ path, text }) => [
    { kind: "create" as const, uri: uriOf(path), options: { ignoreIfExists: false, overwrite: false } },
    {
      textDocument: { uri: uriOf(path), version: null },
      edits: [{ range: { start, end: start }, newText: text }],
    },
  ]);
  const removed = made.plan.series.map((series) => ({ range: toRange(target.lines, series), newText: "" }));
  return { documentChanges: [...changes, documentEdit(target, removed)] };
}

async function planFiles({ planned }: Checked): Promise<{ plan: Plan; files: readonly NewFile[] } | null> {
  const layout: Layout | null = planned?.layout ?? null;
  if (planned === null || layout === null) return null;
  const plan = await planMigration(planned.sources, layout, planned.options);
  const files = filesOf(plan, layout).flatMap((step) => step.files);
  const paths = new Set(files.map(({ path }) => path));
  // Tools with one file for all, such as Liquibase: there are no new files to write.
  const isTaken = paths.size < files.length || layout.folder.files.some((path) => paths.has(path));
  return files.length === 0 || isTaken ? null : { plan, files };
}

function commentAction(rewrite: readonly RewriteStep[], own: Diagnostic, target: ActionTarget): CodeAction {
  const { text } = target.checked;
  const lines = rewrite.flatMap((step, k) => {
    const conditions = conditionsOf(step);
    const title = `${rewrite.length > 1 ? `${k + 1}. ` : ""}${step.title}${conditions && ` (${conditions})`}:`;
    return [title.replaceAll(/\s+/g, " "), ...step.sql.trimEnd().split("\n")];
  });
  const heading = `Instead, in ${countOf(rewrite.length, "migration")} of ${rewrite.length === 1 ? "its" : "their"} own:`;
  const comment = [heading, ...lines].map((line) => `-- ${line}\n`).join("");
  const start = lineBelow(text, own.statement.end);
  const opening = start > 0 && text[start - 1] !== "\n" ? "\n" : "";
  return {
    title: `Write the safe SQL for ${own.rule} below, as a comment`,
    kind: "quickfix",
    edit: editOf(target, [{ start, end: start, text: opening + comment }]),
  };
}

/** Where the line below a statement begins; just behind the statement where another follows on the same line. */
function lineBelow(text: string, end: number): number {
  const scanner = createScanner(text, end, text.length);
  let last = end;
  for (let kind = scanToken(scanner); kind !== "end"; kind = scanToken(scanner)) {
    const isSemicolon = text.slice(scanner.start, scanner.end) === ";";
    if (text.slice(end, scanner.start).includes("\n") || !(isSemicolon || kind === "comment")) break;
    last = scanner.end;
  }
  const lineEnd = text.indexOf("\n", last);
  const rest = text.slice(last, lineEnd === -1 ? text.length : lineEnd);
  if (rest.trim() !== "") return last;
  return lineEnd === -1 ? text.length : lineEnd + 1;
}
