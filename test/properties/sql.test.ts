import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitStatements } from "../../src/sql/split.ts";
import { tokenize } from "../../src/sql/tokens.ts";
import { blank, independent, rubbish } from "./generators.ts";

describe("the lexer and the splitter", () => {
  it("lose nothing: tokens ascend, and only white space lies between them", () => {
    fc.assert(
      fc.property(rubbish, (text) => {
        let at = 0;
        for (const token of tokenize(text)) {
          expect(token.start).toBeGreaterThanOrEqual(at);
          expect(token.end).toBeGreaterThan(token.start);
          expect(text.slice(at, token.start).trim().replace("\ufeff", "")).toBe("");
          at = token.end;
        }
        expect(text.slice(at).trim().replace("\ufeff", "")).toBe("");
      }),
      { numRuns: 500 },
    );
  });

  it("give statements that ascend, lie inside the text, and begin and end with a token", () => {
    fc.assert(
      fc.property(rubbish, (text) => {
        let at = 0;
        const tokens = tokenize(text, text.startsWith("\ufeff") ? 1 : 0);
        const starts = new Set(tokens.map(({ start }) => start));
        const ends = new Set(tokens.map(({ end }) => end));
        // COPY's data and the rest of a line behind a sending command are tokens to nobody.
        const isPlain = !text.includes("\\");
        for (const statement of splitStatements(text).statements) {
          expect(statement.start).toBeGreaterThanOrEqual(at);
          expect(statement.end).toBeGreaterThan(statement.start);
          expect(statement.end).toBeLessThanOrEqual(text.length);
          if (isPlain) expect(starts.has(statement.start) && ends.has(statement.end)).toBe(true);
          at = statement.end;
        }
      }),
      { numRuns: 500 },
    );
  });

  it("split a statement by itself into itself", () => {
    fc.assert(
      fc.property(rubbish, (text) => {
        const { statements, problems } = splitStatements(text);
        if (problems.length > 0) return;
        for (const { kind, start, end } of statements) {
          if (kind !== "sql") continue;
          const own = text.slice(start, end);
          // A byte order mark is one at the start of a text only; elsewhere it is part of a name.
          if (own.startsWith("\ufeff")) continue;
          const again = splitStatements(own).statements.map((one) => own.slice(one.start, one.end));
          expect(again).toEqual([own]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("find the statements that were joined, whatever stands between them", () => {
    const list = fc.array(fc.tuple(fc.constantFrom(...independent), blank), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(list, (parts) => {
        const text = parts.map(([sql, between]) => `${between}${sql};${between}`).join("");
        const found = splitStatements(text).statements.map(({ start, end }) => text.slice(start, end));
        expect(found).toEqual(parts.map(([sql]) => sql));
      }),
    );
  });
});
