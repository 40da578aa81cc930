import type { ClientCapabilities, ServerCapabilities } from "vscode-languageserver/node";
import type { EditorAbilities } from "./action-target.ts";
import { fixAll } from "./actions.ts";

/** What the server offers. */
export const capabilities: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: 2, save: { includeText: false } },
  hoverProvider: true,
  codeActionProvider: { codeActionKinds: ["quickfix", fixAll], resolveProvider: true },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};

/** What the editor on the other side can do. */
export interface ClientAbilities {
  readonly configuration: boolean;
  readonly workspaceFolders: boolean;
  readonly watchesFiles: boolean;
  readonly edits: EditorAbilities;
}

/** What this editor can do, of all that the server would use. */
export function abilitiesOf({ workspace, textDocument }: ClientCapabilities): ClientAbilities {
  const edit = workspace?.workspaceEdit;
  return {
    configuration: workspace?.configuration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    edits: {
      documentChanges: edit?.documentChanges === true,
      createsFiles: edit?.resourceOperations?.includes("create") === true,
      resolves: textDocument?.codeAction?.resolveSupport?.properties.includes("edit") === true,
      snippets: edit?.snippetEditSupport === true,
    },
  };
}
