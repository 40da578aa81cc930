import { childrenOf, type Expression, walkExpression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import type { PartitionKey } from "../../model/table.ts";
import type { Table } from "../entities.ts";
import { isKnownType } from "../facts/casts.ts";

const noNames: readonly string[] = [];

/**
 * The names of the columns that an expression reads, each once, in order of appearance; `t.a` gives `a`. Subqueries are
 * not entered: what they read is a question of scope.
 */
export function columnsOf(expression: Expression): readonly string[] {
  const names = new Set<string>();
  walkExpression(expression, (node) => {
    if (node.kind !== "column") return;
    const name = node.path.at(-1);
    if (name !== undefined && name !== "*") names.add(name);
  });
  return names.size === 0 ? noNames : [...names];
}

/** Whether the table's own name stands for its row: `CHECK (orders IS NOT NULL)`. */
export function isWholeRow(table: Table | undefined, name: string): boolean {
  return table?.isComplete === true && name === table.name && !table.columns.some((one) => one.name === name);
}

/** The same expression with every node given to `change` after its children. */
export function mapExpression(expression: Expression, change: (node: Expression) => Expression): Expression {
  const map = (child: Expression) => mapExpression(child, change);
  switch (expression.kind) {
    case "call":
    case "and":
    case "or":
    case "coalesce":
    case "greatest":
    case "least":
    case "special":
      return change({ ...expression, arguments: expression.arguments.map(map) });
    case "array":
    case "row":
      return change({ ...expression, items: expression.items.map(map) });
    case "cast":
    case "not":
    case "is null":
    case "is boolean":
    case "collate":
    case "field":
      return change({ ...expression, argument: map(expression.argument) });
    case "operator": {
      const left = expression.left === null ? null : map(expression.left);
      return change({ ...expression, left, right: map(expression.right) });
    }
    case "in":
      return change({ ...expression, argument: map(expression.argument), list: expression.list.map(map) });
    case "between": {
      const { argument, low, high } = expression;
      return change({ ...expression, argument: map(argument), low: map(low), high: map(high) });
    }
    case "any":
    case "all":
      return change({ ...expression, argument: map(expression.argument), array: map(expression.array) });
    case "subquery": {
      const argument = expression.argument === null ? null : map(expression.argument);
      return change({ ...expression, argument });
    }
    case "case":
      return change({
        ...expression,
        argument: expression.argument === null ? null : map(expression.argument),
        branches: expression.branches.map(({ when, result }) => ({ when: map(when), result: map(result) })),
        otherwise: expression.otherwise === null ? null : map(expression.otherwise),
      });
    case "subscript":
      return change({
        ...expression,
        argument: map(expression.argument),
        indices: expression.indices.map(map),
      });
    default:
      return change(expression);
  }
}

/** Column references by their bare name: a constraint outlives renames of its table. */
export function bareColumns(expression: Expression): Expression {
  return mapExpression(expression, (node) =>
    node.kind === "column" && node.path.length > 1 ? { kind: "column", path: node.path.slice(-1) } : node,
  );
}

/** The expression after RENAME COLUMN; the same object where the column is not in it. */
export function renameColumnIn(expression: Expression, from: string, to: string): Expression {
  return mapExpression(expression, (node) =>
    node.kind === "column" && node.path.at(-1) === from
      ? { kind: "column", path: [...node.path.slice(0, -1), to] }
      : node,
  );
}

/** Whether two expressions say the same; where types stand in the text says nothing. */
export function areEqual(first: Expression, second: Expression): boolean {
  if (first === second) return true;
  if (first.kind !== second.kind) return false;
  if (!hasSameWords(first, second)) return false;
  const left = childrenOf(first);
  const right = childrenOf(second);
  return left.length === right.length && left.every((child, k) => areEqual(child, right[k] ?? child));
}

function isSameType(first: TypeDescription, second: TypeDescription): boolean {
  return (
    first.name === second.name &&
    (first.schema ?? "") === (second.schema ?? "") &&
    first.dimensions === second.dimensions &&
    first.modifiers.join() === second.modifiers.join() &&
    first.fields === second.fields
  );
}

/** Compares what a node says itself, without its children. */
function hasSameWords(first: Expression, second: Expression): boolean {
  if (first.kind === "cast" && second.kind === "cast") return isSameType(first.type, second.type);
  // A subquery is equal to itself only: its tables may differ by scope.
  if (first.kind === "subquery") return false;
  return ownWords(first) === ownWords(second);
}

function ownWords(node: Expression): string {
  switch (node.kind) {
    case "constant":
      return `${node.type === "null" ? "null" : "value"}\0${node.value}`;
    case "column":
      return node.path.join("\0");
    case "call":
      return `${node.schema ?? "pg_catalog"}\0${node.name}\0${node.isWindow}`;
    case "operator":
      return `${node.name}\0${node.left === null}`;
    case "is null":
    case "in":
      return String(node.negated);
    case "is boolean":
      return `${node.value}\0${node.negated}`;
    case "between":
      return `${node.negated}\0${node.symmetric}`;
    case "any":
    case "all":
      return node.operator;
    case "case":
      return `${node.argument === null}\0${node.branches.length}\0${node.otherwise === null}`;
    case "collate":
      return node.collation;
    case "field":
    case "special":
      return node.name;
    default:
      return "";
  }
}

/** The types that an expression names in casts, but for those that every server has under one word. */
export function castTypes(expression: Expression): readonly TypeDescription[] {
  const found: TypeDescription[] = [];
  walkExpression(expression, (node) => {
    if (node.kind === "cast" && (node.type.schema !== null || !isKnownType(node.type.name)))
      found.push(node.type);
  });
  return found;
}

/** Whether rows are divided by the column, or by an expression that reads it. */
export function dividesBy(key: PartitionKey | null, column: string): boolean {
  return (key?.columns ?? []).some(
    (part) =>
      part.column === column || (part.expression !== null && columnsOf(part.expression).includes(column)),
  );
}
