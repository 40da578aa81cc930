import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { Diagnostic } from "../../src/engine/report.ts";
import { tokenize } from "../../src/sql/tokens.ts";
import { applyEdits } from "../../src/text/edits.ts";
import { blank, independent, rubbish, statement } from "./generators.ts";

/** A timeout is asked for once in a file, so that its finding does not add up. */
const catalogue = rules.filter((rule) => rule.id !== "missing-lock-timeout");

async function lint(text: string): Promise<readonly Diagnostic[]> {
  const report = await lintSources([{ path: "a.sql", text }], { catalogue, postgresVersion: 16 });
  expect(report.complaints).toEqual([]);
  return report.diagnostics;
}

/** The names in the statements of the generators. */
const ownNames = new Set(
  "orders shop customers status code email total note fk customer_id id b c i1 i2 i3 total_positive deleted_at"
    .split(" ")
    .concat(Array.from({ length: 14 }, (_, k) => `a${k + 1}`)),
);

/** Rules with what they underline, as tokens without comments, in lower case. */
function underlined(text: string, diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics
    .map(({ rule, start, end }) => {
      const tokens = tokenize(text, start.offset, end.offset).filter(({ kind }) => kind !== "comment");
      return `${rule}: ${tokens.map((token) => text.slice(token.start, token.end).toLowerCase()).join(" ")}`;
    })
    .sort();
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

  it("do not change with comments, white space and the case of words", async () => {
    await fc.assert(
      fc.asyncProperty(
        statement,
        fc.infiniteStream(blank),
        fc.infiniteStream(fc.boolean()),
        async (sql, blanks, cases) => {
          const changed = tokenize(sql)
            .map((token) => {
              const text = sql.slice(token.start, token.end);
              if (token.kind !== "word") return text;
              return cases.next().value ? text.toUpperCase() : text.toLowerCase();
            })
            .reduce((before, text) => `${before}${blanks.next().value}${text}`, "");
          expect(underlined(changed, await lint(changed))).toEqual(underlined(sql, await lint(sql)));
        },
      ),
      { numRuns: 80 },
    );
  });

  it("are the same whether names are quoted or not", async () => {
    for (const sql of independent) {
      const quoted = tokenize(sql)
        .map((token) => {
          const text = sql.slice(token.start, token.end);
          return token.kind === "word" && ownNames.has(text) ? `"${text}"` : text;
        })
        .join(" ");
      expect(names(await lint(quoted))).toEqual(names(await lint(sql)));
    }
  });

  it("begin and end with tokens", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(statement, { minLength: 1, maxLength: 6 }),
        blank,
        async (list, between) => {
          const text = list.map((sql) => `${between}${sql}${between};`).join(between);
          const tokens = tokenize(text);
          const starts = new Set(tokens.map(({ start }) => start));
          const ends = new Set(tokens.map(({ end }) => end));
          for (const { start, end, rule, statement: around } of await lint(text)) {
            expect(starts, rule).toContain(around.start);
            expect(ends, rule).toContain(around.end);
            // What stands in a body is one token to the file around it.
            if (text.slice(around.start, around.start + 2) === "DO") continue;
            expect(starts, rule).toContain(start.offset);
            expect(ends, rule).toContain(end.offset);
          }
        },
      ),
      { numRuns: 40 },
    );
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

  it("of other files stay when one is broken", async () => {
    const broken = fc.constantFrom(
      "SELEKT 1;",
      "CREATE TABLE broken (a int,;",
      "/* never ends",
      "SELECT 'never ends",
      "DO $$ BEGIN",
      "COPY t FROM stdin;\n1\n",
      "\u0000;",
      ")))",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(statement, { minLength: 1, maxLength: 4 }),
        broken,
        async (list, slip) => {
          const text = `${list.join(";\n")};\n`;
          const findingsOfLast = async (first: string) => {
            const sources = [
              { path: "a.sql", text: first },
              { path: "b.sql", text },
            ];
            const { diagnostics } = await lintSources(sources, { catalogue, postgresVersion: 16 });
            return diagnostics.filter(({ path }) => path === "b.sql");
          };
          expect(await findingsOfLast(slip)).toEqual(await findingsOfLast("SELECT 1;"));
        },
      ),
      { numRuns: 40 },
    );
  });
});
