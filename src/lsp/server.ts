import type { Connection, TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Rule } from "../rule.ts";
import { indexLines } from "../text/lines.ts";
import type { ActionTarget } from "./action-target.ts";
import { actionsAt } from "./actions.ts";
import { abilitiesOf, type ClientAbilities, capabilities } from "./capabilities.ts";
import { type Checked, checkDocument, type Histories, largestText, tooLarge, unchecked } from "./check.ts";
import { createConfigurationNotes } from "./configuration-notes.ts";
import { hoverAt } from "./hover.ts";
import { planEdit } from "./rewrite.ts";
import { createSchedule } from "./schedule.ts";
import { parseSettings } from "./settings.ts";
import { statusOf } from "./status.ts";
import { defaultSettings, type EditorSettings, type OpenText, type Workspace } from "./workspace.ts";

/** What the server is given: the packages of the protocol, loaded; the rules; and the disk. */
interface ServerParts {
  readonly protocol: typeof import("./protocol.ts");
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly workspace: Workspace;
  readonly catalogue: readonly Rule[];
  readonly version: string;
  /** The absolute path behind a URI, with "/"; null where it is none of a file. */
  readonly pathOf: (uri: string) => string | null;
  readonly uriOf: (path: string) => string;
}

/** Edits within this many milliseconds are checked once; longer where a check takes longer. */
const shortestWait = 150;
const longestWait = 1_000;

/** Changes on the disk come in bursts: a checkout of another branch touches many files. */
const diskWait = 300;

