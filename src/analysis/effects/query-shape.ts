import { type Expression, walkExpression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import type { Query, Select, Source } from "../../model/query.ts";
import type { Statement } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { append } from "../../text/append.ts";
import { readQuery, startReading } from "../schema/scope.ts";
import { refuseBranches } from "./branch-refusals.ts";
import { holdersIn, type Named, sourcesIn } from "./from-sources.ts";
import { hasAggregate, refuseUngrouped } from "./grouped-columns.ts";
import { fail, findRelation, type Ledger } from "./ledger.ts";
import { innermost, neededQueries } from "./needed-queries.ts";
import { refuseNested, refuseOrder, refusePlacedCalls, refuseWindowsOf } from "./placed-calls.ts";
import { refuseTwinNames } from "./twin-names.ts";
import { classOf } from "./type-classes.ts";
import { refuseCondition } from "./value-refusals.ts";
import { refuseSlips } from "./value-slips.ts";

/** The queries of these are looked at; those of others are read where they stand. */
const kinds: ReadonlySet<Statement["kind"]> = new Set<Statement["kind"]>([
  "select",
  "create view",
  "create table as",
  "declare cursor",
  "insert",
  "update",
  "delete",
  "merge",
]);

/**
 * Refuses a query for its shape: names that two tables have, conditions that are none, aggregates where none can stand, columns
 * that are not grouped by, halves of a UNION that do not go together. Only where all tables of FROM are known.
 */
export function refuseQueryShape(ledger: Ledger, whole: Statement): void {
  const statement = innermost(whole);
  // What a body names may as well be one of its variables.
  if (ledger.world.isInBody === true || !kinds.has(statement.kind)) return;
  // Before 15 there is no MERGE.
  if (statement.kind === "merge" && ledger.world.version < 15) return;
  refusePlacedCalls(ledger, statement);
  // UPDATE and DELETE tell of a table that they name twice where they are looked at.
  const isTold = statement.kind === "update" || statement.kind === "delete";
  for (const query of neededQueries(statement)) refuseQuery(ledger, query, isTold);
}

function refuseQuery(ledger: Ledger, first: Query, isTold: boolean): void {
  const common = new Set<string>();
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
    if (leftmost.kind === "select") {
      if (!isTold || leftmost !== first) refuseTwinNames(ledger, leftmost.from);
      refuseSelect(ledger, leftmost, common);
    }
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
  refuseNested(ledger, select);
  refuseWindowsOf(ledger, select);
  refuseOrder(ledger, select);
  const joined = select.from.flatMap(conditionsOf);
  for (const clause of [...(select.where === null ? [] : [select.where]), ...joined])
    if (hasAggregate(ledger, clause)) fail(ledger, "42803", "an aggregate cannot stand in WHERE or ON");
  const sources = select.from.map((source) => sourcesIn(ledger, source, common));
  if (sources.length === 0 || sources.some((one) => one === null)) {
    for (const clause of clausesOf(select)) refuseSlips(ledger, clause, null);
    return;
  }
  const tables = sources.flatMap((one) => one ?? []);
  const holders = holdersIn(tables);
  const isMerging = select.from.some(mergesColumns);
  if (!isMerging) {
    const values = select.targets.map(({ value }) => value);
    const isShared = (name: string) => (holders.get(name)?.length ?? 0) > 1;
    refuseAmbiguous(ledger, select.where === null ? values : [...values, select.where], isShared);
    refuseAmbiguousJoins(ledger, select.from, tables);
  }
  /** Of a name that several have, nobody knows the type. */
  const columns = new Map<string, TypeDescription | null>();
  for (const { name: of, columns: own } of tables)
    for (const { name, type } of own) {
      columns.set(name, columns.has(name) ? null : type);
      if (tables.length > 1) columns.set(`${of}.${name}`, type);
    }
  const names = new Set(tables.map(({ name }) => name));
  const isOwn = (clause: Expression) => readsOnly(clause, names);
  for (const one of joined.filter(isOwn)) refuseCondition(ledger, one, columns, "a condition of JOIN");
  const { where } = select;
  if (where !== null && isOwn(where)) refuseCondition(ledger, where, columns, "the condition of WHERE");
  const clauses = [
    ...select.targets.map(({ value }) => value),
    ...joined,
    ...(where === null ? [] : [where]),
  ];
  for (const one of clauses) if (isOwn(one)) refuseBranches(ledger, one, columns);
  for (const one of clausesOf(select)) refuseSlips(ledger, one, isOwn(one) ? columns : null);
  if (!isMerging) refuseUngrouped(ledger, select, tables, holders);
}

/** Whether it reads nothing of a query around it by the name of a table there. */
function readsOnly(clause: Expression, names: ReadonlySet<string>): boolean {
  let isOwn = true;
  walkExpression(clause, (node) => {
    const of = node.kind === "column" ? node.path.at(-2) : undefined;
    isOwn &&= of === undefined || names.has(of);
  });
  return isOwn;
}

function clausesOf({ targets, where, having, from }: Select): readonly Expression[] {
  const conditions = [where, having].filter((one) => one !== null);
  return [...targets.map(({ value }) => value), ...from.flatMap(conditionsOf), ...conditions];
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
  for (const [place, { columns }] of tables.entries())
    for (const { name } of columns) {
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
