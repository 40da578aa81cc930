import type { Connection, TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Rule } from "../rule.ts";
import { abilitiesOf, capabilities } from "./capabilities.ts";
import { type Checker, createChecker, type Editor, type Places } from "./checker.ts";
import { refusalIn } from "./lifecycle.ts";
import { answerRequests } from "./requests.ts";
import { parseSettings } from "./settings.ts";
import { tell } from "./tell.ts";
import { defaultSettings } from "./workspace.ts";

/** What the server is given: the packages of the protocol, loaded; the rules; and the disk. */
interface ServerParts extends Places {
  readonly protocol: typeof import("./protocol.ts");
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly catalogue: readonly Rule[];
  readonly version: string;
}

/** Changes on the disk come in bursts: a checkout of another branch touches many files. */
const diskWait = 300;

/** Files that say something of migrations beside their own text. */
const watched = [
  "**/*.{sql,pgsql}",
  "**/{lockwise.config.json,.squawk.toml,package.json,metadata.toml,sqitch.plan}",
  "**/*baseline*.json",
];

/** Speaks the language server protocol over two streams until the client goes. */
export function startServer(parts: ServerParts): void {
  const { protocol, input, output } = parts;
  const connection: Connection = protocol.createConnection(protocol.ProposedFeatures.all, input, output);
  const documents: TextDocuments<TextDocument> = new protocol.TextDocuments(protocol.TextDocument);
  const editor: Editor = { phase: "new", client: abilitiesOf({}), settings: defaultSettings, folders: [] };
  const checker = createChecker(connection, documents, parts, editor);
  const disk = watchDisk(parts, checker);
  greet(connection, parts, editor, checker, disk);
  followDocuments(documents, parts, editor, checker);
  answerRequests(connection, documents, checker, editor, parts);
  connection.onShutdown(() => {
    const refused = refusalIn(editor.phase, false, protocol);
    if (refused !== null) return refused;
    editor.phase = "shut down";
    disk.stop();
    checker.stop();
    return undefined;
  });
  documents.listen(connection);
  connection.listen();
}

/** Has all documents checked again when the disk has changed, and has come to rest. */
interface Disk {
  changed(): void;
  stop(): void;
}

function watchDisk({ workspace }: Places, checker: Checker): Disk {
  let timer: NodeJS.Timeout | undefined;
  return {
    changed() {
      clearTimeout(timer);
      timer = setTimeout(() => {
        workspace.forget();
        checker.all(0);
      }, diskWait);
    },
    stop: () => clearTimeout(timer),
  };
}

/** Learns what the editor can do and how it is set, at the start and whenever that changes. */
function greet(
  connection: Connection,
  { protocol, workspace, pathOf, version }: ServerParts,
  editor: Editor,
  checker: Checker,
  disk: Disk,
): void {
  const readSettings = async (pushed: unknown): Promise<void> => {
    const { configuration } = editor.client;
    const value = configuration ? await connection.workspace.getConfiguration("lockwise") : pushed;
    const read = parseSettings(value);
    editor.settings = read.settings;
    for (const problem of read.problems) tell(connection, 2, problem);
  };
  connection.onInitialize((params) => {
    const refused = refusalIn(editor.phase, true, protocol);
    if (refused !== null) return refused;
    editor.phase = "open";
    editor.client = abilitiesOf(params.capabilities);
    const roots = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []);
    editor.folders = roots.flatMap((uri) => pathOf(uri) ?? []);
    editor.settings = parseSettings(params.initializationOptions).settings;
    return { capabilities, serverInfo: { name: "lockwise", version } };
  });
  connection.onInitialized(async () => {
    if (editor.client.watchesFiles) {
      const watchers = watched.map((globPattern) => ({ globPattern }));
      void connection.client.register(protocol.DidChangeWatchedFilesNotification.type, { watchers });
    }
    if (editor.client.configuration) {
      const section = { section: "lockwise" };
      void connection.client.register(protocol.DidChangeConfigurationNotification.type, section);
      await readSettings(null);
    }
    if (editor.client.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => pathOf(uri)));
        const more = added.flatMap(({ uri }) => pathOf(uri) ?? []);
        editor.folders = [...editor.folders.filter((folder) => !gone.has(folder)), ...more];
        disk.changed();
      });
    }
    checker.all(0);
  });
  connection.onDidChangeConfiguration(async ({ settings: sent }) => {
    const own = (sent as { lockwise?: unknown } | null)?.lockwise;
    await readSettings(own ?? null);
    workspace.forget();
    checker.all(0);
  });
  connection.onDidChangeWatchedFiles(disk.changed);
}

function followDocuments(
  documents: TextDocuments<TextDocument>,
  { workspace, pathOf }: Places,
  editor: Editor,
  checker: Checker,
): void {
  documents.onDidOpen(({ document }) => checker.opened(document.uri));
  documents.onDidChangeContent(({ document: { uri, version } }) => {
    if (editor.settings.run === "save" && checker.lastOf(uri) !== undefined) return;
    checker.edited(uri, version);
  });
  documents.onDidSave(({ document }) => {
    if (!editor.client.watchesFiles) workspace.forget();
    checker.saved(document.uri);
  });
  documents.onDidClose(({ document: { uri } }) => {
    checker.closed(uri);
    const path = pathOf(uri);
    if (path !== null) workspace.close(path);
  });
}
