import type { Connection, TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Rule } from "../rule.ts";
import { indexLines } from "../text/lines.ts";
import type { ActionTarget } from "./action-target.ts";
import { actionsAt } from "./actions.ts";
import type { Checked } from "./check.ts";
import type { Checker, Editor, Places } from "./checker.ts";
import { hoverAt } from "./hover.ts";
import { whileOpen } from "./lifecycle.ts";
import { anObject, atPosition, atRange, type Expected } from "./params.ts";
import { planEdit } from "./rewrite.ts";
import { tell } from "./tell.ts";

interface AnswerParts extends Pick<Places, "uriOf"> {
  readonly catalogue: readonly Rule[];
  readonly protocol: typeof import("./protocol.ts");
}

/** Answers what the editor asks about a place in a document: what stands there, and what can be done about it. */
export function answerRequests(
  connection: Connection,
  documents: TextDocuments<TextDocument>,
  checker: Checker,
  editor: Editor,
  { uriOf, catalogue, protocol }: AnswerParts,
): void {
  const targetOf = (uri: string, checked: Checked): ActionTarget => {
    const base = checked.planned?.base ?? "";
    const lines = indexLines(checked.text);
    const abilities = editor.client.edits;
    return { uri, checked, lines, abilities, uriOf: (path) => uriOf(`${base}/${path}`) };
  };
  const answering = <Params, Result>(isExpected: Expected, answer: (params: Params) => Promise<Result>) =>
    whileOpen(editor, protocol, isExpected, answer);
  connection.onHover(
    answering(atPosition, async ({ textDocument: { uri }, position }) => {
      const checked = await checker.freshly(uri);
      const offset = documents.get(uri)?.offsetAt(position);
      if (checked === null || offset === undefined) return null;
      return hoverAt(checked, offset, checked.planned?.options.catalogue ?? catalogue);
    }),
  );
  connection.onCodeAction(
    answering(atRange, async (params) => {
      const { uri } = params.textDocument;
      const checked = await checker.freshly(uri);
      return checked === null ? [] : actionsAt(targetOf(uri, checked), params);
    }),
  );
  connection.onCodeActionResolve(
    answering(anObject, async (action) => {
      const { uri, version } = (action.data ?? {}) as { uri?: string; version?: number };
      const checked = uri === undefined ? undefined : checker.lastOf(uri);
      if (uri === undefined || checked === undefined || checked.version !== version) return action;
      const edit = await planEdit(targetOf(uri, checked));
      if (edit !== null) return { ...action, edit };
      tell(
        connection,
        2,
        "these migrations cannot be written as files; hovering over the finding shows their SQL",
      );
      return action;
    }),
  );
}
