import { nameOf } from "../../sql/names.ts";
import { isMark, isNameToken, isWord } from "../../sql/tokens.ts";
import { evaluate } from "./dynamic.ts";
import { textOfPieces } from "./knowledge.ts";
import type { Reader } from "./reader.ts";
import { closingOf, outerTokens, splitAt } from "./stretches.ts";
import { readSum } from "./sums.ts";
import { MAX_VALUES, writtenStrings } from "./written-list.ts";

/** Rows that a query writes out, and what it calls their columns; null: what only the server knows. */
export interface WrittenRows {
  readonly columns: readonly (string | null)[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** More brackets around a query than any person writes. */
const MAX_BRACKETS = 8;

/** What leaves out rows, or makes others of them. */
const changing = [
  ...["where", "join", "limit", "offset", "fetch", "group", "having", "distinct", "with", "tablesample"],
  ...["intersect", "except", "window", "for"],
];

/**
 * The rows of `VALUES (...), (...)`, of `SELECT 'a' AS x UNION ALL SELECT 'b'`, and of a SELECT from VALUES, unnest() or
 * generate_series(). Null where it is anything else.
 */
export function writtenRows(reader: Reader, from: number, to: number, depth = 0): WrittenRows | null {
  const { text, tokens } = reader;
  if (depth > MAX_BRACKETS) return null;
  if (isMark(text, tokens[from], "("))
    return closingOf(reader, from) === to - 1 ? writtenRows(reader, from + 1, to - 1, depth + 1) : null;
  const outer = outerTokens(reader, from, to);
  if (outer.some((k) => changing.some((word) => isWord(text, tokens[k], word)))) return null;
  const order = outer.find((k) => isWord(text, tokens[k], "order"));
  if (isWord(text, tokens[from], "values")) return readTuples(reader, from + 1, order ?? to);
  const unions = outer.filter((k) => isWord(text, tokens[k], "union"));
  if (unions.length >= MAX_VALUES || unions.some((k) => !isWord(text, tokens[k + 1], "all"))) return null;
  const starts = [from, ...unions.map((k) => k + 2)];
  const parts = starts.map((start, k) => readSelect(reader, start, unions[k] ?? order ?? to, depth));
  const [first] = parts;
  const rows = parts.flatMap((part) => part?.rows ?? []);
  const isWhole = parts.every((part) => part?.columns.length === first?.columns.length);
  return isWhole && first && rows.length <= MAX_VALUES ? { columns: first.columns, rows } : null;
}

function readTuples(reader: Reader, from: number, to: number): WrittenRows | null {
  const rows: (string | null)[][] = [];
  for (const [start, end] of splitAt(reader, from, to, ",")) {
    const isRow = isMark(reader.text, reader.tokens[start], "(") && closingOf(reader, start) === end - 1;
    if (!isRow || rows.length === MAX_VALUES) return null;
    rows.push(
      splitAt(reader, start + 1, end - 1, ",").map(([first, last]) => knownText(reader, first, last)),
    );
  }
  const width = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== width)) return null;
  return { columns: Array.from({ length: width }, (_, k) => `column${k + 1}`), rows };
}

/** The text that an expression comes to, if the body tells all of it. */
function knownText(reader: Reader, from: number, to: number): string | null {
  const value = evaluate(reader, from, to);
  return value?.every(({ kind }) => kind === "known") ? textOfPieces(value) : null;
}

/** One SELECT, without what joins it to others. */
function readSelect(reader: Reader, from: number, to: number, depth: number): WrittenRows | null {
  const { text, tokens } = reader;
  if (!isWord(text, tokens[from], "select")) return null;
  const source = outerTokens(reader, from, to).find((k) => isWord(text, tokens[k], "from")) ?? to;
  const targets = splitAt(reader, from + 1, source, ",").map(([start, end]) =>
    readTarget(reader, start, end),
  );
  const [first] = targets;
  if (source === to) {
    const list = first && targets.length === 1 ? readSet(reader, first.from, first.to) : null;
    if (list !== null) return { columns: [first?.name ?? list.name], rows: list.values.map((one) => [one]) };
    const row = targets.map((target) => knownText(reader, target.from, target.to));
    return { columns: targets.map(({ name }) => name), rows: [row] };
  }
  const below = readSource(reader, source + 1, to, depth);
  return below === null ? null : pick(reader, targets, below);
}

