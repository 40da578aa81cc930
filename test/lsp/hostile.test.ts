import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { buildOnce, createFolder } from "../cli/run.ts";
import { able, actions, change, open, openClient, rulesOf, startClient, status, uriOf } from "./client.ts";

buildOnce();

const index = "CREATE INDEX i ON t (c);\n";

test("garbage between messages, and the server lives on", async () => {
  const folder = createFolder({ "a.sql": index });
  const client = await openClient(folder);
  const uri = uriOf(folder, "a.sql");
  const frame = (body: string) => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  client.write(frame("this is not JSON"));
  client.write(frame('{"jsonrpc":"2.0"}'));
  client.write(frame("[]"));
  client.write(frame("null"));
  client.write(frame('{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{}}'));
  client.write(
    frame('{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":7}}}'),
  );
  client.notify("workspace/didChangeConfiguration", null);
  await expect(client.request("no/such/method", {})).rejects.toThrow(/-32601/);
  const place = { textDocument: { uri }, position: { line: 0, character: 0 } };
  await expect(client.request("textDocument/hover", place)).resolves.toBeNull();
  for (const wrong of [[], { textDocument: { uri } }, { ...place, position: { line: "0" } }])
    await expect(client.request("textDocument/hover", wrong)).rejects.toThrow(/-32602/);
  await expect(client.request("codeAction/resolve", null)).rejects.toThrow(/-32602/);
  open(client, uri, index);
  expect(rulesOf(await client.diagnostics(uri))).toContain("index-without-concurrently");
  await expect(
    client.request("textDocument/codeAction", { textDocument: { uri }, range: null, context: null }),
  ).rejects.toThrow(/-32602/);
  change(client, uri, 2, "SELECT 1;\n");
  expect(await client.diagnostics(uri, 2)).toEqual([]);
});

test("what is no protocol at all ends with words, not with a trace", async () => {
  const client = startClient(createFolder({}));
  client.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  expect(await client.exit).toBe(2);
  expect(client.stderr()).toBe(
    'lockwise: this is no message of the language server protocol: "GET / HTTP/1.1"\n',
  );
});

test("a client that dies takes the server with it", async () => {
  const folder = createFolder({ "a.sql": index });
  const ended = await openClient(folder);
  ended.process.stdin.end();
  expect(await ended.exit).toBe(1);
  const broken = await openClient(folder);
  open(broken, uriOf(folder, "a.sql"), index);
  broken.process.stdout.destroy();
  broken.process.stdin.destroy();
  expect(await broken.exit).not.toBeNull();
  // The client's process is gone while its pipes are still held open by somebody else.
  const orphan = startClient(folder);
  await orphan.request("initialize", { processId: 2 ** 22 - 1, rootUri: null, capabilities: {} });
  expect(await orphan.exit).toBe(1);
});

test("a document of 50 MB is named as too large, and others go on", async () => {
  const folder = createFolder({ "a.sql": index });
  const client = await openClient(folder);
  const large = uriOf(folder, "large.sql");
  open(client, large, "INSERT INTO t VALUES (1, 'some text that fills the row');\n".repeat(900_000));
  expect(await client.diagnostics(large)).toEqual([
    expect.objectContaining({
      severity: 3,
      message: expect.stringMatching(/^Not checked: \d\d MB are too much/),
    }),
  ]);
  expect((await status(client, large)).skipped).toMatch(/too much/);
  const uri = uriOf(folder, "a.sql");
  open(client, uri, index);
  expect(rulesOf(await client.diagnostics(uri))).toContain("index-without-concurrently");
  client.notify("textDocument/didChange", {
    textDocument: { uri: large, version: 2 },
    contentChanges: [{ text: "SELECT 1;\n" }],
  });
  expect(await client.diagnostics(large, 2)).toEqual([]);
});

test("SQL that nobody can read, and SQL that is none of our business", async () => {
  const folder = createFolder({
    "lockwise.config.json":
      '{ "migrations": ["db/*.sql"], "ignore": ["db/0*.sql"], "parser": "pgsql-ast-parser" }',
    "db/1.sql": "",
  });
  const client = await openClient(folder);
  const unread = uriOf(folder, "db/1.sql");
  open(client, unread, "CREATE POLICY p ON t USING (true);\n");
  expect(await client.diagnostics(unread)).toContainEqual(
    expect.objectContaining({
      severity: 3,
      message: expect.stringMatching(/^Not understood, and so not checked/),
    }),
  );
  for (const [path, why] of [
    ["db/0_seed.sql", /ignored/],
    ["queries/a.sql", /none of the migrations/],
  ] as const) {
    open(client, uriOf(folder, path), "DROP TABLE t;\n");
    expect(await client.diagnostics(uriOf(folder, path))).toEqual([]);
    expect((await status(client, uriOf(folder, path))).skipped).toMatch(why);
  }
  const untitled = "untitled:Untitled-1";
  open(client, untitled, index);
  expect(rulesOf(await client.diagnostics(untitled))).toContain("index-without-concurrently");
});

test("an edit is made when it is chosen, for the text that it was offered for", async () => {
  const folder = createFolder({ "db/1_a.sql": "BEGIN;\nCREATE INDEX i ON t (c);\nCOMMIT;\n" });
  const codeAction = { resolveSupport: { properties: ["edit"] } };
  const client = await openClient(folder, { capabilities: { ...able, textDocument: { codeAction } } });
  const uri = uriOf(folder, "db/1_a.sql");
  const text = "ALTER TABLE orders ALTER COLUMN note SET NOT NULL, ADD COLUMN extra text;\n";
  open(client, uri, text);
  const found = (await client.diagnostics(uri)).find(({ code }) => code === "not-null-scan");
  const offered = await actions(client, uri, found);
  const chosen = offered.find(({ title }) => title.includes("as new files"));
  expect(chosen?.edit).toBeUndefined();
  const resolved = await client.request<typeof chosen>("codeAction/resolve", chosen);
  const created = JSON.stringify(resolved?.edit?.documentChanges);
  expect(created).toMatch(/db\/2_\w+\.sql/);
  expect(created).toContain("VALIDATE CONSTRAINT");
  // The other action of the statement is not lost.
  expect(created).toContain("ADD COLUMN extra text");
  change(client, uri, 2, `${text}\n`);
  await client.diagnostics(uri, 2);
  const stale = await client.request<typeof chosen>("codeAction/resolve", chosen);
  expect(stale?.edit).toBeUndefined();
});

test("a plugin that prints does not disturb the conversation", async () => {
  const folder = createFolder({
    "lockwise.config.json": '{ "plugins": ["./own.mjs"], "rules": { "own": "error" } }',
    "own.mjs": `console.log("hello from a plugin");
      export default { id: "own", severity: "error", category: "style", summary: "x", why: "", instead: "", references: [],
        on: ["create index"], *check(node) { throw new Error("boom"); } };`,
    "a.sql": index,
  });
  const client = await openClient(folder);
  const uri = uriOf(folder, "a.sql");
  open(client, uri, index);
  expect(rulesOf(await client.diagnostics(uri))).toContain("index-without-concurrently");
  await sleep(50);
  expect(client.stderr()).toContain("hello from a plugin");
  const logged = client.all<{ message: string }>("window/logMessage").map(({ message }) => message);
  expect(logged).toContainEqual(expect.stringContaining("the rule own failed: boom"));
});
