import type { Expression } from "../../model/expression.ts";
import { walkExpression } from "../../model/expression.ts";
import type { CommonTable, DataChange, Query, Select, Source } from "../../model/query.ts";
import { append } from "../../text/append.ts";
import type { EffectsWorld } from "./ledger.ts";
import { findRelation } from "./ledger.ts";
import { isCut, isExtremum } from "./query-bounds.ts";
import { isBounded, isJoined } from "./selectivity.ts";

/** A relation that a query reads. */
export interface Read {
  readonly schema: string | null;
  readonly name: string;
  /** FOR UPDATE and its kin lock rows of it. */
  readonly locksRows: boolean;
  /** Whether LIMIT or an index on the extreme ends the reading early, whatever the condition. */
  readonly isCut?: boolean;
  /** How the query calls it. */
  readonly alias?: string | null;
  /** Whether a condition of the query keeps the server from reading all of it. */
  readonly isBounded: boolean;
  /** ONLY: without its partitions and children. */
  readonly only?: true;
  /** The condition of the query, where it has but one table. */
  readonly where?: Expression | null;
}

/** The relations that a query reads, those of its subqueries too; names of WITH are not relations. */
export function readsOf(
  query: Query,
  world: EffectsWorld,
  outer: ReadonlySet<string> = new Set(),
): readonly Read[] {
  const reads: Read[] = [];
  collect(query, outer, reads, world);
  return reads;
}

function collect(query: Query, outer: ReadonlySet<string>, reads: Read[], world: EffectsWorld): void {
  const names = withNames(query.with, outer, reads, world);
  if (query.kind === "set operation") {
    collect(query.left, names, reads, world);
    collect(query.right, names, reads, world);
    return;
  }
  if (query.kind === "values") {
    for (const row of query.rows) for (const value of row) collectIn(value, names, reads, world);
    return;
  }
  const first = reads.length;
  for (const source of query.from) collectSource(source, query, names, reads, world);
  boundByJoin(query, reads, first, world);
  const expressions = [...query.targets.map((target) => target.value), ...query.groupBy, ...query.orderBy];
  if (query.where !== null) expressions.push(query.where);
  if (query.having !== null) expressions.push(query.having);
  for (const expression of expressions) collectIn(expression, names, reads, world);
}

function withNames(
  tables: readonly CommonTable[],
  outer: ReadonlySet<string>,
  reads: Read[],
  world: EffectsWorld,
): ReadonlySet<string> {
  if (tables.length === 0) return outer;
  const names = new Set([...outer, ...tables.map((table) => table.name)]);
  for (const { query } of tables) if (!isChange(query)) collect(query, names, reads, world);
  return names;
}

/** Whether what stands in WITH or in COPY changes rows instead of reading them. */
export function isChange(query: Query | DataChange): query is DataChange {
  return query.kind !== "select" && query.kind !== "values" && query.kind !== "set operation";
}

function collectSource(
  source: Source,
  select: Select,
  names: ReadonlySet<string>,
  reads: Read[],
  world: EffectsWorld,
): void {
  switch (source.kind) {
    case "relation": {
      if (source.schema === null && names.has(source.name)) return;
      const { schema, name } = source;
      const found = findRelation(world, { schema, name });
      const isEnded = isExtremum(select, found, world) || isCut(select);
      const bounded =
        isEnded || (select.where !== null && isBounded(select.where, found, world, source.alias ?? name));
      reads.push({
        schema,
        name,
        alias: source.alias ?? name,
        isCut: isEnded,
        locksRows: isLocked(select, source.alias ?? name),
        isBounded: bounded,
        ...(source.only === true ? { only: true as const } : {}),
        where: select.from.length === 1 && select.from[0]?.kind === "relation" ? select.where : null,
      });
      return;
    }
    case "subquery": {
      const first = reads.length;
      collect(source.query, names, reads, world);
      // FOR UPDATE goes down into subqueries of FROM.
      if (source.alias !== null && isLocked(select, source.alias))
        for (let k = first; k < reads.length; k += 1) reads[k] = { ...reads[k], locksRows: true } as Read;
      return;
    }
    case "join":
      collectSource(source.left, select, names, reads, world);
      collectSource(source.right, select, names, reads, world);
      if (source.on !== null) collectIn(source.on, names, reads, world);
      return;
    case "function":
      if (source.call !== null) collectIn(source.call, names, reads, world);
      return;
    case "other":
      return;
  }
}

function isLocked(select: Select, name: string): boolean {
  return select.locksRows && (select.lockedNames.length === 0 || select.lockedNames.includes(name));
}

function collectIn(
  expression: Expression,
  names: ReadonlySet<string>,
  reads: Read[],
  world: EffectsWorld,
): void {
  walkExpression(
    expression,
    () => {},
    (query) => collect(query, names, reads, world),
  );
}

/** Relations that expressions read in their subqueries; `outer`: names of WITH around them. */
export function readsIn(
  expression: Expression,
  world: EffectsWorld,
  outer: ReadonlySet<string> = new Set(),
): readonly Read[] {
  const reads: Read[] = [];
  collectIn(expression, outer, reads, world);
  return reads;
}

/** What a query calls the tables of its WITH. */
export function namesOf(query: Query): ReadonlySet<string> {
  return new Set(query.with.map(({ name }) => name));
}

/** Data changes inside WITH. */
export function changesOf(query: Query): readonly DataChange[] {
  return query.with.flatMap((table) => (isChange(table.query) ? [table.query] : []));
}

/** What WHERE and the inner joins of FROM ask for together. */
function conditionsOf(select: Select): readonly Expression[] {
  const found: Expression[] = [];
  const add = (one: Expression) => append(found, one.kind === "and" ? one.arguments : [one]);
  if (select.where !== null) add(select.where);
  const open = [...select.from];
  for (let source = open.pop(); source !== undefined; source = open.pop()) {
    if (source.kind !== "join" || source.type !== "inner") continue;
    if (source.on !== null) add(source.on);
    open.push(source.left, source.right);
  }
  return found;
}

/** A table that is joined by its key to one of which few rows are read: few rows of it are read. */
function boundByJoin(select: Select, reads: Read[], first: number, world: EffectsWorld): void {
  const where: Expression = { kind: "and", arguments: conditionsOf(select) };
  const own = reads.slice(first);
  const bounded = new Set(own.flatMap((read) => (read.isBounded && read.alias != null ? [read.alias] : [])));
  for (const [k, read] of own.entries()) {
    if (read.isBounded || read.alias == null) continue;
    const found = findRelation(world, read);
    if (isJoined(where, found, read.alias, bounded, world)) reads[first + k] = { ...read, isBounded: true };
  }
}
