import type { Expression } from "../model/expression.ts";
import type { CommonTable, DataChange, Merge, Query, Source } from "../model/query.ts";
import type { Table } from "./entities.ts";
import { isAggregate } from "./facts/aggregates.ts";
import type { Schema } from "./schema.ts";

/**
 * How many rows an UPDATE, DELETE or MERGE may touch, as far as its text and the schema tell: `all` has no WHERE, `many` a WHERE
 * that no key limits, `few` one that does: a key compared with a value or a list, a key range with two ends, a subquery with
 * LIMIT, a join with one of these.
 */
export type RowBound = "all" | "many" | "few";

/** What is known while a condition is read. */
interface Scope {
  readonly schema: Schema;
  /** Columns of the changed table that a value picks few rows by. */
  readonly keys: ReadonlySet<string>;
  /** Names of common tables and sources that hold few rows. */
  readonly few: ReadonlySet<string>;
  /** Names of all sources that a column may be of; null where they are not known. */
  readonly sources: ReadonlySet<string> | null;
}

/** How many rows an INSERT, UPDATE, DELETE or MERGE may touch, as its WHERE and the table's keys tell. */
export function boundOf(change: DataChange, schema: Schema): RowBound {
  if (change.kind === "merge") return boundOfMerge(change, schema);
  if (change.kind === "insert") return "many";
  const table = schema.findTable(change.table);
  const scope = scopeOf(change, table, schema);
  const where = change.where?.value ?? null;
  if (where === null || isAlwaysTrue(where)) return "all";
  return isLimiting(where, scope) ? "few" : "many";
}

/** A MERGE reaches no more rows than its source has, unless it looks for those that the source lacks. */
function boundOfMerge({ source, changes, with: commons }: Merge, schema: Schema): RowBound {
  if (changes === "all") return "many";
  const few = new Set<string>();
  for (const common of commons) if (commonIsFew(common, schema, few)) few.add(common.name);
  if (source.kind === "relation") return few.has(source.name) ? "few" : "many";
  return source.kind === "subquery" && queryIsFew(source.query, schema, few) ? "few" : "many";
}

/** WHERE true, WHERE 1 = 1: what is written to please a tool that asks for a WHERE. */
function isAlwaysTrue(condition: Expression): boolean {
  if (condition.kind === "constant") return condition.type === "boolean" && condition.value === "true";
  if (condition.kind === "and") return condition.arguments.every(isAlwaysTrue);
  if (condition.kind === "or") return condition.arguments.some(isAlwaysTrue);
  if (condition.kind !== "operator" || condition.name !== "=") return false;
  const { left, right } = condition;
  if (left?.kind !== "constant" || right.kind !== "constant" || left.type === "null") return false;
  return left.type === right.type && left.value === right.value;
}

/** Whether a query gives few rows: LIMIT, VALUES, a key in its WHERE. */
export function isFew(query: Query, schema: Schema): boolean {
  return queryIsFew(query, schema, new Set());
}

function scopeOf(
  change: DataChange & { kind: "update" | "delete" },
  table: Table | undefined,
  schema: Schema,
): Scope {
  const few = new Set<string>();
  for (const common of change.with) if (commonIsFew(common, schema, few)) few.add(common.name);
  const sources = change.kind === "update" ? change.from : change.using;
  for (const source of sources) noteFewSources(source, schema, few);
  const own = [change.table.name.name, ...(change.alias === null ? [] : [change.alias])];
  const others = sources.flatMap(namesOf);
  const isKnown = !others.includes(null);
  const names = new Set([...own, ...others.filter((name) => name !== null)]);
  return { schema, keys: keysOf(table, schema), few, sources: isKnown ? names : null };
}

/** By which names columns of a source are called; null stands for one that cannot be told. */
function namesOf(source: Source): readonly (string | null)[] {
  if (source.kind === "join") return [...namesOf(source.left), ...namesOf(source.right)];
  if (source.kind === "relation") return [source.alias ?? source.name];
  return [source.kind === "other" ? null : source.alias];
}

