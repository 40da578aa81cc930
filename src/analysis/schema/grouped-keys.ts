import { childrenOf, type Expression } from "../../model/expression.ts";
import type { Query, Select, Source } from "../../model/query.ts";
import { append } from "../../text/append.ts";
import { isTable, type Relation, type Table } from "../entities.ts";
import { isAggregate } from "../facts/aggregates.ts";
import { findBuiltIn } from "../facts/built-ins.ts";

/** A table of FROM, the name that it has there, and the columns that GROUP BY names of it. */
interface Grouped {
  readonly name: string;
  readonly table: Table;
  readonly columns: Set<string>;
}

type Find = (schema: string | null, name: string) => Relation | undefined;

/**
 * The tables, by id, whose primary key lets a query name columns that it does not group by: the query, and with it a view, cannot
 * be without the key.
 */
export function keysUsed(query: Query, find: Find): readonly number[] {
  const found = new Set<number>();
  const open: Query[] = [query];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { query: inner } of next.with) if (isQuery(inner)) open.push(inner);
    if (next.kind === "set operation") open.push(next.left, next.right);
    if (next.kind !== "select") continue;
    for (const inner of next.from.flatMap(queriesIn)) open.push(inner);
    if (next.groupBy.length > 0) for (const id of keysOf(next, find)) found.add(id);
  }
  return [...found];
}

function isQuery(query: { readonly kind: string }): query is Query {
  return query.kind === "select" || query.kind === "values" || query.kind === "set operation";
}

function queriesIn(source: Source): readonly Query[] {
  if (source.kind === "subquery") return [source.query];
  return source.kind === "join" ? [...queriesIn(source.left), ...queriesIn(source.right)] : [];
}

function keysOf(select: Select, find: Find): readonly number[] {
  const common = new Set(select.with.map(({ name }) => name));
  const sources = select.from.flatMap((source) => tablesIn(source, find, common));
  const groups = select.groupBy.map((one) => meantBy(one, select, sources));
  for (const one of groups) {
    const [source, column] = resolve(one, sources);
    if (source !== undefined) source.columns.add(column);
  }
  const open = [...select.targets.map(({ value }) => value), ...select.orderBy];
  if (select.having !== null) open.push(select.having);
  const keys = new Set<number>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    // Within an aggregate every column may stand; a function that nobody knows may be one.
    if (next.kind === "call" && (isAggregate(next.name) || findBuiltIn(next.name) === undefined)) continue;
    const [source, column] = resolve(next, sources);
    if (source !== undefined && !source.columns.has(column) && hasKey(source)) keys.add(source.table.id);
    else append(open, childrenOf(next));
  }
  return [...keys];
}

/** `GROUP BY 1` and `GROUP BY alias` mean what the query gives there; a column comes before an alias. */
function meantBy(one: Expression, { targets }: Select, sources: readonly Grouped[]): Expression {
  if (one.kind === "constant" && one.type === "integer") return targets[Number(one.value) - 1]?.value ?? one;
  const [name = "", ...more] = one.kind === "column" ? one.path : [];
  const isColumn = sources.some(({ table }) => table.columns.some((column) => column.name === name));
  if (more.length > 0 || isColumn) return one;
  return targets.find(({ alias }) => alias === name)?.value ?? one;
}

function tablesIn(source: Source, find: Find, common: ReadonlySet<string>): readonly Grouped[] {
  if (source.kind === "join")
    return [...tablesIn(source.left, find, common), ...tablesIn(source.right, find, common)];
  if (source.kind !== "relation" || (source.schema === null && common.has(source.name))) return [];
  const table = find(source.schema, source.name);
  if (!isTable(table) || source.columns !== undefined) return [];
  return [{ name: source.alias ?? source.name, table, columns: new Set() }];
}

/** The source of a bare column, and its name; `*` stands for any column. */
function resolve(one: Expression, sources: readonly Grouped[]): readonly [Grouped | undefined, string] {
  if (one.kind !== "column") return [undefined, ""];
  const [column = "", of] = [...one.path].reverse();
  const has = ({ table }: Grouped) => column === "*" || table.columns.some(({ name }) => name === column);
  const found = sources.filter((source) => (of === undefined || source.name === of) && has(source));
  return [found.length === 1 ? found[0] : undefined, column];
}

/** Whether GROUP BY names all columns of the primary key. */
function hasKey({ table, columns }: Grouped): boolean {
  const key = table.constraints.find(({ kind }) => kind === "primary key");
  return key?.kind === "primary key" && key.columns.every((column) => columns.has(column));
}
