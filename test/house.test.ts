import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

/** Whom each room may import, besides itself. */
const doors: Readonly<Record<string, readonly string[]>> = {
  text: [],
  sql: ["text"],
  model: ["text", "sql"],
  parse: ["text", "sql", "model"],
  layout: ["text", "sql", "model"],
  analysis: ["text", "sql", "model", "parse"],
  rule: ["text", "sql", "model", "layout", "analysis"],
  recipes: ["text", "sql", "model", "layout", "analysis", "rule"],
  rules: ["text", "sql", "model", "layout", "analysis", "rule", "recipes"],
  engine: ["text", "sql", "model", "parse", "layout", "analysis", "rule"],
  config: ["text", "sql", "model", "layout", "analysis", "rule", "engine"],
  fix: ["text", "sql", "model", "layout", "analysis", "rule", "recipes", "engine"],
  reporters: ["text", "rule", "engine"],
  lsp: ["text", "sql", "layout", "rule", "engine", "config", "fix", "reporters", "index", "rules"],
  index: ["text", "rule", "engine", "reporters", "rules", "config", "fix"],
  cli: [
    "text",
    "sql",
    "parse",
    "layout",
    "rule",
    "engine",
    "config",
    "fix",
    "reporters",
    "lsp",
    "index",
    "rules",
  ],
};

/** Packages, and the one place where each may be imported; colours are for the reporters that people read. */
const packages: Readonly<Record<string, RegExp>> = {
  picocolors: /^src\/reporters\/(pretty|explain|explain-rule|rules)\.ts$/,
  commander: /^src\/cli\//,
  "libpg-query": /^src\/parse\/postgres\/instance\.ts$/,
  "pgsql-ast-parser": /^src\/parse\/pgsql-ast(\.ts$|\/)/,
  "jsonc-parser": /^src\/config\//,
  "smol-toml": /^src\/config\//,
  "vscode-languageserver": /^src\/lsp\//,
  "vscode-languageserver-textdocument": /^src\/lsp\//,
};

