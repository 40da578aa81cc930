import type { CodeAction, TextDocumentEdit, TextEdit } from "vscode-languageserver/node";
import type { LineIndex } from "../text/lines.ts";
import type { Edit } from "../text/span.ts";
import type { Checked } from "./check.ts";
import { toRange } from "./convert.ts";

/** What the editor can do with edits; decided once, at the start. */
export interface EditorAbilities {
  /** It takes edits with versions, and several files in one edit. */
  readonly documentChanges: boolean;
  readonly createsFiles: boolean;
  /** It asks for the edit of an action when somebody chooses it. */
  readonly resolves: boolean;
  /** It lets the user fill in the blanks of an inserted text. */
  readonly snippets: boolean;
}

/** A document and what is known of it, for whoever makes actions. */
export interface ActionTarget {
  readonly uri: string;
  readonly checked: Checked;
  readonly lines: LineIndex;
  readonly abilities: EditorAbilities;
  /** The URI of a path in the document's project. */
  readonly uriOf: (path: string) => string;
}

/** Edits of the document, for the very text that was checked. */
export function editOf(target: ActionTarget, edits: readonly Edit[]): NonNullable<CodeAction["edit"]> {
  const changes = edits.map(
    (edit): TextEdit => ({
      range: toRange(target.lines, edit),
      newText: edit.text,
    }),
  );
  if (!target.abilities.documentChanges) return { changes: { [target.uri]: changes } };
  return { documentChanges: [documentEdit(target, changes)] };
}

/** Edits of the document in the shape of editors that take several files at once. */
export function documentEdit(target: ActionTarget, edits: TextDocumentEdit["edits"]): TextDocumentEdit {
  return { textDocument: { uri: target.uri, version: target.checked.version }, edits };
}
