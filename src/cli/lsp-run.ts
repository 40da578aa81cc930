import { fileURLToPath, pathToFileURL } from "node:url";
import { rules } from "../../rules/index.ts";
import { startServer } from "../lsp/server.ts";
import { toSlashes } from "./files.ts";
import { openWorkspace } from "./lsp-workspace.ts";
import { complain } from "./output.ts";
import { packageVersion } from "./version.ts";

/** Runs the language server; the process ends when the client goes. */
export async function runLsp(): Promise<void> {
  if (process.stdin.isTTY === true) {
    complain("this is the language server: it is started by an editor, see docs/editors.md");
  }
  // Whatever a plugin prints must not get between the messages.
  for (const name of ["log", "info", "debug"] as const) console[name] = console.error;
  process.on("uncaughtException", (error) => {
    complain(`internal error: ${error.message}`);
    if (process.env.LOCKWISE_DEBUG) process.stderr.write(`${error.stack}\n`);
  });
  process.on("unhandledRejection", (reason) => {
    complain(`internal error: ${reason instanceof Error ? reason.message : String(reason)}`);
  });
  const protocol = await import("../lsp/protocol.ts");
  process.stdin.once("data", refuseOthers);
  startServer({
    protocol,
    input: process.stdin,
    output: process.stdout,
    workspace: openWorkspace(),
    catalogue: rules,
    version: packageVersion,
    pathOf(uri) {
      try {
        return uri.startsWith("file:") ? toSlashes(fileURLToPath(uri)) : null;
      } catch {
        return null;
      }
    },
    uriOf: (path) => pathToFileURL(path).href,
  });
}

/** Whoever speaks something else would wait for an answer for ever. */
function refuseOthers(first: Uint8Array | string): void {
  const start = String(first).slice(0, 80);
  if (/^content-/i.test(start)) return;
  complain(
    `this is no message of the language server protocol: ${JSON.stringify(start.split(/\r?\n/, 1)[0])}`,
  );
  process.exit(2);
}
