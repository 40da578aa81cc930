import type { Expr, ExprBinary, ExprTernary } from "pgsql-ast-parser";
import type { Expression } from "../../model/expression.ts";
import { namedCall } from "./calls.ts";
import { lowerAll, lowerExpression } from "./expressions.ts";
import { isMarkAt, isWordAt, type Lowering, startOf } from "./lowering.ts";
import { NotUnderstood } from "./not-understood.ts";
import { isQueryNode, lowerQuery } from "./queries.ts";

/** PostgreSQL's names of operators that have words, and of those that have two spellings. */
const names = new Map([
  ["!=", "<>"],
  ["LIKE", "~~"],
  ["NOT LIKE", "!~~"],
  ["ILIKE", "~~*"],
  ["NOT ILIKE", "!~~*"],
]);

/** An operator with two sides, AND, OR, IN and LIKE among them. */
export function lowerBinary(lowering: Lowering, node: ExprBinary): Expression {
  if (node.opSchema !== undefined) throw new NotUnderstood("an operator with a schema");
  switch (node.op) {
    case "AND":
    case "OR":
      return lowerChain(lowering, node, node.op);
    case "IN":
    case "NOT IN":
      return lowerIn(lowering, node, node.op === "NOT IN");
    case "AT TIME ZONE": {
      const [zone, value] = [lowerExpression(lowering, node.right), lowerExpression(lowering, node.left)];
      return namedCall("timezone", [zone, value]);
    }
  }
  const name = names.get(node.op) ?? node.op;
  return lowerQuantified(lowering, node, name) ?? operator(lowering, node, name);
}

function operator(lowering: Lowering, node: ExprBinary, name: string): Expression {
  const left = lowerExpression(lowering, node.left);
  return { kind: "operator", name, left, right: lowerExpression(lowering, node.right) };
}

/** `a AND b AND c` is one list; what brackets hold on the right stays by itself. */
function lowerChain(lowering: Lowering, node: ExprBinary, op: "AND" | "OR"): Expression {
  const kind = op === "AND" ? "and" : "or";
  const left = lowerExpression(lowering, node.left);
  const right = lowerExpression(lowering, node.right);
  return { kind, arguments: left.kind === kind ? [...left.arguments, right] : [left, right] };
}

function lowerIn(lowering: Lowering, node: ExprBinary, negated: boolean): Expression {
  const { right } = node;
  const isBracketed = isBehindIn(lowering, startOf(lowering, right));
  if (!isBracketed) throw new NotUnderstood("IN without brackets");
  const argument = lowerExpression(lowering, node.left);
  if (isQueryNode(right)) {
    const query = lowerQuery(lowering, right, null);
    const found: Expression = { kind: "subquery", use: "in", argument, query };
    return negated ? { kind: "not", argument: found } : found;
  }
  const list =
    right.type === "list" ? lowerAll(lowering, right.expressions) : [lowerExpression(lowering, right)];
  return { kind: "in", argument, list, negated };
}

/** Whether nothing but brackets stands before the token: position(a IN b) looks like IN, but has none. */
function isBehindIn(lowering: Lowering, start: number): boolean {
  let before = start - 1;
  while (isMarkAt(lowering, before, "(")) before--;
  return before < start - 1 && isWordAt(lowering, before, "in");
}

const quantifiers = new Map<string, "any" | "all">([
  ["any", "any"],
  ["some", "any"],
  ["all", "all"],
]);

/** `a = ANY (b)`: a call of a function `any` to the other grammar. */
function lowerQuantified(lowering: Lowering, node: ExprBinary, name: string): Expression | null {
  const { right } = node;
  if (right.type !== "call" || right.function.schema !== undefined) return null;
  const kind = quantifiers.get(right.function.name);
  const [array] = right.args;
  if (kind === undefined || array === undefined) return null;
  if (right.args.length > 1) throw new NotUnderstood(`${kind} with several arguments`);
  const argument = lowerExpression(lowering, node.left);
  if (!isQueryNode(array)) return { kind, operator: name, argument, array: lowerExpression(lowering, array) };
  const use = kind === "any" && name === "=" ? "in" : kind;
  return { kind: "subquery", use, argument, query: lowerQuery(lowering, array, null) };
}

/** `BETWEEN` and `NOT BETWEEN`. */
export function lowerRange(lowering: Lowering, node: ExprTernary): Expression {
  const part = (each: Expr) => lowerExpression(lowering, each);
  return {
    kind: "between",
    argument: part(node.value),
    low: part(node.lo),
    high: part(node.hi),
    negated: node.op === "NOT BETWEEN",
    symmetric: false,
  };
}
