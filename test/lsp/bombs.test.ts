import { expect, test } from "vitest";
import { buildOnce, createFolder } from "../cli/run.ts";
import { bombs } from "../fuzz/bombs.ts";
import { change, open, openClient, rulesOf, uriOf } from "./client.ts";

buildOnce();

const size = 50_000;

/** Of all bombs those that are hard on different parts; each costs the pauses of an editor. */
const chosen = [
  "nested parentheses",
  "a long operator",
  "broken statements",
  "NULs",
  "half surrogates",
  "COPY without data",
  "commas",
  "nested blocks",
  "suppressions of nothing",
  "open placeholders",
];

test("texts that nobody writes: the server answers, and lives on", { timeout: 120_000 }, async () => {
  const folder = createFolder({});
  const client = await openClient(folder);
  for (const name of chosen) {
    const uri = uriOf(folder, `${name.replaceAll(/\W/g, "_")}.sql`);
    open(client, uri, bombs[name]?.(size) ?? "");
    const found = await client.diagnostics(uri);
    const textDocument = { uri };
    await client.request("textDocument/hover", { textDocument, position: { line: 0, character: 8 } });
    const range = found[0]?.range ?? { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
    const context = { diagnostics: found.slice(0, 1) };
    await client.request("textDocument/codeAction", { textDocument, range, context });
    change(client, uri, 2, "CREATE INDEX i ON t (c);\n");
    expect(rulesOf(await client.diagnostics(uri, 2)), name).toContain("index-without-concurrently");
    client.notify("textDocument/didClose", { textDocument });
  }
  expect(client.stderr()).toBe("");
});
