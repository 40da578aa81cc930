import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Hover, PublishDiagnosticsParams, TextDocumentEdit } from "vscode-languageserver/node";
import { buildOnce, createFolder, writeFiles } from "../cli/run.ts";
import {
  able,
  actions,
  type Client,
  change,
  open,
  openClient,
  rulesOf,
  startClient,
  status,
  uriOf,
} from "./client.ts";

buildOnce();

const table = "-- +goose Up\nCREATE TABLE orders (id bigint PRIMARY KEY, status text, code varchar(10));\n";
const index = "-- +goose Up\nCREATE INDEX orders_status_idx ON orders (status);\n\n-- +goose Down\n";

function project(more: Record<string, string> = {}): string {
  return createFolder({
    "lockwise.config.json": '{ "postgresVersion": 16, "rules": { "missing-lock-timeout": "off" } }',
    "migrations/00001_orders.sql": table,
    "migrations/00002_index.sql": index,
    ...more,
  });
}

async function close(client: Client): Promise<void> {
  expect(await client.request("shutdown", null)).toBeNull();
  client.notify("exit", null);
  expect(await client.exit).toBe(0);
}

test("a session: open, edit, hover, fix, suppress, write the safe migration, shut down", async () => {
  const folder = project();
  const client = await openClient(folder);
  const uri = uriOf(folder, "migrations/00002_index.sql");
  open(client, uri, index);
  const [finding] = await client.diagnostics(uri);
  expect(finding).toMatchObject({
    range: { start: { line: 1, character: 0 }, end: { line: 1, character: 12 } },
    severity: 1,
    code: "index-without-concurrently",
    source: "lockwise",
    codeDescription: { href: expect.stringMatching(/rules\/README\.md#index-without-concurrently$/) },
  });
  expect(await status(client, uri)).toMatchObject({
    errors: 1,
    runner: "goose",
    postgresVersion: 16,
    history: 1,
    skipped: null,
  });

  const hover = await client.request<Hover>("textDocument/hover", {
    textDocument: { uri },
    position: { line: 1, character: 3 },
  });
  const { value } = hover.contents as { value: string };
  expect(value).toContain("Writes to orders wait until the index is built");
  expect(value).toMatch(/\| orders \| SHARE \| go on \| wait \|/);
  expect(value).toContain("CREATE INDEX CONCURRENTLY orders_status_idx ON orders (status);");
  const quiet = await client.request<Hover>("textDocument/hover", {
    textDocument: { uri },
    position: { line: 1, character: 45 },
  });
  expect((quiet.contents as { value: string }).value).toMatch(/^PostgreSQL 16 · goose/);
  expect((quiet.contents as { value: string }).value).not.toContain("Instead");
  const nowhere = { textDocument: { uri }, position: { line: 3, character: 2 } };
  expect(await client.request("textDocument/hover", nowhere)).toBeNull();

  const offered = await actions(client, uri, finding);
  const written = offered.find(({ title }) => title.includes("as new files"));
  expect(written?.diagnostics).toEqual([finding]);
  expect(written?.edit?.documentChanges).toEqual([
    expect.objectContaining({
      kind: "create",
      uri: expect.stringMatching(/migrations\/00003_index_\w+\.sql$/),
    }),
    {
      textDocument: { uri: expect.stringMatching(/migrations\/00003_\w+\.sql$/), version: null },
      edits: [
        expect.objectContaining({
          newText: expect.stringMatching(
            /^-- \+goose NO TRANSACTION\n-- \+goose Up\nCREATE INDEX CONCURRENTLY orders_status_idx ON orders \(status\);\n\n-- \+goose Down/,
          ),
        }),
      ],
    },
    {
      textDocument: { uri, version: 1 },
      edits: [{ range: { start: { line: 1, character: 0 }, end: { line: 1, character: 50 } }, newText: "" }],
    },
  ]);

  const suppress = offered.find(({ title }) => title.startsWith("Ignore index-without-concurrently"));
  const [edit] = (suppress?.edit?.documentChanges ?? []) as TextDocumentEdit[];
  expect(edit?.edits).toEqual([
    {
      range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } },
      newText: "-- lockwise-ignore index-without-concurrently -- why this is fine here\n",
    },
  ]);
  // The editor applies it piece by piece: what is sent is the change alone.
  client.notify("textDocument/didChange", {
    textDocument: { uri, version: 2 },
    contentChanges: [
      { range: edit?.edits[0]?.range, text: (edit?.edits[0] as { newText?: string } | undefined)?.newText },
    ],
  });
  expect(await client.diagnostics(uri, 2)).toEqual([]);

  client.notify("textDocument/didClose", { textDocument: { uri } });
  await client.next<PublishDiagnosticsParams>(
    "textDocument/publishDiagnostics",
    (one) => one.uri === uri && one.version === undefined && one.diagnostics.length === 0,
  );
  await close(client);
});

