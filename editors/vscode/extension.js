// A thin client: the language server does the work, this starts it and shows its state.
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

const languages = ["sql", "postgres", "pgsql"];

/** @type {import("vscode-languageclient/node").LanguageClient | null} */
let client = null;

/** The server's module: the one that is set, the project's own, or the one that comes with the extension. */
function serverModule(context) {
  const set = vscode.workspace.getConfiguration("lockwise").get("path");
  if (typeof set === "string" && set !== "") return set;
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const own = join(uri.fsPath, "node_modules", "lockwise", "dist", "lockwise.cjs");
    // A release that is older than the language server has none to start.
    if (existsSync(own) && existsSync(join(own, "..", "languageserver.cjs"))) return own;
  }
  return join(context.extensionPath, "server", "lockwise.cjs");
}

async function start(context, output, bar) {
  if (!vscode.workspace.getConfiguration("lockwise").get("enable", true)) return;
  const run = { module: serverModule(context), args: ["lsp"], transport: TransportKind.stdio };
  output.appendLine(`server: ${run.module}`);
  client = new LanguageClient("lockwise", "lockwise", run, {
    documentSelector: languages.flatMap((language) => [
      { scheme: "file", language },
      { scheme: "untitled", language },
    ]),
    outputChannel: output,
  });
  client.onNotification("lockwise/status", (status) => bar.take(status));
  await client.start();
}

async function stop() {
  const running = client;
  client = null;
  await running?.stop();
}

/** The state of the file in front, at the bottom of the window. */
function createBar() {
  const item = vscode.window.createStatusBarItem(vscode.StatusBarAlignment.Left);
  const known = new Map();
  item.command = "lockwise.showOutput";
  const show = () => {
    const uri = vscode.window.activeTextEditor?.document.uri.toString();
    const status = uri === undefined ? undefined : known.get(uri);
    if (status === undefined) {
      item.hide();
      return;
    }
    item.text = textOf(status);
    item.tooltip = tooltipOf(status);
    item.show();
  };
  return {
    item,
    show,
    take(status) {
      // The server may spell a URI in another way than the editor.
      known.set(vscode.Uri.parse(status.uri).toString(), status);
      show();
    },
    clear() {
      known.clear();
      show();
    },
  };
}

function textOf({ skipped, errors, warnings }) {
  if (skipped !== null) return "$(circle-slash) lockwise";
  if (errors > 0) return `$(error) lockwise ${errors}`;
  return warnings > 0 ? `$(warning) lockwise ${warnings}` : "$(check) lockwise";
}

function tooltipOf({ skipped, errors, warnings, runner, postgresVersion, isVersionConfigured, history }) {
  if (skipped !== null) return skipped;
  const version = `PostgreSQL ${postgresVersion}${isVersionConfigured ? "" : " (nobody said which)"}`;
  return `${errors} errors, ${warnings} warnings\n${runner}, ${version}\n${history} earlier migrations read`;
}

async function activate(context) {
  const output = vscode.window.createOutputChannel("lockwise");
  const bar = createBar();
  const restart = async () => {
    bar.clear();
    try {
      await stop();
      await start(context, output, bar);
    } catch (error) {
      output.appendLine(String(error));
      void vscode.window.showErrorMessage(`lockwise did not start: ${error}`);
    }
  };
  context.subscriptions.push(
    output,
    bar.item,
    vscode.window.onDidChangeActiveTextEditor(bar.show),
    vscode.commands.registerCommand("lockwise.restart", restart),
    vscode.commands.registerCommand("lockwise.showOutput", () => output.show()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("lockwise.path") || event.affectsConfiguration("lockwise.enable")) {
        void restart();
      }
    }),
  );
  await restart();
}

module.exports = { activate, deactivate: stop };
