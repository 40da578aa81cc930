import type { Connection, TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { ClientAbilities } from "./capabilities.ts";
import { type Checked, checkDocument, type Histories, largestText, tooLarge, unchecked } from "./check.ts";
import { createConfigurationNotes } from "./configuration-notes.ts";
import type { Phase } from "./lifecycle.ts";
import { createSchedule } from "./schedule.ts";
import { statusOf } from "./status.ts";
import { tell } from "./tell.ts";
import type { EditorSettings, OpenText, Workspace } from "./workspace.ts";

/** What the editor has said of itself so far. */
export interface Editor {
  phase: Phase;
  client: ClientAbilities;
  settings: EditorSettings;
  folders: readonly string[];
}

/** Where the documents lie. */
export interface Places {
  readonly workspace: Workspace;
  /** The absolute path behind a URI, with "/"; null where it is none of a file. */
  readonly pathOf: (uri: string) => string | null;
  readonly uriOf: (path: string) => string;
}

/** Checks the open documents, and keeps what was found in each. */
export interface Checker {
  /** The newest state of a document: an answer about an older text would point at the wrong places. */
  freshly(uri: string): Promise<Checked | null>;
  /** What was found last, whichever text it had then. */
  lastOf(uri: string): Checked | undefined;
  /** Checks all of them again after a while. */
  all(milliseconds: number): void;
  opened(uri: string): void;
  /** Its text is another: it is checked when nobody types any more, and those that run later behind it. */
  edited(uri: string, version: number): void;
  saved(uri: string): void;
  closed(uri: string): void;
  stop(): void;
}

/** Edits within this many milliseconds are checked once; longer where a check takes longer. */
const shortestWait = 150;
const longestWait = 1_000;

/** A checker of the documents that are open in the editor. */
export function createChecker(
  connection: Connection,
  documents: TextDocuments<TextDocument>,
  { workspace, pathOf, uriOf }: Places,
  editor: Editor,
): Checker {
  const histories: Histories = new Map();
  const checks = new Map<string, Checked>();
  const notes = createConfigurationNotes(connection, uriOf, (message) => tell(connection, 1, message));
  let lastDuration = 0;

  const openText = (document: TextDocument): OpenText => ({
    path: pathOf(document.uri),
    text: document.getText(),
  });
  const check = async (uri: string, document: TextDocument): Promise<Checked> => {
    const { version } = document;
    const text = document.getText();
    if (text.length > largestText) return unchecked(version, text, tooLarge(text.length));
    const others = documents.all().filter((one) => one.uri !== uri && one.getText().length <= largestText);
    try {
      const open = others.map(openText);
      const planned = await workspace.plan(openText(document), open, editor.folders, editor.settings);
      const checked = await checkDocument({ uri, version, text }, planned, histories);
      notes.clear(uri);
      for (const { path, line, message } of checked.report?.complaints ?? []) {
        connection.console.warn(`${path ?? uri}${line === null ? "" : `:${line}`}: ${message}`);
      }
      return checked;
    } catch (error) {
      return notes.explain(uri, version, text, error);
    }
  };
  const schedule = createSchedule(async (uri) => {
    const document = documents.get(uri);
    if (document === undefined) return;
    const { version } = document;
    const started = performance.now();
    const checked = await check(uri, document);
    lastDuration = performance.now() - started;
    // It was edited or closed meanwhile: whoever did that has had a new check scheduled.
    if (documents.get(uri)?.version !== version) return;
    checks.set(uri, checked);
    await connection.sendDiagnostics({ uri, version, diagnostics: [...checked.shown] });
    await connection.sendNotification("lockwise/status", statusOf(uri, checked, lastDuration));
  });

  return {
    async freshly(uri) {
      const document = documents.get(uri);
      if (document === undefined) return null;
      if (checks.get(uri)?.version !== document.version) await schedule.now(uri);
      const checked = checks.get(uri);
      return checked?.version === documents.get(uri)?.version ? (checked ?? null) : null;
    },
    lastOf: (uri) => checks.get(uri),
    all(milliseconds) {
      for (const { uri } of documents.all()) schedule.later(uri, milliseconds);
    },
    opened: (uri) => schedule.later(uri, 0),
    edited(uri, version) {
      if (checks.get(uri)?.version === version) return;
      schedule.later(uri, Math.min(longestWait, Math.max(shortestWait, 2 * lastDuration)));
      const wait = Math.min(2 * longestWait, Math.max(4 * shortestWait, 8 * lastDuration));
      for (const other of documents.all()) if (other.uri !== uri) schedule.later(other.uri, wait);
    },
    saved: (uri) => void schedule.now(uri),
    closed(uri) {
      schedule.forget(uri);
      checks.delete(uri);
      histories.delete(uri);
      notes.clear(uri);
      void connection.sendDiagnostics({ uri, diagnostics: [] });
    },
    stop: () => schedule.stop(),
  };
}