function commonIsFew({ query }: CommonTable, schema: Schema, few: ReadonlySet<string>): boolean {
  if (query.kind === "insert") return query.source === null || queryIsFew(query.source, schema, few);
  if (query.kind === "update" || query.kind === "delete") return boundOf(query, schema) === "few";
  return query.kind !== "merge" && queryIsFew(query, schema, few);
}

function noteFewSources(source: Source, schema: Schema, few: Set<string>): void {
  if (source.kind === "join") {
    noteFewSources(source.left, schema, few);
    noteFewSources(source.right, schema, few);
  } else if (source.kind === "subquery" && source.alias !== null && queryIsFew(source.query, schema, few)) {
    few.add(source.alias);
  } else if (source.kind === "relation" && source.alias !== null && few.has(source.name)) {
    few.add(source.alias);
  }
}

function queryIsFew(query: Query, schema: Schema, outer: ReadonlySet<string>): boolean {
  if (query.kind === "values") return true;
  if (query.kind === "set operation") {
    if (query.limit !== null) return true;
    return queryIsFew(query.left, schema, outer) && queryIsFew(query.right, schema, outer);
  }
  if (query.limit !== null || query.from.length === 0) return true;
  const few = new Set(outer);
  for (const common of query.with) if (commonIsFew(common, schema, few)) few.add(common.name);
  for (const source of query.from) noteFewSources(source, schema, few);
  if (query.from.every((source) => source.kind === "relation" && few.has(source.alias ?? source.name)))
    return true;
  if (isOneRow(query.targets.map((target) => target.value)) && query.groupBy.length === 0) return true;
  if (query.where === null) return false;
  const [source] = query.from;
  const name = source?.kind === "relation" && query.from.length === 1 ? source : null;
  const keys = keysOf(name === null ? undefined : schema.findTable(name), schema);
  return isLimiting(query.where, { schema, keys, few, sources: null });
}

function isOneRow(targets: readonly Expression[]): boolean {
  return (
    targets.length > 0 &&
    targets.every((target) => target.kind === "call" && !target.isWindow && isAggregate(target.name))
  );
}

/**
 * Columns by whose value few rows are meant: primary keys, unique keys and foreign keys that are no words, and the first
 * column of an index that is no enum-like text. Of a table that the history does not know: names that keys have.
 */
function keysOf(table: Table | undefined, schema: Schema): ReadonlySet<string> {
  const keys = new Set<string>(["ctid"]);
  if (table === undefined) return keys.add("*");
  if (!table.isComplete) keys.add("*");
  for (const constraint of table.constraints) {
    const [first] = constraint.columns;
    if (constraint.kind === "foreign key" && first !== undefined && !isWord(first, table)) keys.add(first);
  }
  for (const index of schema.indexesOf(table.id)) {
    const [first] = index.keys;
    if (index.unique && !index.isPartial && first !== null && first !== undefined) keys.add(first);
  }
  return keys;
}

/** `level text REFERENCES levels`: a word out of a short list, which many rows share. `user_id text` is a key. */
function isWord(name: string, table: Table): boolean {
  if (/(?:^|_)(?:id|uuid|key)$|[a-z]Id$/.test(name)) return false;
  const type = table.columns.find((column) => column.name === name)?.type?.name;
  return type === "text" || type === "varchar";
}

function isKey(name: string, keys: ReadonlySet<string>): boolean {
  return (
    keys.has(name) || (keys.has("*") && /^(id|uuid|key|slug|code|name|email)$|_(id|uuid|key)$|Id$/.test(name))
  );
}

function isLimiting(where: Expression, scope: Scope): boolean {
  switch (where.kind) {
    case "and":
      return (
        where.arguments.some((part) => isLimiting(part, scope)) || hasClosedRange(where.arguments, scope)
      );
    case "or":
      return where.arguments.every((part) => isLimiting(part, scope));
    case "constant":
      return where.value === "false" || where.type === "null";
    case "operator":
      return where.name === "=" && where.left !== null && isKeyEquality(where.left, where.right, scope);
    case "in":
      return (
        !where.negated &&
        isKeyColumn(where.argument, scope) &&
        where.list.every((item) => isValue(item, scope))
      );
    case "between":
      return (
        !where.negated &&
        isKeyColumn(where.argument, scope) &&
        isValue(where.low, scope) &&
        isValue(where.high, scope)
      );
    case "any":
      return where.operator === "=" && isKeyColumn(where.argument, scope) && isValue(where.array, scope);
    case "subquery":
      return isLimitingSubquery(where, scope);
    default:
      return false;
  }
}

