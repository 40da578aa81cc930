import { expect, it } from "vitest";
import { splitStatements } from "../../src/sql/split.ts";
import { statementSql, tokenize } from "../../src/sql/tokens.ts";

const tokens = (text: string) =>
  tokenize(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);

it.each(["B", "b", "X", "x", "N", "n", "E", "e", "U&", "u&"])(
  "%s'...' is one string with its prefix",
  (prefix) => {
    expect(tokens(`${prefix}'1'`)).toEqual([`string ${prefix}'1'`]);
    // Any other letter is a name before a string.
    expect(tokens("y'1'")).toEqual(["word y", "string '1'"]);
  },
);

it("reads numbers with underscores in every base, and leaves dots to ranges", () => {
  expect(tokens("0xdead_BEEF 0o1_7 0b1_0 1_000 1..10 .5 a..b")).toEqual([
    "number 0xdead_BEEF",
    "number 0o1_7",
    "number 0b1_0",
    "number 1_000",
    "number 1",
    "punctuation ..",
    "number 10",
    "number .5",
    "word a",
    "punctuation ..",
    "word b",
  ]);
});

it("cuts long runs of operator signs, and takes signs off the end of an operator", () => {
  expect(tokens("a <- b @- c")).toEqual([
    "word a",
    "operator <",
    "operator -",
    "word b",
    "operator @-",
    "word c",
  ]);
  expect(tokenize("+-".repeat(5000))).toHaveLength(10_000);
});

it("looks for the end of a dollar quote within its limits", () => {
  const text = "$a$ x; $a$";
  expect(tokenize(text, 0, 6).map(({ end }) => end)).toEqual([6]);
  expect(tokenize(text).map(({ end }) => end)).toEqual([10]);
});

it("ends a statement at a break that lies where its next token begins, not before", () => {
  const text = "SELECT 1 SELECT 2";
  const split = (at: number) =>
    splitStatements(text, 0, text.length, [at]).statements.map(({ start }) => start);
  expect(split(9)).toEqual([0, 9]);
  expect(split(8)).toEqual([0, 9]);
  expect(split(10)).toEqual([0, 16]);
});

it("skips the data of psql's own \\copy from stdin and pstdin alone", () => {
  const read = (line: string) =>
    splitStatements(`${line}\nSELECT 1;\n\\.\n`).statements.map(({ kind }) => kind);
  expect(read("\\copy t from stdin")).toEqual(["meta"]);
  expect(read("\\copy t from pstdin")).toEqual(["meta"]);
  expect(read("\\copy t from file")).toEqual(["meta", "sql", "meta"]);
  expect(read("\\copy t to stdin")).toEqual(["meta", "sql", "meta"]);
  expect(read("\\echo from stdin")).toEqual(["meta", "sql", "meta"]);
});

it("leaves room for the meta-commands in a statement, and none for those behind it", () => {
  const text = "SELECT 1\n\\x\n, 2\n\\y\n";
  const [statement] = splitStatements(text).statements;
  expect(statement && statementSql(text, statement)).toBe("SELECT 1\n  \n, 2");
  expect(statement?.metas).toHaveLength(1);
});
