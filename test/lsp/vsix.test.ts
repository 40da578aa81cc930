import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { beforeAll, expect, test, vi } from "vitest";
import { createFolder } from "../cli/run.ts";

vi.setConfig({ testTimeout: 60_000 });

const root = join(import.meta.dirname, "../..");
const folder = createFolder({});
const files = new Map<string, string>();

beforeAll(() => {
  const vsix = join(folder, "lockwise.vsix");
  execFileSync(process.execPath, ["editors/vscode/package.mjs", vsix], { cwd: root });
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(vsix)))) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    if (bytes.length < 100_000) files.set(name, new TextDecoder().decode(bytes));
  }
}, 120_000);

const manifestOf = () => JSON.parse(files.get("extension/package.json") ?? "null");

test("the .vsix holds what its manifests name", () => {
  const manifest = manifestOf();
  expect(manifest.version).toBe(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version);
  const assets = [...(files.get("extension.vsixmanifest") ?? "").matchAll(/ Path="([^"]+)"/g)];
  expect(assets.length).toBeGreaterThan(2);
  for (const [, path = ""] of assets) expect([...files.keys()]).toContain(path);
  expect(files.get("extension.vsixmanifest")).toContain(`Version="${manifest.version}" Publisher="lockwise"`);
  expect([...files.keys()]).toContain("[Content_Types].xml");
  expect(files.get("extension/THIRD-PARTY-LICENSES.txt")).toMatch(/^vscode-languageclient \d\S* \(MIT\)$/m);
  for (const { url } of manifest.contributes.jsonValidation) {
    expect([...files.keys()]).toContain(`extension/${url.replace("./", "")}`);
  }
});

test("its main loads where VS Code is, and starts the server that it brings", () => {
  // VS Code as far as the extension asks for it: anything else is a class that does nothing.
  writeFileSync(
    join(folder, "load.cjs"),
    `const Module = require("node:module");
const registered = [];
const nothing = () => new Proxy(class {}, { get: (target, key) => key in target ? target[key] : key === "then" ? undefined : nothing() });
const vscode = new Proxy({
  version: "1.91.0",
  env: {}, extensions: {},
  window: new Proxy({
    createOutputChannel: () => ({ appendLine: (line) => console.log(line), show() {} }),
    createStatusBarItem: () => ({ show() {}, hide() {} }),
    onDidChangeActiveTextEditor() {}, showErrorMessage: () => {},
  }, { get: (target, key) => target[key] ?? nothing() }),
  commands: { registerCommand: (name) => registered.push(name), executeCommand() {} },
  workspace: {
    getConfiguration: () => ({ get: (key, otherwise) => otherwise }),
    onDidChangeConfiguration() {},
    workspaceFolders: [],
  },
}, { get: (target, key) => target[key] ?? nothing() });
const load = Module._load;
Module._load = (name, ...rest) => name === "vscode" ? vscode : load(name, ...rest);
const extension = require(process.argv[2]);
const context = { extensionPath: require("node:path").dirname(process.argv[2]), subscriptions: [] };
extension.activate(context).finally(() => { console.log(registered.join(" ")); process.exit(0); });
setTimeout(() => { console.log(registered.join(" ")); process.exit(0); }, 3000);
`,
  );
  const main = join(folder, "extension", manifestOf().main);
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, "load.cjs"), main], {
    encoding: "utf8",
  });
  expect(stderr).not.toMatch(/Cannot find module|SyntaxError/);
  const [, server = ""] = /^server: (.+)$/m.exec(stdout) ?? [];
  expect(server).toBe(join(folder, "extension/server/lockwise.cjs"));
  const commands = manifestOf().contributes.commands.map(({ command }: { command: string }) => command);
  for (const command of commands) expect(stdout).toContain(command);
});

test("the server in it works without anything around, with either parser", async () => {
  const server = join(folder, "extension/server/lockwise.cjs");
  const params = { processId: null, rootUri: null, capabilities: {} };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params });
  const child = spawn(process.execPath, [server, "lsp", "--stdio"], { cwd: "/" });
  const answer = new Promise<string>((resolve) => {
    let heard = "";
    child.stdout.on("data", (bytes) => {
      heard += bytes;
      if (heard.includes("serverInfo")) resolve(heard);
    });
    child.on("exit", (code) => resolve(`ended with ${code}`));
  });
  child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  expect(await answer).toMatch(/"serverInfo":\{"name":"lockwise"/);
  child.kill();
  for (const parser of ["postgres", "pgsql-ast-parser"]) {
    const args = [server, "--stdin", "--parser", parser, "--format", "compact"];
    const result = spawnSync(process.execPath, args, {
      input: "CREATE INDEX i ON t (c);",
      encoding: "utf8",
      cwd: "/",
    });
    expect(result.stdout).toContain("[index-without-concurrently]");
  }
});
