import type { Expression } from "../../model/expression.ts";
import type { Relation } from "../entities.ts";
import type { EffectsWorld } from "./ledger.ts";
import { isTable } from "./ledger.ts";

/**
 * Whether a condition bounds what is read of the relation: the first column of an index, or a primary key, is compared
 * with something by equality, or held in a range from both sides. Of a relation that the history does not know: the same
 * of a column called `id`.
 */
export function isBounded(where: Expression, relation: Relation | undefined, world: EffectsWorld): boolean {
  const columns = leadingColumns(relation, world);
  const sides = new Map<string, Set<"low" | "high">>();
  for (const part of where.kind === "and" ? where.arguments : [where]) {
    const column = equated(part);
    if (column !== null && columns.has(column)) return true;
    const limit = limitOf(part);
    if (limit === null || !columns.has(limit.column)) continue;
    const known = sides.get(limit.column) ?? new Set();
    for (const side of limit.sides) known.add(side);
    sides.set(limit.column, known);
    if (known.size === 2) return true;
    // An open range under a primary key is taken to be a batch only if it is closed on the side that grows.
    if (isKeyColumn(relation, limit.column) && known.has("high")) return true;
  }
  return where.kind === "or" && where.arguments.every((part) => isBounded(part, relation, world));
}

function isKeyColumn(relation: Relation | undefined, column: string): boolean {
  if (!isTable(relation)) return false;
  return relation.constraints.some((one) => one.kind === "primary key" && one.columns[0] === column);
}

function leadingColumns(relation: Relation | undefined, world: EffectsWorld): ReadonlySet<string> {
  if (relation === undefined) return new Set(["id"]);
  const columns = new Set<string>();
  for (const index of world.schema.indexesOf(relation.id)) {
    const [first] = index.keys;
    if (first !== null && first !== undefined && !index.isPartial) columns.add(first);
  }
  if (isTable(relation)) {
    for (const one of relation.constraints)
      if (one.kind === "primary key" || one.kind === "unique") columns.add(one.columns[0] ?? "");
    if (!relation.isComplete) columns.add("id");
  }
  return columns;
}

function columnIn(expression: Expression): string | null {
  return expression.kind === "column" ? (expression.path.at(-1) ?? null) : null;
}

function isFixed(expression: Expression): boolean {
  if (expression.kind === "cast") return isFixed(expression.argument);
  if (expression.kind === "operator")
    return (expression.left === null || isFixed(expression.left)) && isFixed(expression.right);
  return expression.kind === "constant" || expression.kind === "parameter" || expression.kind === "call";
}

/** The column that is equal to a constant, or one of a list. */
function equated(part: Expression): string | null {
  if (part.kind === "operator" && part.name === "=" && part.left !== null) {
    if (isFixed(part.right)) return columnIn(part.left);
    return isFixed(part.left) ? columnIn(part.right) : null;
  }
  if (part.kind === "in" && !part.negated && part.list.every(isFixed)) return columnIn(part.argument);
  if (part.kind === "any" && part.operator === "=") return columnIn(part.argument);
  return null;
}

function limitOf(
  part: Expression,
): { readonly column: string; readonly sides: readonly ("low" | "high")[] } | null {
  if (part.kind === "between" && !part.negated) {
    const column = columnIn(part.argument);
    return column === null ? null : { column, sides: ["low", "high"] };
  }
  if (part.kind !== "operator" || part.left === null) return null;
  const isLess = part.name === "<" || part.name === "<=";
  if (!isLess && part.name !== ">" && part.name !== ">=") return null;
  const left = columnIn(part.left);
  if (left !== null && isFixed(part.right)) return { column: left, sides: [isLess ? "high" : "low"] };
  const right = columnIn(part.right);
  return right !== null && isFixed(part.left) ? { column: right, sides: [isLess ? "low" : "high"] } : null;
}