/** What SELECT takes from the rows below it. */
function pick(reader: Reader, targets: readonly Target[], below: WrittenRows): WrittenRows {
  const columns: (string | null)[] = [];
  const readers: ((row: WrittenRows["rows"][number]) => string | null)[] = [];
  for (const target of targets) {
    const last = reader.tokens[target.to - 1];
    const isLong = target.to - target.from !== 1 && !isMark(reader.text, reader.tokens[target.from + 1], ".");
    if (isMark(reader.text, last, "*") && !isLong) {
      below.columns.forEach((column, k) => {
        columns.push(column);
        readers.push((row) => row[k] ?? null);
      });
      continue;
    }
    const column = isNameToken(last) && !isLong ? nameOf(reader.text, last) : null;
    const k = column === null ? -1 : below.columns.indexOf(column);
    const constant = k === -1 ? knownText(reader, target.from, target.to) : null;
    columns.push(target.name ?? column);
    readers.push((row) => (k === -1 ? constant : (row[k] ?? null)));
  }
  return { columns, rows: below.rows.map((row) => readers.map((read) => read(row))) };
}

/** An expression of a SELECT, and the name behind it. */
interface Target {
  readonly from: number;
  readonly to: number;
  readonly name: string | null;
}

function readTarget({ text, tokens }: Reader, from: number, to: number): Target {
  const last = tokens[to - 1];
  if (to - from < 2 || !isNameToken(last)) return { from, to, name: null };
  if (isWord(text, tokens[to - 2], "as")) return { from, to: to - 2, name: nameOf(text, last) };
  const before = tokens[to - 2];
  const isBehindValue = isMark(text, before, ")") || before?.kind === "string" || before?.kind === "number";
  return isBehindValue ? { from, to: to - 1, name: nameOf(text, last) } : { from, to, name: null };
}

/** `(VALUES ...) AS v (a, b)`, `unnest(...) AS x`: all that may stand behind FROM. */
function readSource(reader: Reader, from: number, to: number, depth: number): WrittenRows | null {
  const { text, tokens } = reader;
  const isQuery = isMark(text, tokens[from], "(");
  if (!isQuery && !isMark(text, tokens[from + 1], "(")) return null;
  const end = closingOf(reader, isQuery ? from : from + 1);
  if (end === -1 || end >= to) return null;
  const named = readNames(reader, end + 1, to);
  if (named === null) return null;
  const [alias = null, ...columns] = named;
  if (isQuery) {
    const below = writtenRows(reader, from + 1, end, depth + 1);
    return below && { ...below, columns: below.columns.map((column, k) => columns[k] ?? column) };
  }
  const list = readSet(reader, from, end + 1);
  return list && { columns: [columns[0] ?? alias ?? list.name], rows: list.values.map((one) => [one]) };
}

/** `[AS] name [(name, ...)]`: the names, none where nothing stands there; null where it is anything else. */
function readNames(reader: Reader, from: number, to: number): string[] | null {
  const { text, tokens } = reader;
  const at = isWord(text, tokens[from], "as") ? from + 1 : from;
  const rest = tokens.slice(at, to);
  const marks = ["(", ",", ")"];
  const isFit = rest.every((token) => isNameToken(token) || marks.some((mark) => isMark(text, token, mark)));
  const isClosed = rest.length < 2 || (isMark(text, rest[1], "(") && closingOf(reader, at + 1) === to - 1);
  return isFit && isClosed ? rest.filter(isNameToken).map((token) => nameOf(text, token)) : null;
}

/** `unnest(ARRAY['a', 'b'])` and `generate_series(0, 15)`: what they give, and how they are called. */
function readSet(
  reader: Reader,
  from: number,
  to: number,
): { readonly name: string; readonly values: readonly string[] } | null {
  const { text, tokens } = reader;
  if (!isMark(text, tokens[from + 1], "(") || closingOf(reader, from + 1) !== to - 1) return null;
  if (isWord(text, tokens[from], "unnest")) {
    const values = writtenStrings(reader, from + 2, to - 1);
    return values && { name: "unnest", values };
  }
  if (!isWord(text, tokens[from], "generate_series")) return null;
  const [low, high, ...more] = splitAt(reader, from + 2, to - 1, ",");
  const first = low === undefined ? null : readSum(reader, ...low);
  const last = high === undefined ? null : readSum(reader, ...high);
  if (more.length > 0 || first === null || last === null || last < first || last - first >= MAX_VALUES)
    return null;
  return {
    name: "generate_series",
    values: Array.from({ length: last - first + 1 }, (_, k) => String(first + k)),
  };
}