/** Speaks the language server protocol over two streams until the client goes. */
export function startServer(parts: ServerParts): void {
  const { protocol, workspace, catalogue, pathOf, uriOf } = parts;
  const connection: Connection = protocol.createConnection(
    protocol.ProposedFeatures.all,
    parts.input,
    parts.output,
  );
  const documents: TextDocuments<TextDocument> = new protocol.TextDocuments(protocol.TextDocument);
  const histories: Histories = new Map();
  const checks = new Map<string, Checked>();
  const notes = createConfigurationNotes(connection, uriOf, (message) => tell(1, message));
  let client: ClientAbilities = abilitiesOf({});
  let settings: EditorSettings = defaultSettings;
  let folders: readonly string[] = [];
  let lastDuration = 0;
  let diskTimer: NodeJS.Timeout | undefined;

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

  async function check(uri: string, document: TextDocument): Promise<Checked> {
    const { version } = document;
    const text = document.getText();
    if (text.length > largestText) return unchecked(version, text, tooLarge(text.length));
    const others = documents.all().filter((one) => one.uri !== uri && one.getText().length <= largestText);
    try {
      const open = others.map(openText);
      const planned = await workspace.plan(openText(document), open, folders, settings);
      const checked = await checkDocument({ uri, version, text }, planned, histories);
      notes.clear(uri);
      for (const { path, line, message } of checked.report?.complaints ?? []) {
        connection.console.warn(`${path ?? uri}${line === null ? "" : `:${line}`}: ${message}`);
      }
      return checked;
    } catch (error) {
      return notes.explain(uri, version, text, error);
    }
  }

  function openText(document: TextDocument): OpenText {
    return { path: pathOf(document.uri), text: document.getText() };
  }

  function targetOf(uri: string, checked: Checked): ActionTarget {
    const base = checked.planned?.base ?? "";
    const lines = indexLines(checked.text);
    return { uri, checked, lines, abilities: client.edits, uriOf: (path) => uriOf(`${base}/${path}`) };
  }

  /** A message that asks for no answer: 1 is an error, 2 a warning. */
  function tell(type: 1 | 2, message: string): void {
    void connection.sendNotification("window/showMessage", { type, message: `lockwise: ${message}` });
  }

  function checkAll(milliseconds: number): void {
    for (const { uri } of documents.all()) schedule.later(uri, milliseconds);
  }

  function forgetDisk(): void {
    clearTimeout(diskTimer);
    diskTimer = setTimeout(() => {
      workspace.forget();
      checkAll(0);
    }, diskWait);
  }

  /** The newest state of a document: an answer about an older text would point at the wrong places. */
  async function freshly(uri: string): Promise<Checked | null> {
    const document = documents.get(uri);
    if (document === undefined) return null;
    if (checks.get(uri)?.version !== document.version) await schedule.now(uri);
    const checked = checks.get(uri);
    return checked?.version === documents.get(uri)?.version ? (checked ?? null) : null;
  }

  async function readSettings(pushed: unknown): Promise<void> {
    const value = client.configuration ? await connection.workspace.getConfiguration("lockwise") : pushed;
    const read = parseSettings(value);
    settings = read.settings;
    for (const problem of read.problems) tell(2, problem);
  }

  connection.onInitialize((params) => {
    client = abilitiesOf(params.capabilities);
    const roots = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []);
    folders = roots.flatMap((uri) => pathOf(uri) ?? []);
    settings = parseSettings(params.initializationOptions).settings;
    return { capabilities, serverInfo: { name: "lockwise", version: parts.version } };
  });

  connection.onInitialized(async () => {
    if (client.watchesFiles) {
      void connection.client.register(protocol.DidChangeWatchedFilesNotification.type, {
        watchers: [
          { globPattern: "**/*.{sql,pgsql}" },
          { globPattern: "**/{lockwise.config.json,.squawk.toml,package.json,metadata.toml,sqitch.plan}" },
          { globPattern: "**/*baseline*.json" },
        ],
      });
    }
    if (client.configuration) {
      void connection.client.register(protocol.DidChangeConfigurationNotification.type, {
        section: "lockwise",
      });
      await readSettings(null);
    }
    if (client.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => pathOf(uri)));
        const more = added.flatMap(({ uri }) => pathOf(uri) ?? []);
        folders = [...folders.filter((folder) => !gone.has(folder)), ...more];
        forgetDisk();
      });
    }
    checkAll(0);
  });

  connection.onDidChangeConfiguration(async ({ settings: sent }) => {
    const own = (sent as { lockwise?: unknown } | null)?.lockwise;
    await readSettings(own ?? null);
    workspace.forget();
    checkAll(0);
  });
  connection.onDidChangeWatchedFiles(forgetDisk);

  documents.onDidOpen(({ document }) => schedule.later(document.uri, 0));
  documents.onDidChangeContent(({ document: { uri, version } }) => {
    if (settings.run === "save" && checks.has(uri)) return;
    if (checks.get(uri)?.version === version) return;
    schedule.later(uri, Math.min(longestWait, Math.max(shortestWait, 2 * lastDuration)));
    // Those that run later see this one as their history.
    for (const other of documents.all()) {
      if (other.uri !== uri)
        schedule.later(other.uri, Math.min(2 * longestWait, Math.max(4 * shortestWait, 8 * lastDuration)));
    }
  });
  documents.onDidSave(({ document }) => {
    if (!client.watchesFiles) workspace.forget();
    void schedule.now(document.uri);
  });
  documents.onDidClose(({ document: { uri } }) => {
    schedule.forget(uri);
    checks.delete(uri);
    histories.delete(uri);
    const path = pathOf(uri);
    if (path !== null) workspace.close(path);
    notes.clear(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
  });

  connection.onHover(async ({ textDocument: { uri }, position }) => {
    const checked = await freshly(uri);
    const offset = documents.get(uri)?.offsetAt(position);
    if (checked === null || offset === undefined) return null;
    return hoverAt(checked, offset, checked.planned?.options.catalogue ?? catalogue);
  });
  connection.onCodeAction(async (params) => {
    const { uri } = params.textDocument;
    const checked = await freshly(uri);
    return checked === null ? [] : actionsAt(targetOf(uri, checked), params);
  });
  connection.onCodeActionResolve(async (action) => {
    const { uri, version } = (action.data ?? {}) as { uri?: string; version?: number };
    const checked = uri === undefined ? undefined : checks.get(uri);
    if (uri === undefined || checked === undefined || checked.version !== version) return action;
    const edit = await planEdit(targetOf(uri, checked));
    if (edit !== null) return { ...action, edit };
    tell(2, "these migrations cannot be written as files; hovering over the finding shows their SQL");
    return action;
  });
  connection.onShutdown(() => {
    clearTimeout(diskTimer);
    schedule.stop();
  });

  documents.listen(connection);
  connection.listen();
}
