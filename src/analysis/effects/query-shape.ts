import { childrenOf, type Expression, walkExpression } from "../../model/expression.ts";
import type { Query, Select, Source } from "../../model/query.ts";
import type { Statement } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { append } from "../../text/append.ts";
import { isTable, type Table } from "../entities.ts";
import { isAggregate } from "../facts/aggregates.ts";
import { findBuiltIn } from "../facts/built-ins.ts";
import { isOwnFunction } from "../own-functions.ts";
import { itemNamed } from "../schema/places.ts";
import { readQuery, startReading } from "../schema/scope.ts";
import { fail, findRelation, type Ledger } from "./ledger.ts";
import { innermost, neededQueries } from "./needed-queries.ts";
import { classOf } from "./type-classes.ts";
import { refuseCondition } from "./value-refusals.ts";

/** A table of FROM, and the name that it has there. */
interface Named {
  readonly name: string;
  readonly table: Table;
}

/** The tables of a FROM by the columns that they have. */
type Holders = ReadonlyMap<string, readonly Named[]>;

/** The queries of these are looked at; those of others are read where they stand. */
const kinds: ReadonlySet<Statement["kind"]> = new Set<Statement["kind"]>([
  "select",
  "create view",
  "create table as",
  "declare cursor",
  "insert",
  "update",
  "delete",
]);

/**
 * Refuses a query for its shape: names that two tables have, conditions that are none, aggregates where none can stand, columns
 * that are not grouped by, halves of a UNION that do not go together. Only where all tables of FROM are known.
 */
export function refuseQueryShape(ledger: Ledger, whole: Statement): void {
  const statement = innermost(whole);
  // What a body names may as well be one of its variables.
  if (ledger.world.isInBody === true || !kinds.has(statement.kind)) return;
  for (const query of neededQueries(statement)) refuseQuery(ledger, query, new Set());
}

function refuseQuery(ledger: Ledger, first: Query, names: ReadonlySet<string>): void {
  const common = new Set(names);
  const open: Query[] = [first];
  for (let query = open.pop(); query !== undefined; query = open.pop()) {
    // `a UNION b UNION c` leans to the left: all that follows is held against the first.
    const halves: Query[] = [];
    let leftmost = query;
    for (; leftmost.kind === "set operation"; leftmost = leftmost.left) {
      halves.push(leftmost.right);
      openCommon(leftmost, common, open);
    }
    openCommon(leftmost, common, open);
    if (leftmost.kind === "select") refuseSelect(ledger, leftmost, common);
    if (halves.length === 0) continue;
    refuseHalves(ledger, leftmost, halves, common);
    append(open, halves);
  }
}

/** The tables of WITH: their names hide others, and their queries are looked at too. */
function openCommon({ with: tables }: Query, common: Set<string>, open: Query[]): void {
  for (const { name, query } of tables) {
    common.add(name);
    if (query.kind === "select" || query.kind === "set operation") open.push(query);
  }
}

function refuseSelect(ledger: Ledger, select: Select, common: ReadonlySet<string>): void {
  refusePlaces(ledger, select);
  const joined = select.from.flatMap(conditionsOf);
  for (const clause of [...(select.where === null ? [] : [select.where]), ...joined])
    if (hasAggregate(ledger, clause)) fail(ledger, "42803", "an aggregate cannot stand in WHERE or ON");
  const sources = select.from.map((source) => tablesIn(ledger, source, common));
  if (sources.length === 0 || sources.some((one) => one === null)) return;
  const tables = sources.flatMap((one) => one ?? []);
  const holders = holdersIn(tables);
  const isMerging = select.from.some(mergesColumns);
  if (!isMerging) {
    const values = select.targets.map(({ value }) => value);
    const isShared = (name: string) => (holders.get(name)?.length ?? 0) > 1;
    refuseAmbiguous(ledger, select.where === null ? values : [...values, select.where], isShared);
    refuseAmbiguousJoins(ledger, select.from, tables);
  }
  const columns = new Map(
    [...holders].map(([name, [first, second]]) => [
      name,
      second === undefined ? (itemNamed(first?.table.columns ?? [], name)?.type ?? null) : null,
    ]),
  );
  for (const one of joined) refuseCondition(ledger, one, columns, "a condition of JOIN");
  if (select.where !== null) refuseCondition(ledger, select.where, columns, "the condition of WHERE");
  if (!isMerging) refuseUngrouped(ledger, select, holders);
}