test("what was changed many times is checked once, as it is then", async () => {
  const folder = project();
  const client = await openClient(folder);
  const uri = uriOf(folder, "migrations/00002_index.sql");
  open(client, uri, index);
  await client.diagnostics(uri);
  for (let version = 2; version <= 30; version++) change(client, uri, version, `${index}-- ${version}\n`);
  await client.diagnostics(uri, 30);
  const versions = client
    .all<PublishDiagnosticsParams>("textDocument/publishDiagnostics")
    .map(({ version }) => version);
  expect(versions.length).toBeLessThan(6);
  // A question about a text that is not checked yet waits for its check.
  change(client, uri, 31, `-- one line more\n${index}`);
  const offered = await client.request<{ title: string }[]>("textDocument/codeAction", {
    textDocument: { uri },
    range: { start: { line: 2, character: 1 }, end: { line: 2, character: 1 } },
    context: { diagnostics: [] },
  });
  expect(offered.map(({ title }) => title)).toContainEqual(expect.stringContaining("safe migration"));
  await close(client);
});

test("unsaved buffers are history, files on the disk too, and both are looked at again", async () => {
  const folder = project();
  const client = await openClient(folder);
  const first = uriOf(folder, "migrations/00001_orders.sql");
  const third = uriOf(folder, "migrations/00003_code.sql");
  const widen = "-- +goose Up\nALTER TABLE orders ALTER COLUMN code TYPE varchar(20);\n";
  open(client, first, table);
  // This file is not on the disk yet.
  open(client, third, widen);
  expect(rulesOf(await client.diagnostics(third))).not.toContain("column-type-change");
  change(client, first, 2, table.replace("varchar(10)", "int"));
  const later = await client.next<PublishDiagnosticsParams>(
    "textDocument/publishDiagnostics",
    (one) => one.uri === third && one.diagnostics.some(({ code }) => code === "column-type-change"),
  );
  expect(later.version).toBe(1);
  client.notify("textDocument/didClose", { textDocument: { uri: first } });
  writeFiles(folder, { "migrations/00002_index.sql": "-- +goose Up\nDROP TABLE orders;\n" });
  rmSync(`${folder}/migrations/00001_orders.sql`);
  client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: first, type: 3 }] });
  change(client, third, 2, widen);
  await client.diagnostics(third, 2);
  await close(client);
});

test("fixes, one by one and all on save", async () => {
  const text = "CREATE INDEX i ON t (c);\nCREATE INDEX j ON t (d);\n";
  const folder = createFolder({ "db/1.sql": text });
  const client = await openClient(folder);
  const uri = uriOf(folder, "db/1.sql");
  open(client, uri, text);
  const found = await client.diagnostics(uri);
  const offered = await actions(
    client,
    uri,
    found.find(({ code }) => code === "index-without-concurrently"),
  );
  const fix = offered.find(({ isPreferred }) => isPreferred === true);
  expect(fix?.edit?.documentChanges).toEqual([
    { textDocument: { uri, version: 1 }, edits: [expect.objectContaining({ newText: " CONCURRENTLY" })] },
  ]);
  const all = await client.request<{ edit: { documentChanges: TextDocumentEdit[] } }[]>(
    "textDocument/codeAction",
    {
      textDocument: { uri },
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      context: { diagnostics: [], only: ["source.fixAll"] },
    },
  );
  expect(all).toHaveLength(1);
  expect(all[0]?.edit.documentChanges[0]?.edits.length).toBeGreaterThanOrEqual(2);
  await close(client);
});

test("an editor that can do little gets plain edits, and the safe SQL as a comment", async () => {
  const folder = project();
  const client = await openClient(folder, { capabilities: {}, workspaceFolders: null });
  const uri = uriOf(folder, "migrations/00002_index.sql");
  open(client, uri, index);
  const [finding] = await client.diagnostics(uri);
  const offered = await actions(client, uri, finding);
  const comment = offered.find(({ title }) => title.includes("as a comment"));
  expect(comment?.edit?.changes?.[uri]).toEqual([
    {
      range: { start: { line: 2, character: 0 }, end: { line: 2, character: 0 } },
      newText: expect.stringMatching(
        /^-- Instead.*\n(-- .*\n)*-- CREATE INDEX CONCURRENTLY orders_status_idx/,
      ),
    },
  ]);
  await close(client);
});

