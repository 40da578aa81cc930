import type { Expression } from "../model/expression.ts";
import type { TypeDescription } from "../model/name.ts";
import type { Insert } from "../model/query.ts";
import type { Statement } from "../model/statement.ts";
import { nameOf, truncateName } from "../sql/names.ts";
import type { Token } from "../sql/token.ts";
import { isMark, isNameToken, isWord, lookBack, textOf } from "../sql/tokens.ts";
import type { Span } from "../text/span.ts";
import { casesIn, outermostCases } from "./case-values.ts";
import type { Table } from "./entities.ts";
import { isKnownType } from "./facts/casts.ts";
import type { Schema } from "./schema.ts";

/** A statement, and the tables that it reaches: all that it can read columns of. */
interface Reach {
  readonly statement: Statement;
  readonly text: string;
  /** Without comments. */
  readonly tokens: readonly Token[];
  readonly tables: readonly Table[];
  readonly schema: Schema;
}

/**
 * The literals of a value, by their places in the tokens, that may be read as something else than text, a number or the like: not
 * those that are compared with, assigned to, or the default of a column of a built-in type.
 */
export function withoutOtherColumns(
  reach: Reach,
  value: string,
  found: readonly number[],
): readonly number[] {
  const { statement, text, tokens } = reach;
  const before = lookBack(tokens, (token) => token.kind === "string" || isListMark(text, token));
  const inCase = readCases(reach);
  const columnsOf = (k: number) => {
    const operand = inCase.operands.get(k);
    if (operand !== undefined) return columnsNamed(reach, operand);
    return columnOf(reach, inCase.places.get(k) ?? k, before);
  };
  const rest = found.filter((k) => !isOther(reach, columnsOf(k)));
  // Where in VALUES a literal stands is not in the tokens: all of them, or none.
  return statement.kind === "insert" && rest.length <= writtenElsewhere(reach, statement, value) ? [] : rest;
}

/**
 * `places`: of a literal that CASE gives, where the whole of that begins, which is what it stands for; not where CASE gives something
 * beside it that may be of the enum. `operands`: of one that is compared in `CASE c WHEN 'a'`, the name of c.
 */
function readCases(reach: Reach) {
  const { text, tokens } = reach;
  const words = tokens.map((token) => textOf(text, token).toLowerCase());
  const cases = casesIn(words);
  const operands = new Map<number, string>();
  for (const { first, compared } of cases) {
    const operand = tokens[first + 1];
    if (!isNameToken(operand) || words[first + 2] !== "when") continue;
    for (const at of compared) operands.set(at, truncateName(nameOf(text, operand)));
  }
  const isPlain = (at: number) => {
    const token = tokens[at];
    if (token?.kind === "string" || words[at] === "null") return true;
    return isNameToken(token) && isOther(reach, columnsNamed(reach, truncateName(nameOf(text, token))));
  };
  const outermost = outermostCases(words, cases, isPlain);
  return { operands, places: new Map([...outermost].map(([at, { first }]) => [at, first])) };
}

type Column = { readonly name: string; readonly type: TypeDescription | null };

function columnOf(reach: Reach, k: number, before: (k: number) => number): readonly Column[] {
  const { statement, tokens } = reach;
  const own = tokens[k];
  if (own === undefined) return [];
  const name = nameBefore(reach, k, before);
  if (name !== null) return columnsNamed(reach, name);
  if (statement.kind === "create table")
    return statement.columns.filter((column) => isDefault(column, own)).map(plain);
  if (statement.kind !== "alter table") return [];
  for (const action of statement.actions) {
    if (action.kind === "set default" && isWithin(own, action.span))
      return columnsNamed(reach, truncateName(action.column.name));
    if (action.kind === "add column" && isDefault(action.column, own)) return [plain(action.column)];
  }
  return [];
}

type Defined = (Statement & { kind: "create table" })["columns"][number];

function plain({ name, type }: Defined): Column {
  return { name: truncateName(name.name), type };
}

function isDefault({ default: clause }: Defined, literal: Span): boolean {
  return clause !== null && clause.value.kind === "constant" && isWithin(literal, clause.span);
}

function isWithin({ start, end }: Span, around: Span): boolean {
  return around.start <= start && end <= around.end;
}

function columnsNamed({ statement, tables }: Reach, name: string): readonly Column[] {
  const own = statement.kind === "create table" ? statement.columns.map(plain) : [];
  return [...tables.flatMap(({ columns }) => columns), ...own].filter((column) => column.name === name);
}

/** Whether all that the literal may be for is of a built-in type. */
function isOther({ schema }: Reach, columns: readonly Column[]): boolean {
  return (
    columns.length > 0 &&
    columns.every(
      ({ type }) => type !== null && isKnownType(type.name) && schema.findType(type) === undefined,
    )
  );
}

/** The name before `= 'a'`, `<> 'a'`, `IN ('a', 'b')` and `= ANY (ARRAY['a', 'b'])`. */
function nameBefore({ text, tokens }: Reach, k: number, before: (k: number) => number): string | null {
  let at = k - 1;
  if (tokens[at]?.kind !== "operator") {
    at = before(k);
    const isQuantified = ["any", "all", "some"].some((word) => isWord(text, tokens[at], word));
    if (isQuantified) at -= 1;
    else if (!isWord(text, tokens[at], "in")) return null;
    else if (isWord(text, tokens[at - 1], "not")) at -= 1;
    if (isQuantified && tokens[at]?.kind !== "operator") return null;
  }
  const name = tokens[at - 1];
  // `x::kind = 'a'` and `CAST(x AS kind) = 'a'` end in a type.
  const isType = isMark(text, tokens[at - 2], "::") || isWord(text, tokens[at - 2], "as");
  return isNameToken(name) && !isType ? truncateName(nameOf(text, name)) : null;
}

function isListMark(text: string, token: Token): boolean {
  return ["(", "[", ",", "array"].includes(textOf(text, token).toLowerCase());
}

/** How many times a value stands where rows are written out, for a column of a built-in type. */
function writtenElsewhere(reach: Reach, { table, columns, source }: Insert, value: string): number {
  const known = reach.tables.find((one) => reach.schema.findTable(table)?.id === one.id);
  const rows =
    source?.kind === "values"
      ? source.rows
      : source?.kind === "select"
        ? [source.targets.map((target) => target.value)]
        : [];
  const isValue = (one: Expression) =>
    one.kind === "constant" && one.type === "string" && one.value === value;
  const columnAt = (at: number) =>
    columns.length > 0 ? truncateName(columns[at]?.name ?? "") : known?.columns[at]?.name;
  return rows
    .flatMap((row) => row.flatMap((one, at) => (isValue(one) ? [columnAt(at)] : [])))
    .filter((name) => isOther(reach, known?.columns.filter((column) => column.name === name) ?? [])).length;
}
