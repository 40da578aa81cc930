import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { Diagnostic } from "../../src/engine/report.ts";
import { isWord, tokenize } from "../../src/sql/tokens.ts";
import { applyEdits } from "../../src/text/edits.ts";
import { blank, independent, rubbish, statement } from "./generators.ts";

/** A timeout is asked for once in a file, so that its finding does not add up. */
const catalogue = rules.filter((rule) => rule.id !== "missing-lock-timeout");

async function lint(text: string): Promise<readonly Diagnostic[]> {
  const report = await lintSources([{ path: "a.sql", text }], { catalogue, postgresVersion: 16 });
  expect(report.complaints).toEqual([]);
  return report.diagnostics;
}

const names = (diagnostics: readonly Diagnostic[]) => diagnostics.map(({ rule }) => rule).sort();

describe("findings", () => {
  it("of statements one after the other are those of each by itself", async () => {
    const own = new Map<string, string[]>();
    for (const sql of independent) own.set(sql, names(await lint(sql)));
    const lists = fc.uniqueArray(statement, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(lists, async (list) => {
        const expected = list.flatMap((sql) => own.get(sql) ?? []).sort();
        expect(names(await lint(`${list.join(";\n")};`))).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it("do not change with comments, white space and the case of keywords", async () => {
    await fc.assert(
      fc.asyncProperty(statement, fc.infiniteStream(blank), fc.boolean(), async (sql, blanks, isUpper) => {
        const changed = tokenize(sql)
          .map((token) => {
            const text = sql.slice(token.start, token.end);
            const isKeyword =
              isWord(sql, token, "create") || isWord(sql, token, "index") || isWord(sql, token, "alter");
            return isKeyword ? (isUpper ? text.toUpperCase() : text.toLowerCase()) : text;
          })
          .reduce((before, text) => `${before}${blanks.next().value}${text}`, "");
        expect(names(await lint(changed))).toEqual(names(await lint(sql)));
      }),
      { numRuns: 60 },
    );
  });

  it("are the same whether a name is quoted or not", async () => {
    for (const sql of ["CREATE INDEX i ON orders (c)", "ALTER TABLE orders ALTER COLUMN c SET NOT NULL"]) {
      const quoted = sql.replace("orders", '"orders"');
      expect(names(await lint(quoted))).toEqual(names(await lint(sql)));
    }
  });

  it("lie inside the text, and fixes as well", async () => {
    await fc.assert(
      fc.asyncProperty(rubbish, async (text) => {
        for (const { start, end, fix, statement: around } of await lint(text)) {
          expect(start.offset).toBeGreaterThanOrEqual(0);
          expect(end.offset).toBeGreaterThanOrEqual(start.offset);
          expect(end.offset).toBeLessThanOrEqual(text.length);
          expect(around.end).toBeLessThanOrEqual(text.length);
          for (const edit of fix?.edits ?? []) expect(edit.end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("go one by one when they are suppressed", async () => {
    for (const sql of independent) {
      const before = await lint(sql);
      for (const rule of new Set(names(before))) {
        const after = names(await lint(`-- lockwise-ignore ${rule} -- a test\n${sql}`));
        expect(after).toEqual(names(before).filter((name) => name !== rule));
      }
    }
  });

  it("are fixed once: fixing again changes nothing", async () => {
    for (const sql of independent) {
      const once = applyEdits(
        sql,
        (await lint(sql)).flatMap(({ fix }) => fix?.edits ?? []),
      ).text;
      const twice = applyEdits(
        once,
        (await lint(once)).flatMap(({ fix }) => fix?.edits ?? []),
      ).text;
      expect(twice).toBe(once);
    }
  });

  it("of other statements stay when one is broken", async () => {
    for (const sql of independent) {
      const expected = ["syntax-error", ...names(await lint(sql))].sort();
      expect(names(await lint(`SELEKT 1;\n${sql};`))).toEqual(expected);
      expect(names(await lint(`${sql};\nCREATE TABLE broken (a int,;`))).toEqual(expected);
    }
  });
});
