import type { Expr, ExprCast, ExprMember } from "pgsql-ast-parser";
import { isMarkAt, type Lowering, startOfType } from "./lowering.ts";
import { NotUnderstood } from "./not-understood.ts";

/**
 * How tightly PostgreSQL's operators bind (sql-syntax-lexical.html#SQL-PRECEDENCE), loosest first. The other grammar
 * has an order of its own, and where the two differ its tree is not what PostgreSQL reads. Brackets are calls in
 * the tree, so that a tree that keeps to these levels is the one that PostgreSQL would build.
 */
const levels = {
  or: 1,
  and: 2,
  not: 3,
  is: 4,
  compare: 5,
  range: 6,
  other: 7,
  add: 8,
  multiply: 9,
  power: 10,
  zone: 11,
};
const SIGN = 13;
const CAST = 15;
const PRIMARY = 20;

const binaryLevels = new Map<string, number>([
  ["OR", levels.or],
  ["AND", levels.and],
  ...["=", "!=", "<", ">", "<=", ">="].map((op) => [op, levels.compare] as const),
  ...["LIKE", "NOT LIKE", "ILIKE", "NOT ILIKE", "IN", "NOT IN"].map((op) => [op, levels.range] as const),
  ["+", levels.add],
  ["-", levels.add],
  ["*", levels.multiply],
  ["/", levels.multiply],
  ["%", levels.multiply],
  ["^", levels.power],
  ["AT TIME ZONE", levels.zone],
]);

function levelOfBinary(operator: string): number {
  return binaryLevels.get(operator) ?? levels.other;
}

/** `a::int`, not CAST (a AS int) nor int 'a'. */
export function isPostfixCast(lowering: Lowering, cast: ExprCast): boolean {
  return isMarkAt(lowering, startOfType(lowering, cast.to) - 1, "::");
}

/**
 * `a -> 'b'::text`: the cast belongs to `'b'`, but the other grammar gives it `a -> 'b'`. The member that it should
 * have been inside of, or null where the cast is in its right place.
 */
export function memberUnderCast(lowering: Lowering, node: Expr): ExprMember | null {
  let inner = node;
  while (inner.type === "cast" && isPostfixCast(lowering, inner)) inner = inner.operand;
  if (inner === node || inner.type !== "member") return null;
  // (a -> 'b')::text has the same tree where brackets are not told.
  if (!lowering.spelling.marksGroups) throw new NotUnderstood("operators whose order is not certain");
  return inner;
}

function levelOf(lowering: Lowering, node: Expr): number {
  switch (node.type) {
    case "binary":
      return levelOfBinary(node.op);
    case "ternary":
      return levels.range;
    case "member":
      return levels.other;
    case "unary":
      return node.op === "NOT" ? levels.not : node.op === "+" || node.op === "-" ? SIGN : levels.is;
    case "cast":
      if (memberUnderCast(lowering, node) !== null) return levels.other;
      return isPostfixCast(lowering, node) ? CAST : PRIMARY;
  }
  return PRIMARY;
}

function demand(lowering: Lowering, child: Expr, floor: number): void {
  if (levelOf(lowering, child) < floor) throw new NotUnderstood("operators whose order is not certain");
}

/** Chains to the left: `a - b - c`. Comparisons and LIKE do not chain at all. */
function isLeftAssociative(level: number): boolean {
  return level !== levels.compare && level !== levels.range && level !== levels.is;
}

/** Throws where the node holds an operand that PostgreSQL would not give it without brackets. */
export function checkPrecedence(lowering: Lowering, node: Expr): void {
  const level = levelOf(lowering, node);
  switch (node.type) {
    case "binary":
      demand(lowering, node.left, isLeftAssociative(level) ? level : level + 1);
      if (node.op !== "IN" && node.op !== "NOT IN") demand(lowering, node.right, level + 1);
      return;
    case "member":
      demand(lowering, node.operand, level);
      return;
    case "ternary":
      for (const part of [node.value, node.lo, node.hi]) demand(lowering, part, level + 1);
      return;
    case "unary":
      demand(lowering, node.operand, level === levels.is ? level + 1 : level);
      return;
    case "cast":
      if (level === CAST) demand(lowering, node.operand, level);
      return;
    case "arrayIndex":
      // Only names, parameters and what stands in brackets take an index.
      if (!["ref", "parameter", "arrayIndex", "call"].includes(node.array.type))
        demand(lowering, node.array, PRIMARY + 1);
      return;
  }
}
