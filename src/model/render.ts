import { quoteLiteral, quoteName } from "../sql/names.ts";
import type { Expression } from "./expression.ts";
import type { TypeDescription } from "./name.ts";

/**
 * An expression as SQL that parses to the same tree. Null for the forms that the tree does not hold whole: subqueries,
 * window calls, constructors with a grammar of their own.
 */
export function renderExpression(expression: Expression): string | null {
  switch (expression.kind) {
    case "constant":
      return renderConstant(expression.type, expression.value);
    case "column":
      return expression.path.map((part) => (part === "*" ? part : quoteName(part))).join(".");
    case "call":
      return renderCall(expression);
    case "cast":
      return withParts([expression.argument], ([argument]) =>
        expression.type.isReference || expression.type.isSetOf
          ? null
          : `CAST(${argument} AS ${typeSql(expression.type)})`,
      );
    case "operator":
      return renderOperator(expression);
    case "and":
    case "or": {
      const word = expression.kind === "and" ? " AND " : " OR ";
      return withParts(expression.arguments, (parts) => parts.map(wrap).join(word));
    }
    case "not":
      return withParts([expression.argument], ([argument = ""]) => `NOT ${wrap(argument)}`);
    case "is null":
      return withParts(
        [expression.argument],
        ([argument = ""]) => `${wrap(argument)} IS ${expression.negated ? "NOT " : ""}NULL`,
      );
    case "is boolean":
      return withParts(
        [expression.argument],
        ([argument = ""]) =>
          `${wrap(argument)} IS ${expression.negated ? "NOT " : ""}${expression.value.toUpperCase()}`,
      );
    case "in":
      return withParts(
        [expression.argument, ...expression.list],
        ([argument = "", ...list]) =>
          `${wrap(argument)} ${expression.negated ? "NOT " : ""}IN (${list.join(", ")})`,
      );
    case "between":
      return withParts(
        [expression.argument, expression.low, expression.high],
        ([argument = "", low = "", high = ""]) =>
          `${wrap(argument)} ${expression.negated ? "NOT " : ""}BETWEEN ${expression.symmetric ? "SYMMETRIC " : ""}${wrap(low)} AND ${wrap(high)}`,
      );
    case "any":
    case "all":
      return withParts([expression.argument, expression.array], ([argument = "", array = ""]) => {
        const operator = operatorSql(expression.operator);
        return operator === null
          ? null
          : `${wrap(argument)} ${operator} ${expression.kind.toUpperCase()} (${array})`;
      });
    case "case":
      return renderCase(expression);
    case "coalesce":
    case "greatest":
    case "least":
      return withParts(
        expression.arguments,
        (parts) => `${expression.kind.toUpperCase()}(${parts.join(", ")})`,
      );
    case "array":
      return withParts(expression.items, (parts) => `ARRAY[${parts.join(", ")}]`);
    case "row":
      return withParts(expression.items, (parts) => `ROW(${parts.join(", ")})`);
    default:
      return null;
  }
}

function renderConstant(type: string, value: string): string | null {
  switch (type) {
    case "null":
      return "NULL";
    case "string":
      return quoteLiteral(value);
    case "boolean":
      return /^(?:t|true)$/i.test(value) ? "TRUE" : "FALSE";
    case "integer":
    case "float":
      return value;
    default:
      return null;
  }
}

/** Calls that SQL spells without parentheses. */
const bareCalls = new Set([
  "current_catalog",
  "current_date",
  "current_role",
  "current_schema",
  "current_time",
  "current_timestamp",
  "current_user",
  "localtime",
  "localtimestamp",
  "session_user",
  "user",
]);

const plainName = /^[a-z_][a-z0-9_$]*$/;

function renderCall(call: Extract<Expression, { kind: "call" }>): string | null {
  if (call.isWindow) return null;
  if (call.schema === null && bareCalls.has(call.name) && call.arguments.length === 0)
    return call.name.toUpperCase();
  // Words of the grammar, such as EXTRACT, have arguments of their own form.
  if (call.schema === "pg_catalog") return null;
  const name =
    call.schema === null ? functionName(call.name) : `${quoteName(call.schema)}.${quoteName(call.name)}`;
  const named = (part: string, k: number) => {
    const given = call.names?.[k] ?? null;
    return given === null ? part : `${quoteName(given)} => ${part}`;
  };
  return withParts(call.arguments, (parts) => `${name}(${parts.map(named).join(", ")})`);
}

function functionName(name: string): string {
  return plainName.test(name) && quoteName(name) === name ? name : `"${name.replaceAll('"', '""')}"`;
}

function renderOperator(node: Extract<Expression, { kind: "operator" }>): string | null {
  const operator = operatorSql(node.name);
  if (operator === null) return null;
  if (node.left === null) return withParts([node.right], ([right = ""]) => `${operator} ${wrap(right)}`);
  return withParts(
    [node.left, node.right],
    ([left = "", right = ""]) => `${wrap(left)} ${operator} ${wrap(right)}`,
  );
}

/** Operators as they are, and the two that are words. */
function operatorSql(name: string): string | null {
  if (/^[-+*/<>=~!@#%^&|`?]+$/.test(name)) return name;
  return /^is (?:not )?distinct from$/i.test(name) ? name.toUpperCase() : null;
}

function renderCase(node: Extract<Expression, { kind: "case" }>): string | null {
  const parts: (string | null)[] = ["CASE"];
  if (node.argument !== null) parts.push(renderExpression(node.argument));
  for (const { when, result } of node.branches)
    parts.push("WHEN", renderExpression(when), "THEN", renderExpression(result));
  if (node.otherwise !== null) parts.push("ELSE", renderExpression(node.otherwise));
  parts.push("END");
  return parts.includes(null) ? null : parts.join(" ");
}

function withParts(
  expressions: readonly Expression[],
  join: (parts: readonly string[]) => string | null,
): string | null {
  const parts: string[] = [];
  for (const expression of expressions) {
    const part = renderExpression(expression);
    if (part === null) return null;
    parts.push(part);
  }
  return join(parts);
}

/** Parentheses are gone from the tree: they are put wherever precedence could matter. */
function wrap(sql: string): string {
  return /^(?:[a-z_][a-z0-9_.]*|\d+|'(?:[^'\\]|'')*')$/.test(sql) ? sql : `(${sql})`;
}

/** A type of the history as SQL, in PostgreSQL's short names: `int8`, `varchar(20)`, `text[]`. */
export function typeSql(type: TypeDescription): string {
  const schema = type.schema === null ? "" : `${quoteName(type.schema)}.`;
  // "char" with its quotes is another type than char; bpchar is the latter's own name.
  const name = schema === "" && type.name === "char" ? '"char"' : quoteType(type.name);
  const fields = type.fields === undefined ? "" : ` ${type.fields}`;
  const modifiers = type.modifiers.length === 0 ? "" : `(${type.modifiers.join(", ")})`;
  return `${schema}${name}${fields}${modifiers}${"[]".repeat(type.dimensions)}`;
}

/** Type names such as `time` and `interval` are reserved as other names, not as types. */
function quoteType(name: string): string {
  return typeWords.has(name) ? name : quoteName(name);
}

const typeWords = new Set(["bit", "interval", "numeric", "time", "timestamp", "varchar"]);
