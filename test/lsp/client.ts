import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import { afterAll, expect } from "vitest";
import type { CodeAction, Diagnostic, PublishDiagnosticsParams } from "vscode-languageserver/node";
import type { Status } from "../../src/lsp/status.ts";
import { shellCommand } from "../cli/run.ts";

type Message = { id?: number; method?: string; params?: unknown; result?: unknown; error?: unknown };

/** A client that speaks the protocol by hand with the real process. */
export interface Client {
  readonly process: ChildProcessWithoutNullStreams;
  /** Resolves to the process's exit code. */
  readonly exit: Promise<number | null>;
  readonly stderr: () => string;
  request<T>(method: string, params: unknown): Promise<T>;
  notify(method: string, params: unknown): void;
  write(bytes: string): void;
  /** The next notification of a method that passes, also of those that came already. */
  next<T>(method: string, passes: (params: T) => boolean): Promise<T>;
  /** The diagnostics of a version of a document. */
  diagnostics(uri: string, version?: number): Promise<readonly Diagnostic[]>;
  /** All messages of the kind so far. */
  all<T>(method: string): readonly T[];
}

/** What Visual Studio Code says of itself, as far as it matters here. */
export const able = {
  workspace: {
    configuration: false,
    workspaceFolders: true,
    didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true, resourceOperations: ["create", "rename", "delete"] },
  },
};

export function uriOf(folder: string, path: string): string {
  return pathToFileURL(`${folder}/${path}`).href;
}

export function startClient(cwd: string): Client {
  const child = spawn("sh", ["-c", `exec ${shellCommand()} lsp --stdio`], { cwd });
  afterAll(() => void child.kill());
  const answers = new Map<number, (message: Message) => void>();
  const received: Message[] = [];
  const waiting = new Set<() => void>();
  let buffer = Buffer.alloc(0);
  let stderr = "";
  let ids = 0;
  const send = (message: object) => {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const take = (message: Message) => {
    if (message.id !== undefined && message.method !== undefined) send({ id: message.id, result: null });
    else if (message.id !== undefined) answers.get(message.id)?.(message);
    if (message.method !== undefined) received.push(message);
    for (const look of waiting) look();
  };
  child.stdin.on("error", () => {});
  child.stderr.on("data", (bytes) => {
    stderr += bytes;
  });
  child.stdout.on("data", (bytes: Buffer) => {
    buffer = Buffer.concat([buffer, bytes]);
    for (;;) {
      const end = buffer.indexOf("\r\n\r\n");
      const length = Number(
        /Content-Length: (\d+)/.exec(buffer.subarray(0, Math.max(0, end)).toString())?.[1],
      );
      if (end === -1 || buffer.length < end + 4 + length) return;
      const body = buffer.subarray(end + 4, end + 4 + length).toString();
      buffer = buffer.subarray(end + 4 + length);
      take(JSON.parse(body));
    }
  });
  const next = <T>(method: string, passes: (params: T) => boolean) =>
    new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`no ${method} came; stderr: ${stderr}; ${JSON.stringify(received.slice(-3))}`));
      }, 45_000);
      function look() {
        const found = received.find((one) => one.method === method && passes(one.params as T));
        if (found === undefined) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve(found.params as T);
      }
      waiting.add(look);
      look();
    });
  return {
    process: child,
    exit: new Promise((resolve) => {
      child.on("exit", resolve);
    }),
    stderr: () => stderr,
    request<T>(method: string, params: unknown) {
      const id = ++ids;
      return new Promise<T>((resolve, reject) => {
        answers.set(id, ({ result, error }) => {
          if (error === undefined) resolve(result as T);
          else reject(new Error(JSON.stringify(error)));
        });
        send({ id, method, params });
      });
    },
    notify: (method, params) => send({ method, params }),
    write: (bytes) => void child.stdin.write(bytes),
    next,
    async diagnostics(uri, version = 1) {
      const method = "textDocument/publishDiagnostics";
      const found = await next<PublishDiagnosticsParams>(
        method,
        (one) => one.uri === uri && one.version === version,
      );
      return found.diagnostics;
    },
    all: <T>(method: string) =>
      received.filter((one) => one.method === method).map(({ params }) => params as T),
  };
}

/** A client that has shaken hands. */
export async function openClient(folder: string, more: object = {}): Promise<Client> {
  const client = startClient(folder);
  const root = pathToFileURL(folder).href;
  await client.request("initialize", {
    processId: process.pid,
    rootUri: root,
    capabilities: able,
    workspaceFolders: [{ uri: root, name: "root" }],
    ...more,
  });
  client.notify("initialized", {});
  return client;
}

export function open(client: Client, uri: string, text: string, version = 1): void {
  client.notify("textDocument/didOpen", { textDocument: { uri, languageId: "sql", version, text } });
}

/** Replaces the whole text. */
export function change(client: Client, uri: string, version: number, text: string): void {
  client.notify("textDocument/didChange", {
    textDocument: { uri, version },
    contentChanges: [{ text }],
  });
}

export function status(client: Client, uri: string): Promise<Status> {
  return client.next<Status>("lockwise/status", (one) => one.uri === uri);
}

export async function actions(
  client: Client,
  uri: string,
  at: Diagnostic | undefined,
): Promise<CodeAction[]> {
  expect(at).toBeDefined();
  return client.request("textDocument/codeAction", {
    textDocument: { uri },
    range: at?.range,
    context: { diagnostics: [] },
  });
}

export function rulesOf(diagnostics: readonly Diagnostic[]): unknown[] {
  return diagnostics.map(({ code }) => code);
}
