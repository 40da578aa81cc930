import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitStatements } from "../../src/sql/split.ts";
import { tokenize } from "../../src/sql/tokens.ts";

/** Pieces that open, close or change what a lexer is in the middle of. */
const pieces = [
  ..."'\"$;:,.()[]{}\\/*-+<>=~!@#%^&|`?_ \t\n\r\0é日😀",
  ..."abceExXuUnN019",
  "--",
  "/*",
  "*/",
  "''",
  '""',
  "$$",
  "$a$",
  "$1",
  "E'",
  "U&'",
  'U&"',
  "\\.",
  "\\g",
  "::",
  ":=",
  "1.5e-3",
  "0x1F",
  "1_000",
  "begin atomic ",
  "case ",
  "end ",
  "create function ",
  "create rule ",
  "copy t from stdin;\n",
  "\r\n",
  "\uFEFF",
];
const sql = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(""));

/** What PostgreSQL's lexer takes for white space. */
function isWhiteSpace(text: string): boolean {
  return [...text].every((character) => " \t\n\r\f\v".includes(character));
}

describe("tokens", () => {
  it("and the white space between them are the text again", () => {
    fc.assert(
      fc.property(sql, (text) => {
        let end = 0;
        for (const token of tokenize(text)) {
          expect(token.start).toBeGreaterThanOrEqual(end);
          expect(token.end).toBeGreaterThan(token.start);
          expect(isWhiteSpace(text.slice(end, token.start))).toBe(true);
          end = token.end;
        }
        expect(end).toBeLessThanOrEqual(text.length);
        expect(isWhiteSpace(text.slice(end))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("do not depend on where the text begins", () => {
    fc.assert(
      fc.property(sql, (text) => {
        const shifted = tokenize(`select ${text}`, 7).map(({ kind, start, end }) => ({
          kind,
          start: start - 7,
          end: end - 7,
        }));
        expect(shifted).toEqual(tokenize(text));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["select", ["word"]],
    ['"a""b"', ["quoted"]],
    ['U&"\\0061"', ["quoted"]],
    ["'a''b'", ["string"]],
    ["'a\\' 'b'", ["string", "string"]],
    ["E'a\\'b'", ["string"]],
    ["e'a\\\\'", ["string"]],
    ["'a'\n  'b'", ["string"]],
    ["'a' -- it's\n 'b'", ["string"]],
    ["'a' -- c\n + 'b'", ["string", "comment", "operator", "string"]],
    ["'a'\n -- c 'b'", ["string", "comment"]],
    ["'a' /* c */\n 'b'", ["string", "comment", "string"]],
    ["'a'\n-- c\n 'b'", ["string"]],
    ["'a' 'b'", ["string", "string"]],
    ["E'a'\n'\\''", ["string"]],
    ["$$a$$", ["string"]],
    ["$a$ $$ $b$ $a$", ["string"]],
    ["$1", ["parameter"]],
    ["a$b$c", ["word"]],
    ["B'1' X'1F' N'x' U&'\\0061'", ["string", "string", "string", "string"]],
    ["1.5 .5 1. 1e5 1e-5 0x1F 0o7 0b1 1_000", Array(9).fill("number")],
    ["1..10", ["number", "punctuation", "number"]],
    ["a<-1", ["word", "operator", "operator", "number"]],
    ["a @-1", ["word", "operator", "number"]],
    ["a +-- c", ["word", "operator", "comment"]],
    ["a*/* c */b", ["word", "operator", "comment", "word"]],
    ["/* a /* b */ c */ d", ["comment", "word"]],
    ["a::int := b", ["word", "punctuation", "word", "punctuation", "word"]],
    ["\\d t", ["meta"]],
    ["a\0b", ["word", "invalid", "word"]],
    ["é日本_1", ["word"]],
    ["a\u00a0b", ["word"]],
  ])("of %j", (text, kinds) => {
    expect(tokenize(text).map((token) => token.kind)).toEqual(kinds);
  });
});

describe("statements", () => {
  it("hold every token that is no comment and no semicolon, in order", () => {
    fc.assert(
      fc.property(sql, (text) => {
        const { statements } = splitStatements(text);
        let end = 0;
        for (const statement of statements) {
          expect(statement.start).toBeGreaterThanOrEqual(end);
          expect(statement.end).toBeGreaterThan(statement.start);
          end = statement.data?.end ?? statement.end;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("what never ends is reported with its start", () => {
  it.each([
    ["select 'abc; select 2", "unterminated string", 7],
    ["select E'abc\\'; select 2", "unterminated string", 7],
    ["select $a$ abc; select $b$", "unterminated dollar quote", 7],
    ['select "abc; select 2', "unterminated quoted name", 7],
    ["select 1; /* /* */ abc", "unterminated comment", 10],
    ["copy t from stdin;\n1\t2\n", "unterminated data", 17],
    ['select 1 as ""', "empty quoted name", 12],
    ["select 1\0", "null character", 8],
  ])("%j", (text, problem, start) => {
    const [found, ...rest] = splitStatements(text).problems;
    expect(found).toMatchObject({ problem, start });
    expect(rest).toEqual([]);
  });
});
