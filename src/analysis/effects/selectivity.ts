import type { Expression } from "../../model/expression.ts";
import type { Query } from "../../model/query.ts";
import { isTable, type Relation } from "../entities.ts";
import { isFew } from "../row-bounds.ts";
import { itemNamed } from "../schema/places.ts";
import { readQuery, startReading } from "../schema/scope.ts";
import { volatilityOf } from "../volatility.ts";
import { type EffectsWorld, findRelation } from "./ledger.ts";

/**
 * Whether a condition bounds what is read of the relation: the first column of an index, or a primary key, is compared
 * with something by equality, or held in a range from both sides. Of a relation that the history does not know: the same
 * of a column called `id`.
 */
export function isBounded(
  where: Expression,
  relation: Relation | undefined,
  world: EffectsWorld,
  qualifier: string | null = null,
): boolean {
  const columns = leadingColumns(relation, world);
  const isOwn = (name: string) => isTable(relation) && itemNamed(relation.columns, name) !== undefined;
  const isVariable = ([first = "", ...rest]: readonly string[]) =>
    world.parameters?.has(first) === true && first !== qualifier && (rest.length > 0 || !isOwn(first));
  const fixed: Fixed = { world, isVariable };
  const sides = new Map<string, Set<"low" | "high">>();
  for (const part of where.kind === "and" ? where.arguments : [where]) {
    const column = equated(part, qualifier, fixed);
    if (column !== null && columns.has(column)) return true;
    const limit = limitOf(part, qualifier, fixed);
    if (limit === null || !columns.has(limit.column)) continue;
    const known = sides.get(limit.column) ?? new Set();
    for (const side of limit.sides) known.add(side);
    sides.set(limit.column, known);
    if (known.size === 2) return true;
    // An open range under a primary key is taken to be a batch only if it is closed on the side that grows.
    if (isKeyColumn(relation, limit.column) && known.has("high")) return true;
  }
  return where.kind === "or" && where.arguments.every((part) => isBounded(part, relation, world, qualifier));
}

/**
 * Whether the condition joins the relation, by the first column of an index or its key, to another that is among those of
 * which few rows are read.
 */
export function isJoined(
  where: Expression,
  relation: Relation | undefined,
  name: string,
  bounded: ReadonlySet<string>,
  world: EffectsWorld,
): boolean {
  const columns = leadingColumns(relation, world);
  return (where.kind === "and" ? where.arguments : [where]).some((part) => {
    if (part.kind !== "operator" || part.name !== "=" || part.left === null) return false;
    return [
      [part.left, part.right],
      [part.right, part.left],
    ].some(
      ([own, other]) =>
        own?.kind === "column" &&
        other?.kind === "column" &&
        own.path.at(-2) === name &&
        columns.has(own.path.at(-1) ?? "") &&
        bounded.has(other.path.at(-2) ?? ""),
    );
  });
}

function isKeyColumn(relation: Relation | undefined, column: string): boolean {
  if (!isTable(relation)) return false;
  return relation.constraints.some((one) => one.kind === "primary key" && one.columns[0] === column);
}

/** The first columns of its indexes and keys. */
export function leadingColumns(relation: Relation | undefined, world: EffectsWorld): ReadonlySet<string> {
  if (relation === undefined) return new Set(["id"]);
  const columns = new Set<string>();
  for (const index of world.schema.indexesOf(relation.id)) {
    const [first] = index.keys;
    if (first !== null && first !== undefined && !index.isPartial) columns.add(first);
  }
  if (isTable(relation) && !relation.isComplete) columns.add("id");
  return columns;
}

/** The column, unless it is said to be that of another relation. */
function columnIn(expression: Expression, qualifier: string | null): string | null {
  if (expression.kind !== "column") return null;
  const { path } = expression;
  if (qualifier !== null && path.length > 1 && path.at(-2) !== qualifier) return null;
  return path.at(-1) ?? null;
}

/** What tells whether a value is the same for every row that is looked at. */
interface Fixed {
  readonly world: EffectsWorld;
  /** Whether a name is one of the body around the statement: a variable, NEW, OLD, the row of a loop. */
  readonly isVariable: (path: readonly string[]) => boolean;
}

function isFixed(expression: Expression, fixed: Fixed): boolean {
  switch (expression.kind) {
    case "cast":
      return isFixed(expression.argument, fixed);
    case "operator":
      return (
        (expression.left === null || isFixed(expression.left, fixed)) && isFixed(expression.right, fixed)
      );
    case "column":
      return fixed.isVariable(expression.path);
    case "call": {
      // A volatile one is worked out anew for each row.
      const { volatility, unknown } = volatilityOf(expression, fixed.world);
      return volatility !== "volatile" || unknown !== null;
    }
    case "subquery":
      return expression.use === "scalar" && isAlone(expression.query, fixed.world);
    default:
      return expression.kind === "constant" || expression.kind === "parameter";
  }
}

/** Whether a query reads nothing of the row around it: then it is worked out once, before any row is looked at. */
function isAlone(query: Query, world: EffectsWorld): boolean {
  const reading = startReading((schema, name) => findRelation(world, { schema, name }));
  readQuery(reading, query);
  return !reading.isUnsure && reading.missing.length === 0;
}

/** The column that is equal to a constant, or one of a list. */
function equated(part: Expression, qualifier: string | null, fixed: Fixed): string | null {
  if (part.kind === "operator" && part.name === "=" && part.left !== null) {
    if (isFixed(part.right, fixed)) return columnIn(part.left, qualifier);
    return isFixed(part.left, fixed) ? columnIn(part.right, qualifier) : null;
  }
  if (part.kind === "in" && !part.negated && part.list.every((one) => isFixed(one, fixed)))
    return columnIn(part.argument, qualifier);
  if (part.kind === "any" && part.operator === "=") return columnIn(part.argument, qualifier);
  // id IN (SELECT ... LIMIT 1000): a batch; or rows that a key picks.
  if (part.kind === "subquery" && (part.use === "in" || part.use === "any") && part.argument !== null)
    return isFew(part.query, fixed.world.schema) && isAlone(part.query, fixed.world)
      ? columnIn(part.argument, qualifier)
      : null;
  return null;
}

function limitOf(
  part: Expression,
  qualifier: string | null,
  fixed: Fixed,
): { readonly column: string; readonly sides: readonly ("low" | "high")[] } | null {
  if (part.kind === "between" && !part.negated) {
    const column = columnIn(part.argument, qualifier);
    return column === null ? null : { column, sides: ["low", "high"] };
  }
  if (part.kind !== "operator" || part.left === null) return null;
  const isLess = part.name === "<" || part.name === "<=";
  if (!isLess && part.name !== ">" && part.name !== ">=") return null;
  const left = columnIn(part.left, qualifier);
  if (left !== null && isFixed(part.right, fixed)) return { column: left, sides: [isLess ? "high" : "low"] };
  const right = columnIn(part.right, qualifier);
  return right !== null && isFixed(part.left, fixed)
    ? { column: right, sides: [isLess ? "low" : "high"] }
    : null;
}
