import type { Expression } from "../model/expression.ts";
import { areEqual } from "./schema/expressions.ts";

type Order = "<" | "<=" | "=" | ">=" | ">" | "<>";

type Constant = Extract<Expression, { kind: "constant" }>;

interface Comparison {
  readonly left: Expression;
  readonly name: Order;
  readonly value: Constant;
}

/** Which relations of the clause's constant to the goal's make the goal true (BT_implic_table of predtest.c). */
const implications: Readonly<Record<Order, Readonly<Partial<Record<Order, Order>>>>> = {
  "<": { "<": ">=", "<=": ">=", "<>": ">=" },
  "<=": { "<": ">", "<=": ">=", "<>": ">" },
  "=": { "<": ">", "<=": ">=", "=": "=", ">=": "<=", ">": "<", "<>": "<>" },
  ">=": { ">=": "<=", ">": "<", "<>": "<" },
  ">": { ">=": "<=", ">": "<=", "<>": "<=" },
  "<>": { "<>": "=" },
};

/** Whether `x op1 constant1` proves `x op2 constant2`, from the order of the constants. */
export function impliesComparison(
  clause: Expression,
  goal: Expression,
  type: (column: string) => string | undefined,
): boolean {
  const known = comparisonOf(clause);
  const wanted = comparisonOf(goal);
  if (known === null || wanted === null || !areEqual(known.left, wanted.left)) return false;
  const test = implications[known.name][wanted.name];
  if (test === undefined) return false;
  const column = known.left.kind === "column" ? known.left.path.at(-1) : undefined;
  // The table reads: the goal's constant stands in this relation to the clause's.
  const of = column === undefined ? undefined : type(column);
  if (test === "<>" && areOtherWords(wanted.value, known.value, of)) return true;
  const order = orderOf(wanted.value, known.value, of);
  return order !== null && holds(order, test);
}

function comparisonOf(expression: Expression): Comparison | null {
  if (expression.kind !== "operator" || expression.left === null) return null;
  const { left, name, right } = expression;
  if (!(name in implications) || right.kind !== "constant" || right.type === "null") return null;
  return { left, name: name as Order, value: right };
}

function holds(order: number, test: Order): boolean {
  switch (test) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case "=":
      return order === 0;
    case ">=":
      return order >= 0;
    case ">":
      return order > 0;
    case "<>":
      return order !== 0;
  }
}

const numeric = new Set(["int2", "int4", "int8", "numeric", "float4", "float8", "oid"]);
const temporal = new Set(["date", "timestamp", "timestamptz"]);

const words = new Set(["text", "varchar", "name"]);

/** Texts that are not written alike are not equal, whatever their order. */
function areOtherWords(first: Constant, second: Constant, type: string | undefined): boolean {
  return words.has(type ?? "") && first.type === second.type && first.value !== second.value;
}

/** Compares two constants of a column; null where that takes more than the text tells (collations, time zones). */
function orderOf(first: Constant, second: Constant, type: string | undefined): number | null {
  if (first.value === second.value) return 0;
  const areNumbers = first.type !== "string" && second.type !== "string";
  if (type === undefined ? areNumbers : numeric.has(type)) return orderOfNumbers(first.value, second.value);
  if (type === undefined || !temporal.has(type)) return null;
  const [left, right] = [timeOf(first.value), timeOf(second.value)];
  return left === null || right === null ? null : left - right;
}

function orderOfNumbers(first: string, second: string): number | null {
  if (/^-?\d{1,18}$/.test(first) && /^-?\d{1,18}$/.test(second)) {
    const difference = BigInt(first) - BigInt(second);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  if (!/^-?\d{0,15}\.?\d{0,15}$/.test(first) || !/^-?\d{0,15}\.?\d{0,15}$/.test(second)) return null;
  const [left, right] = [Number.parseFloat(first), Number.parseFloat(second)];
  return Number.isNaN(left) || Number.isNaN(right) ? null : left - right;
}

/** Milliseconds of an ISO date or time without a zone: two such stand in the same order in every zone. */
function timeOf(text: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?))?$/.exec(text.trim());
  if (match === null) return null;
  const time = Date.parse(`${match[1]}T${match[2] ?? "00:00"}Z`);
  return Number.isNaN(time) ? null : time;
}
