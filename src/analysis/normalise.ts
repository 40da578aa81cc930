import type { Expression } from "../model/expression.ts";
import { mapExpression } from "./schema/expressions.ts";

/** The operator that says the opposite (pg_operator.oprnegate). */
const negators = new Map([
  ["=", "<>"],
  ["<>", "="],
  ["<", ">="],
  [">=", "<"],
  [">", "<="],
  ["<=", ">"],
  ["~~", "!~~"],
  ["!~~", "~~"],
  ["~~*", "!~~*"],
  ["!~~*", "~~*"],
  ["~", "!~"],
  ["!~", "~"],
]);

const commuted = new Map([
  ["=", "="],
  ["<>", "<>"],
  ["<", ">"],
  [">", "<"],
  ["<=", ">="],
  [">=", "<="],
]);

/**
 * The form in which the server proves: NOT pushed down to the leaves, BETWEEN and IN as AND and OR of comparisons, the
 * constant on the right, casts of constants gone, nested ANDs and ORs flat (eval_const_expressions, canonicalize_qual).
 */
export function normalise(expression: Expression, type: (column: string) => string | undefined): Expression {
  const strip = (node: Expression) => plain(node.kind === "cast" ? withoutCast(node, type) : node);
  return simplify(mapExpression(expression, strip), false);
}

/** A cast of a constant, or of a column to the type that it has: nothing is left of it after analysis. */
function withoutCast(
  node: Extract<Expression, { kind: "cast" }>,
  type: (column: string) => string | undefined,
): Expression {
  const { argument } = node;
  if (argument.kind === "constant") return argument.type === "null" ? node : argument;
  if (argument.kind !== "column" || node.type.dimensions > 0 || node.type.modifiers.length > 0) return node;
  const own = type(argument.path.at(-1) ?? "");
  // varchar has no operators of its own: its comparisons are those of text.
  const isText = node.type.name === "text" && own === "varchar";
  return isText || own === node.type.name ? argument : node;
}

function plain(node: Expression): Expression {
  switch (node.kind) {
    case "column":
      return node.path.length > 1 ? { kind: "column", path: node.path.slice(-1) } : node;
    case "between":
      return node.symmetric ? node : between(node);
    case "in":
      return fromList(node.argument, node.list, node.negated);
    case "any":
    case "all": {
      const array = node.array.kind === "cast" ? node.array.argument : node.array;
      if (array.kind !== "array") return node;
      const parts = array.items.map((item) => compare(node.argument, node.operator, item));
      return { kind: node.kind === "any" ? "or" : "and", arguments: parts };
    }
    case "operator":
      return isDistinct(node) ?? (node.left === null ? node : turned(node.left, node.name, node.right));
    default:
      return node;
  }
}

/** `c IS DISTINCT FROM NULL` is a test for null to the server. */
function isDistinct(node: Extract<Expression, { kind: "operator" }>): Expression | null {
  const name = node.name.toLowerCase();
  if (node.left === null || (name !== "is distinct from" && name !== "is not distinct from")) return null;
  const negated = name === "is distinct from";
  if (isNullConstant(node.right)) return { kind: "is null", argument: node.left, negated };
  if (isNullConstant(node.left)) return { kind: "is null", argument: node.right, negated };
  return null;
}

function between(node: Extract<Expression, { kind: "between" }>): Expression {
  const { argument, low, high } = node;
  if (node.negated) {
    return { kind: "or", arguments: [compare(argument, "<", low), compare(argument, ">", high)] };
  }
  return { kind: "and", arguments: [compare(argument, ">=", low), compare(argument, "<=", high)] };
}

function fromList(argument: Expression, list: readonly Expression[], negated: boolean): Expression {
  const parts = list.map((item) => compare(argument, negated ? "<>" : "=", item));
  return { kind: negated ? "and" : "or", arguments: parts };
}

/** A comparison with its constant on the right; `b = true` is `b`. */
function turned(left: Expression, name: string, right: Expression): Expression {
  const other = commuted.get(name);
  if (left.kind === "constant" && right.kind !== "constant" && other !== undefined) {
    return turned(right, other, left);
  }
  if ((name === "=" || name === "<>") && right.kind === "constant" && right.type === "boolean") {
    const isTrue = (right.value === "true" || right.value === "t") === (name === "=");
    return isTrue ? left : { kind: "not", argument: left };
  }
  return compare(left, name, right);
}

function simplify(node: Expression, isNegated: boolean): Expression {
  switch (node.kind) {
    case "not":
      return simplify(node.argument, !isNegated);
    case "and":
    case "or": {
      const kind = isNegated ? (node.kind === "and" ? "or" : "and") : node.kind;
      return gathered(
        kind,
        node.arguments.map((part) => simplify(part, isNegated)),
      );
    }
    case "is null":
      return isNegated ? { ...node, negated: !node.negated } : node;
    case "is boolean":
      return isNegated ? { ...node, negated: !node.negated } : node;
    case "operator": {
      const opposite = negators.get(node.name);
      if (!isNegated) return node;
      return opposite === undefined ? { kind: "not", argument: node } : { ...node, name: opposite };
    }
    default:
      return isNegated ? { kind: "not", argument: node } : node;
  }
}

/** AND or OR without nesting, without what decides nothing. */
function gathered(kind: "and" | "or", parts: readonly Expression[]): Expression {
  const neutral = kind === "and" ? "true" : "false";
  const list = parts
    .flatMap((part) => (part.kind === kind ? part.arguments : [part]))
    .filter((part) => part.kind !== "constant" || part.type !== "boolean" || part.value !== neutral);
  const [only] = list;
  return list.length === 1 && only !== undefined ? only : { kind, arguments: list };
}

function isNullConstant(node: Expression): boolean {
  if (node.kind === "cast") return isNullConstant(node.argument);
  return node.kind === "constant" && node.type === "null";
}

function compare(left: Expression, name: string, right: Expression): Expression {
  return { kind: "operator", name, left, right };
}
