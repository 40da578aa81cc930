import { expect, test, vi } from "vitest";
import { rules } from "../../rules/index.ts";
import type { Checked } from "../../src/lsp/check.ts";
import { hoverAt } from "../../src/lsp/hover.ts";

/** A document of which only the explanation counts. */
function checkedOf(text: string, statements: readonly { readonly line: number; readonly sql: string }[]) {
  const nothing = { locks: [], rewrites: [], scans: [], buildsIndexes: [], fails: null };
  const own = { path: "a.sql", kind: "select", transaction: "autocommit" as const, ...nothing };
  const explained = statements.map((one) => ({ ...own, ...one }));
  const checked: Checked = {
    version: 1,
    text,
    planned: null,
    report: null,
    findings: [],
    shown: [],
    skipped: null,
    explained: async () => explained,
  };
  return checked;
}

test("of thousands of statements only those near the cursor are looked for in the text", async () => {
  const lines = Array.from({ length: 3000 }, (_, k) => `SELECT ${k};`);
  const text = lines.join("\n");
  // What a routine of another file runs stands nowhere in this one.
  const checked = checkedOf(
    text,
    lines.map((_, k) => ({ line: k + 1, sql: `SELECT a${k}` })),
  );
  const indexOf = vi.spyOn(String.prototype, "indexOf");
  const hover = await hoverAt(checked, text.length - 3, rules);
  const { contexts, calls } = indexOf.mock;
  const looked = contexts
    .filter((_, k) => String(calls[k]?.[0]).startsWith("SELECT"))
    .reduce<number>((sum, one) => sum + String(one).length, 0);
  indexOf.mockRestore();
  expect(hover).toBeNull();
  expect(looked).toBeLessThan(text.length * 2);
});

test("the innermost statement around the cursor is the one that is told of", async () => {
  const text = "DO $$ BEGIN\n  SELECT 1; SELECT 1;\nEND $$;\n";
  const inner = { line: 2, sql: "SELECT 1" };
  const checked = checkedOf(text, [{ line: 1, sql: text.trimEnd().slice(0, -1) }, inner, inner]);
  const rangeAt = async (offset: number) => (await hoverAt(checked, offset, rules))?.range;
  const of = (start: number, end: number) => ({
    start: { line: 1, character: start },
    end: { line: 1, character: end },
  });
  expect(await rangeAt(text.indexOf("1"))).toEqual(of(2, 10));
  expect(await rangeAt(text.lastIndexOf("1"))).toEqual(of(12, 20));
  expect((await rangeAt(3))?.end).toEqual({ line: 2, character: 6 });
  expect(await rangeAt(text.length)).toBeUndefined();
});
