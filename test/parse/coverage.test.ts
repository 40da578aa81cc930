import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadGrammar } from "../../src/parse/postgres/instance.ts";
import { type Fields, listOf, nodeOf } from "../../src/parse/postgres/tree.ts";
import { loadPostgresParser } from "../../src/parse/postgres.ts";
import { readAll, walkModel } from "./reading.ts";
import { spanFaults } from "./spans.ts";
import { compareWithTree } from "./tree/compare.ts";

const parser = await loadPostgresParser();
const grammar = await loadGrammar();

const folder = new URL("forms/", import.meta.url);
const files = readdirSync(folder);

function treeOf(sql: string) {
  const result = grammar(sql);
  if (result.outcome !== "tree") throw new Error(`no tree: ${sql}`);
  return nodeOf((listOf(result.tree as Fields, "stmts")[0] as Fields).stmt);
}

describe.each(files)("every form of %s", (file) => {
  const text = readFileSync(new URL(file, folder), "utf8");
  const readings = readAll(parser, text);

  it("is understood", () => {
    const rest = readings.filter(({ result }) => result.outcome !== "statement");
    expect(rest).toEqual([]);
    expect(readings.length).toBeGreaterThan(150);
  });

  it.each(readings)("$sql", ({ sql, result }) => {
    if (result.outcome !== "statement") return;
    const { statement } = result;
    expect(text.slice(statement.span.start, statement.span.end)).toBe(sql);
    expect(text.startsWith(text.slice(statement.head.start, statement.head.end), statement.head.start)).toBe(
      true,
    );
    expect(spanFaults(parser, text, statement)).toEqual([]);
    const node = treeOf(sql);
    const facts = node === null ? null : compareWithTree(node, statement);
    if (facts !== null) expect(facts.model).toEqual(facts.tree);
    walkModel(statement, (object) =>
      expect(object.name === "nothing" && object.kind === "special").toBe(false),
    );
  });
});