/** `import ... from "x"`, `export ... from "x"`, `import "x"` and `import("x")`. */
const importing =
  /^(?:import|export) [^;"]*from "([^"]+)"(?: with [^;]+)?;|^import "([^"]+)";|\bimport\("([^"]+)"\)/gm;

/** `export function name`, and so on: what a file exports of its own. */
const declaring = /^export (?:async )?(?:function\*?|const|let|class|interface|type) (\w+)/gm;

/** SQL's own circle: expressions hold queries, and queries expressions. What models or reads the two goes round with them. */
const goingRound =
  /^src\/(?:model\/(?:expression|query)|parse\/(?:fast-path|pgsql-ast|postgres)\/(?:calls|expressions|operands|operators|order|predicates|queries|sources|subqueries|values))\.ts$/;

const files = [...sourcesIn("src"), ...sourcesIn("rules")];

it("has no files that import each other in a circle", () => {
  const below = new Map(files.map((path) => [path, targetsOf(path)]));
  // Who imports nobody that is left stands on firm ground, and goes; what cannot go is a circle, or rests on one.
  for (let isMoving = true; isMoving; ) {
    isMoving = false;
    for (const [path, targets] of below) {
      const isHeld = (target: string) =>
        below.has(target) && !(goingRound.test(path) && goingRound.test(target));
      if (targets.some(isHeld)) continue;
      below.delete(path);
      isMoving = true;
    }
  }
  expect([...below.keys()]).toEqual([]);
});

describe("what is exported", () => {
  const others = [...sourcesIn("test"), ...sourcesIn("bench")];
  const texts = new Map([...files, ...others].map((path) => [path, readFileSync(join(root, path), "utf8")]));
  const scripts = readdirSync(join(root, "scripts")).map((name) =>
    readFileSync(join(root, "scripts", name), "utf8"),
  );
  /** Who may use the exports of a file: who imports it, be it through one that passes all of them on. */
  const takers = new Map<string, Set<string>>();
  const take = (path: string, target: string): void => {
    takers.set(target, (takers.get(target) ?? new Set()).add(path));
    for (const [, name = ""] of (texts.get(target) ?? "").matchAll(/^export (?:type )?\* from "([^"]+)"/gm))
      take(path, join(dirname(target), name));
  };
  for (const path of texts.keys()) for (const target of targetsOf(path)) take(path, target);

  // What a library's user sees is no matter of who imports it here.
  const inner = files.filter((path) => path !== "src/index.ts" && path !== "src/rule.ts");

  it.each(inner)("of %s is what others use", (path) => {
    const users = [...(takers.get(path) ?? [])].map((taker) => texts.get(taker) ?? "");
    users.push(...scripts.filter((text) => text.includes(path)));
    const names = [...(texts.get(path) ?? "").matchAll(declaring)].map(([, name = ""]) => name);
    expect(names.filter((name) => !users.some((text) => new RegExp(`\\b${name}\\b`).test(text)))).toEqual([]);
  });
});

describe.each(files)("%s", (path) => {
  const text = readFileSync(join(root, path), "utf8");
  const imports = importsOf(text);

  it("imports only from the rooms below its own", () => {
    const room = roomOf(path);
    for (const target of targetsOf(path)) {
      const other = roomOf(target);
      if (other !== room) expect(doors[room], `${path} imports ${target}`).toContain(other);
      // The compiler takes a path without its ending, Node does not.
      expect(target).toMatch(/\.(ts|json|mjs)$/);
    }
  });

  it("keeps each package in its place", () => {
    for (const name of imports.filter((name) => !name.startsWith("."))) {
      // The library runs in a browser; the grammar is read from a file in the executable alone.
      if (name.startsWith("node:"))
        expect(path, name).toMatch(/^src\/(cli|config|lsp)\/|^src\/parse\/postgres\/instance\.ts$/);
      else expect(path, name).toMatch(packages[name.split("/")[0] ?? ""] ?? /^nowhere$/);
    }
  });

  it("fits the eye", () => {
    expect(text.split("\n").length).toBeLessThanOrEqual(301);
    expect(path).not.toMatch(/(utils?|helpers?|misc|common)\.ts$/);
    expect(text.match(/^ *(?:\/\/|\/?\*).{134,}/m)?.[0]).toBe(undefined);
  });

  it("puts no list of any length on the stack", () => {
    expect(text.match(/\.(?:push|unshift|min|max)\(\s*(?:[^{}()[\]\n]*, )?\.\.\./)?.[0]).toBe(undefined);
  });

  it("keeps what is looked up by words of others in maps: every plain object has a constructor", () => {
    expect(text.match(/^(?:export )?const (\w+): (?:Readonly<)?Record<string, [^=]*= \{\n?[^}]/m)?.[1]).toBe(
      undefined,
    );
  });

  it("connects to nothing, makes no code of a text, and starts no program but git", () => {
    expect(text).not.toMatch(/"node:(?:net|https?|http2|dns|tls|dgram|cluster|inspector)(?:\/[a-z]+)?"/);
    expect(text).not.toMatch(/\beval\(|\bnew (?:Function|WebSocket|XMLHttpRequest)\b|(?<![.\w])fetch\(/);
    if (text.includes('"node:child_process"')) expect(path).toBe("src/cli/run-git.ts");
    if (text.includes('"node:vm"')) expect(path).toMatch(/^src\/cli\/(?:code-cache|tier-up)\.ts$/);
  });

  it("exports by name, unless it is a rule", () => {
    const isRule = path.startsWith("rules/") && path !== "rules/index.ts";
    expect(/^export default /m.test(text)).toBe(isRule);
  });
});

function importsOf(text: string): string[] {
  return [...text.matchAll(importing)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

/** The files of the house that a file imports, be it for their types alone. */
function targetsOf(path: string): string[] {
  return importsOf(readFileSync(join(root, path), "utf8"))
    .filter((name) => name.startsWith("."))
    .map((name) => relative(root, join(root, dirname(path), name)));
}

function roomOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first === "src" ? second.replace(/\.ts$/, "") : first;
}

function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => join(folder, name))
    .sort();
}