/** The tables of a source; null: it is, or holds, something else, or one that is not completely known. */
function tablesIn(ledger: Ledger, source: Source, common: ReadonlySet<string>): readonly Named[] | null {
  if (source.kind === "join") {
    const [left, right] = [tablesIn(ledger, source.left, common), tablesIn(ledger, source.right, common)];
    return left === null || right === null || source.alias !== undefined ? null : [...left, ...right];
  }
  if (source.kind !== "relation" || source.columns !== undefined) return null;
  if (source.schema === null && common.has(source.name)) return null;
  const table = findRelation(ledger.world, source);
  if (!isTable(table) || !table.isComplete) return null;
  return [{ name: source.alias ?? source.name, table }];
}

function conditionsOf(source: Source): readonly Expression[] {
  if (source.kind !== "join") return [];
  return [
    ...conditionsOf(source.left),
    ...conditionsOf(source.right),
    ...(source.on === null ? [] : [source.on]),
  ];
}

/** USING and NATURAL make one of two columns. */
function mergesColumns(source: Source): boolean {
  if (source.kind !== "join") return false;
  const isNatural = source.on === null && source.type !== "cross";
  return isNatural || source.using.length > 0 || mergesColumns(source.left) || mergesColumns(source.right);
}

function holdersIn(tables: readonly Named[]): Holders {
  const holders = new Map<string, Named[]>();
  for (const one of tables)
    for (const { name } of one.table.columns) {
      const known = holders.get(name);
      if (known === undefined) holders.set(name, [one]);
      else known.push(one);
    }
  return holders;
}

function refuseAmbiguous(
  ledger: Ledger,
  clauses: readonly Expression[],
  isShared: (name: string) => boolean,
): void {
  for (const clause of clauses)
    walkExpression(clause, (node) => {
      const [name = "", ...more] = node.kind === "column" ? node.path : [];
      if (more.length === 0 && isShared(name))
        fail(ledger, "42702", `more than one table has a column ${quoteName(name)}`);
    });
}

/** ON sees the two sides that it joins, and no table beside or around them. `tables`: those of FROM as they are written. */
function refuseAmbiguousJoins(ledger: Ledger, from: readonly Source[], tables: readonly Named[]): void {
  const places = new Map<string, number[]>();
  for (const [place, { table }] of tables.entries())
    for (const { name } of table.columns) {
      const known = places.get(name);
      if (known === undefined) places.set(name, [place]);
      else known.push(place);
    }
  /** The place behind the source, which begins at `start`. */
  const visit = (source: Source, start: number): number => {
    if (source.kind !== "join") return start + 1;
    const end = visit(source.right, visit(source.left, start));
    const isShared = (name: string) => {
      const known = places.get(name) ?? [];
      const first = known.findIndex((place) => place >= start);
      return first !== -1 && (known[first + 1] ?? end) < end;
    };
    if (source.on !== null) refuseAmbiguous(ledger, [source.on], isShared);
    return end;
  };
  let start = 0;
  for (const source of from) start = visit(source, start);
}

/** `ORDER BY 3` of two columns. */
function refusePlaces(ledger: Ledger, { targets, orderBy, groupBy }: Select): void {
  if (targets.some(({ value }) => value.kind === "column" && value.path.at(-1) === "*")) return;
  for (const one of [...orderBy, ...groupBy])
    if (one.kind === "constant" && one.type === "integer" && targets[Number(one.value) - 1] === undefined)
      fail(ledger, "42P10", `the query gives no column number ${one.value}`);
}

function isPlainAggregate({ world }: Ledger, node: Expression): boolean {
  if (node.kind !== "call" || node.isWindow || !isAggregate(node.name)) return false;
  return (node.schema === null || node.schema === "pg_catalog") && !isOwnFunction(world.schema, node.name);
}