test("configurations: reloaded, wrong, mended; the editor's own settings; several roots", async () => {
  const folder = project({ "other/b.sql": "CREATE INDEX i ON t (c);\n" });
  const second = createFolder({
    "lockwise.config.json":
      '{ "rules": { "index-without-concurrently": "off", "missing-lock-timeout": "off" } }',
    "b.sql": "CREATE INDEX i ON t (c);\n",
  });
  const client = await openClient(folder, {
    workspaceFolders: [folder, second].map((root) => ({ uri: uriOf(root, ""), name: root })),
    initializationOptions: { postgresVersion: 14 },
  });
  const uri = uriOf(folder, "migrations/00002_index.sql");
  const other = uriOf(second, "b.sql");
  open(client, uri, index);
  open(client, other, "CREATE INDEX i ON t (c);\n");
  expect(rulesOf(await client.diagnostics(uri))).toEqual(["index-without-concurrently"]);
  expect(await status(client, uri)).toMatchObject({ postgresVersion: 14 });
  expect(await client.diagnostics(other)).toEqual([]);

  const config = uriOf(folder, "lockwise.config.json");
  writeFiles(folder, { "lockwise.config.json": '{\n  "rulse": {}\n}' });
  client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: config, type: 2 }] });
  const wrong = await client.next<PublishDiagnosticsParams>(
    "textDocument/publishDiagnostics",
    (one) => one.uri === config && one.diagnostics.length > 0,
  );
  expect(wrong.diagnostics).toEqual([
    expect.objectContaining({
      severity: 1,
      message: expect.stringContaining("did you mean rules?"),
      range: expect.objectContaining({ start: { line: 1, character: 0 } }),
    }),
  ]);
  await client.next<PublishDiagnosticsParams>(
    "textDocument/publishDiagnostics",
    (one) =>
      one.uri === uri && one.diagnostics.some(({ message }) => String(message).startsWith("Not checked")),
  );

  writeFiles(folder, { "lockwise.config.json": '{ "rules": { "index-without-concurrently": "warning" } }' });
  client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: config, type: 2 }] });
  const mended = await client.next<PublishDiagnosticsParams>(
    "textDocument/publishDiagnostics",
    (one) =>
      one.uri === uri &&
      one.diagnostics.some(({ code, severity }) => code === "index-without-concurrently" && severity === 2),
  );
  expect(mended.version).toBe(1);
  await client.next<PublishDiagnosticsParams>(
    "textDocument/publishDiagnostics",
    (one) => one.uri === config && one.diagnostics.length === 0,
  );

  client.notify("workspace/didChangeConfiguration", { settings: { lockwise: { postgresVersion: 3 } } });
  const told = await client.next<{ message: string }>("window/showMessage", ({ message }) =>
    message.includes("postgresVersion"),
  );
  expect(told.message).toBe("lockwise: lockwise.postgresVersion: 3 is not a version, 12 to 18");
  await close(client);
});

test("the editor is asked for its settings where it can be", async () => {
  const folder = project();
  const capabilities = { ...able, workspace: { ...able.workspace, configuration: true } };
  const client = await openClient(folder, { capabilities });
  await client.next<{ items: { section: string }[] }>("workspace/configuration", ({ items }) =>
    items.some(({ section }) => section === "lockwise"),
  );
  const uri = uriOf(folder, "migrations/00002_index.sql");
  open(client, uri, index);
  expect(rulesOf(await client.diagnostics(uri))).toEqual(["index-without-concurrently"]);
  await close(client);
});

test("on save only, where the editor wants it; the reason to be filled in, where it can", async () => {
  const folder = project();
  const workspaceEdit = { ...able.workspace.workspaceEdit, snippetEditSupport: true };
  const client = await openClient(folder, {
    capabilities: { workspace: { ...able.workspace, workspaceEdit } },
    initializationOptions: { run: "save" },
  });
  const uri = uriOf(folder, "migrations/00002_index.sql");
  open(client, uri, index);
  const [finding] = await client.diagnostics(uri);
  const suppress = (await actions(client, uri, finding)).find(({ title }) => title.startsWith("Ignore"));
  expect(suppress?.edit?.documentChanges).toEqual([
    {
      textDocument: { uri, version: 1 },
      edits: [
        expect.objectContaining({
          snippet: {
            kind: "snippet",
            // biome-ignore lint/suspicious/noTemplateCurlyInString: a snippet's own form
            value: "-- lockwise-ignore index-without-concurrently -- ${1:why this is fine here}\n",
          },
        }),
      ],
    },
  ]);
  change(client, uri, 2, "-- +goose Up\nSELECT 1;\n");
  await sleep(600);
  const published = () => client.all<PublishDiagnosticsParams>("textDocument/publishDiagnostics");
  expect(published().map(({ version }) => version)).toEqual([1]);
  client.notify("textDocument/didSave", { textDocument: { uri } });
  expect(await client.diagnostics(uri, 2)).toEqual([]);
  await close(client);
});

test("answers nothing before initialize, which comes once, nor after shutdown", async () => {
  const folder = project();
  const client = startClient(folder);
  const uri = uriOf(folder, "migrations/00002_index.sql");
  const hover = () =>
    client.request("textDocument/hover", { textDocument: { uri }, position: { line: 1, character: 3 } });
  await expect(hover()).rejects.toThrow("-32002");
  await expect(client.request("shutdown", null)).rejects.toThrow("-32002");
  const greeting = { processId: null, rootUri: null, capabilities: {} };
  expect(await client.request("initialize", greeting)).toHaveProperty("capabilities");
  await expect(client.request("initialize", greeting)).rejects.toThrow("-32600");
  expect(await client.request("shutdown", null)).toBeNull();
  await expect(hover()).rejects.toThrow("-32600");
  client.notify("exit", null);
  expect(await client.exit).toBe(0);
});