function isLimitingSubquery(where: Expression & { kind: "subquery" }, scope: Scope): boolean {
  if (where.use !== "in" && where.use !== "any") return false;
  return where.argument !== null && queryIsFew(where.query, scope.schema, scope.few);
}

function isKeyEquality(left: Expression, right: Expression, scope: Scope): boolean {
  const pairs: readonly (readonly [Expression, Expression])[] = [
    [left, right],
    [right, left],
  ];
  return pairs.some(([key, value]) => {
    // A join with few rows: whatever column it is joined by.
    if (key.kind === "column" && isFewColumn(value, scope)) return true;
    if (key.kind === "row")
      return key.items.some((item) => isKeyColumn(item, scope)) && isValue(value, scope);
    return isKeyColumn(key, scope) && isValue(value, scope);
  });
}

/** A column of a source that holds few rows. */
function isFewColumn(expression: Expression, scope: Scope): boolean {
  if (expression.kind !== "column" || expression.path.length < 2) return false;
  return scope.few.has(expression.path[expression.path.length - 2] ?? "");
}

function isKeyColumn(expression: Expression, scope: Scope): boolean {
  if (expression.kind === "cast") return isKeyColumn(expression.argument, scope);
  if (expression.kind !== "column") return false;
  return isKey(expression.path[expression.path.length - 1] ?? "", scope.keys);
}

/** Something that is one value (or a short list) for the whole statement: no column of another row source. */
function isValue(expression: Expression, scope: Scope): boolean {
  switch (expression.kind) {
    case "constant":
    case "parameter":
      return true;
    case "cast":
      return isValue(expression.argument, scope);
    case "operator":
      return (
        (expression.left === null || isValue(expression.left, scope)) && isValue(expression.right, scope)
      );
    case "call":
    case "coalesce":
      return expression.arguments.every((argument) => isValue(argument, scope));
    case "array":
    case "row":
      return expression.items.every((item) => isValue(item, scope));
    case "subquery":
      return (
        expression.use === "scalar" ||
        (expression.use === "array" && queryIsFew(expression.query, scope.schema, scope.few))
      );
    // A bare word may be a variable of the body around it; a qualified one of a record.
    case "column":
      return isFewColumn(expression, scope) || isVariable(expression.path, scope);
    case "field":
      return isValue(expression.argument, scope);
    default:
      return false;
  }
}

function isVariable(path: readonly string[], scope: Scope): boolean {
  // A field of a record, such as the row of a loop: no source bears its name.
  if (path.length === 2 && scope.sources !== null) return !scope.sources.has(path[0] ?? "");
  return (
    path.length === 1 &&
    !isKey(path[0] ?? "", scope.keys) &&
    /^(v|p|_|l|var|arg|in|rec)_?/.test(path[0] ?? "")
  );
}

/** A key held from both sides: `id > 1000 AND id <= 2000`. */
function hasClosedRange(parts: readonly Expression[], scope: Scope): boolean {
  const sides = new Map<string, Set<string>>();
  for (const part of parts) {
    if (part.kind !== "operator" || part.left === null || !/^[<>]=?$/.test(part.name)) continue;
    const isLeft = isKeyColumn(part.left, scope) && isValue(part.right, scope);
    const isRight = isKeyColumn(part.right, scope) && isValue(part.left, scope);
    const key = isLeft ? part.left : part.right;
    if ((!isLeft && !isRight) || key.kind !== "column") continue;
    const column = key.path[key.path.length - 1] ?? "";
    const isLow = part.name.startsWith(">") === isLeft;
    sides.set(column, (sides.get(column) ?? new Set()).add(isLow ? "low" : "high"));
  }
  return [...sides.values()].some((known) => known.size === 2);
}