function hasAggregate(ledger: Ledger, clause: Expression): boolean {
  let found = false;
  walkExpression(clause, (node) => {
    found ||= isPlainAggregate(ledger, node);
  });
  return found;
}

/** Columns beside aggregates, and beside GROUP BY over other columns that are no primary key. */
function refuseUngrouped(ledger: Ledger, select: Select, holders: Holders): void {
  const { targets, groupBy, having } = select;
  const values = targets.map(({ value }) => value);
  const isGrouped =
    groupBy.length > 0 || having !== null || values.some((value) => hasAggregate(ledger, value));
  if (!isGrouped) return;
  const grouped = new Set<string>();
  for (const one of groupBy) {
    const found = columnOf(meantBy(one, select, holders), holders);
    // Of an expression only the server can tell where it stands again.
    if (found === null) return;
    grouped.add(keyOf(found));
  }
  const open: Expression[] = having === null ? values : [...values, having];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    // An aggregate may hold any column, and a function that nobody knows may be one.
    if (next.kind === "call" && (isPlainAggregate(ledger, next) || findBuiltIn(next.name) === undefined))
      continue;
    const found = columnOf(next, holders);
    if (found === null) append(open, childrenOf(next));
    else if (!grouped.has(keyOf(found)) && !isByKey(found, grouped))
      fail(ledger, "42803", `column ${quoteName(found.column)} is neither grouped by nor in an aggregate`);
  }
}

/** `GROUP BY 1` and `GROUP BY alias` mean what the query gives there. */
function meantBy(one: Expression, { targets }: Select, holders: Holders): Expression {
  if (one.kind === "constant") return targets[Number(one.value) - 1]?.value ?? one;
  const [name = "", ...more] = one.kind === "column" ? one.path : [];
  if (more.length > 0 || holders.has(name)) return one;
  return targets.find(({ alias }) => alias === name)?.value ?? one;
}

interface Found extends Named {
  readonly column: string;
}

/** The column that an expression is; null: none, or not of one table. */
function columnOf(one: Expression, holders: Holders): Found | null {
  if (one.kind !== "column") return null;
  const [column = "", of, ...more] = [...one.path].reverse();
  const found = (holders.get(column) ?? []).filter(({ name }) => of === undefined || name === of);
  const [only] = found;
  return only === undefined || found.length > 1 || more.length > 0 ? null : { ...only, column };
}

function keyOf({ name, column }: Found): string {
  return `${name}\0${column}`;
}

/** Whether the whole primary key of the column's table is grouped by. */
function isByKey(found: Found, grouped: ReadonlySet<string>): boolean {
  const primary = found.table.constraints.find(({ kind }) => kind === "primary key");
  return (
    primary?.kind === "primary key" &&
    primary.columns.every((column) => grouped.has(keyOf({ ...found, column })))
  );
}

/** All halves give as many columns as the first, of types that go together. */
function refuseHalves(
  ledger: Ledger,
  first: Query,
  halves: readonly Query[],
  common: ReadonlySet<string>,
): void {
  const { world } = ledger;
  const find = (schema: string | null, name: string) =>
    schema === null && common.has(name) ? undefined : findRelation(world, { schema, name });
  const outputsOf = (query: Query) => {
    let inner = query;
    while (inner.kind === "set operation") inner = inner.left;
    return readQuery(startReading(find), inner);
  };
  const own = outputsOf(first);
  if (own === null) return;
  for (const half of halves.toReversed()) {
    const other = outputsOf(half);
    if (other === null) continue;
    if (own.length !== other.length)
      fail(ledger, "42601", "both halves of a UNION, INTERSECT or EXCEPT give as many columns");
    if (world.schema.hasCasts) continue;
    for (const [k, { name, type }] of own.entries()) {
      const [one, two] = [classOf(world, type), classOf(world, other[k]?.type ?? null)];
      if (one !== null && two !== null && one !== two)
        fail(ledger, "42804", `column ${quoteName(name)} is of another type in the other half`);
    }
  }
}
