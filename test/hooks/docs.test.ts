import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { rules } from "../../rules/index.ts";
import { squawkRules } from "../../src/config/squawk.ts";
import { buildOnce, createFolder, lockwise } from "../cli/run.ts";

buildOnce();

const docs = join(import.meta.dirname, "../../docs");
const pages = readdirSync(docs).filter((name) => name.endsWith(".md"));
const read = (page: string) => readFileSync(join(docs, page), "utf8");
const blocks = (page: string, language: string) =>
  [...read(page).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, text = ""]) => text,
  );
const ids = new Set(rules.map(({ id }) => id));

describe.each(pages)("%s", (page) => {
  test("links to what is there", () => {
    for (const [, target = ""] of read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([\w-]+))?\)/g)) {
      expect(existsSync(join(dirname(join(docs, page)), target)), target).toBe(true);
    }
    for (const [, id = ""] of read(page).matchAll(/rules\/README\.md#([\w-]+)/g)) expect(ids).toContain(id);
  });

  test("names commands and options that there are", () => {
    const help = ["lint", "explain", "plan", "rules", "init", "lsp"]
      .map((command) => lockwise(docs, [command, "--help"]).stdout)
      .join("\n");
    const known = new Set(help.match(/--[a-z][a-z-]+/g));
    const lines = read(page).match(/^.*\blockwise(?:@[\d.]+)? .*$/gm) ?? [];
    for (const line of lines) {
      const [, own = ""] = /\blockwise(?:@[\d.]+)?(?= )(.*)$/.exec(line) ?? [];
      for (const option of own.match(/(?<=[ `])--[a-z][a-z-]+/g) ?? []) {
        if (!["--no-install", "--sql"].includes(option)) expect(known, line).toContain(option);
      }
    }
  });
});

test("the page for people from squawk names all of its rules, and what stands for them here", () => {
  const [, table = ""] = /<!-- squawk -->\n([\s\S]*?)<!-- \/squawk -->/.exec(read("coming-from.md")) ?? [];
  const rows = squawkRules.map((id) => {
    const own = rules.filter(({ aliases }) => aliases?.includes(id)).map((rule) => rule.id);
    const links = own.map((rule) => `[${rule}](../rules/README.md#${rule})`).join(", ");
    return `| ${id} | ${links || "nothing"} |\n`;
  });
  expect(table).toBe(`\n| squawk | here |\n|---|---|\n${rows.join("")}\n`);
});

test("the tables of other linters name rules that there are", () => {
  const [, rest = ""] = read("coming-from.md").split("## strong_migrations");
  const named = [...rest.matchAll(/^\| [^|]+ \| ([^|]+) \|$/gm)].flatMap(([, cell = ""]) => cell.split(", "));
  const rulesNamed = named.filter((word) => /^[a-z]+(-[a-z]+)+$/.test(word));
  expect(rulesNamed.length).toBeGreaterThan(25);
  for (const id of rulesNamed) expect(ids).toContain(id);
});

test("the configurations on the page are valid, and its plugin works", () => {
  const [whole = "", plugin = ""] = blocks("configuration.md", "jsonc");
  const folder = createFolder({
    "lockwise.config.json": whole,
    "db/schema.sql": "CREATE TABLE countries (id bigint PRIMARY KEY);\n",
    "db/migrations/00001_a.sql": "-- +goose Up\nSELECT 1;\n",
  });
  expect(lockwise(folder, ["--format", "compact"])).toMatchObject({ status: 0, stderr: "" });
  const [code = ""] = blocks("configuration.md", "js");
  const own = createFolder({
    "lockwise.config.json": plugin,
    "lint/no-select.mjs": code.replace('"lockwise"', '"./lockwise.mjs"'),
    "lint/lockwise.mjs": "export const defineRule = (rule) => rule;\n",
    "migrations/1.sql": "SELECT 1;\n",
  });
  const result = lockwise(own, ["migrations", "--format", "compact"]);
  expect(result).toMatchObject({ status: 1, stderr: "" });
  expect(result.stdout).toMatch(/^migrations\/1\.sql:1:1: error Nobody reads .*\[no-select\]$/m);
});
