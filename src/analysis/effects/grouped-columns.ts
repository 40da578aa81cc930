import { childrenOf, type Expression, walkExpression } from "../../model/expression.ts";
import type { Select } from "../../model/query.ts";
import { quoteName } from "../../sql/names.ts";
import { append } from "../../text/append.ts";
import { isAggregate } from "../facts/aggregates.ts";
import { findBuiltIn } from "../facts/built-ins.ts";
import { isOwnFunction } from "../own-functions.ts";
import type { Holders, Named } from "./from-sources.ts";
import { fail, type Ledger } from "./ledger.ts";

/** A call of an aggregate of PostgreSQL's own, without OVER. */
export function isPlainAggregate({ world }: Ledger, node: Expression): boolean {
  if (node.kind !== "call" || node.isWindow || !isAggregate(node.name)) return false;
  return (node.schema === null || node.schema === "pg_catalog") && !isOwnFunction(world.schema, node.name);
}

/** Whether it puts rows together by itself. */
export function hasAggregate(ledger: Ledger, clause: Expression): boolean {
  let found = false;
  walkExpression(clause, (node) => {
    found ||= isPlainAggregate(ledger, node);
  });
  return found;
}

/** Columns beside aggregates, and beside GROUP BY over other columns that are no primary key. */
export function refuseUngrouped(
  ledger: Ledger,
  select: Select,
  sources: readonly Named[],
  holders: Holders,
): void {
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
  const open: Expression[] = (having === null ? values : [...values, having]).flatMap((value) =>
    expandStar(value, sources),
  );
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
  return only === undefined || found.length > 1 || more.length > 0 ? null : { column, ...only };
}

function keyOf({ name, column }: Found): string {
  return `${name}\0${column}`;
}

/** Whether the whole primary key of the column's table is grouped by. */
function isByKey(found: Found, grouped: ReadonlySet<string>): boolean {
  const primary = found.table?.constraints.find(({ kind }) => kind === "primary key");
  return (
    primary?.kind === "primary key" &&
    primary.columns.every((column) => grouped.has(keyOf({ ...found, column })))
  );
}

/** The columns that `*` or `t.*` stands for; anything else as it is. */
function expandStar(value: Expression, sources: readonly Named[]): readonly Expression[] {
  if (value.kind !== "column" || value.path.at(-1) !== "*") return [value];
  const of = value.path.at(-2);
  const meant = of === undefined ? sources : sources.filter(({ name }) => name === of);
  return meant.flatMap(({ name, columns }) =>
    columns.map((column) => ({ kind: "column" as const, path: [name, column.name] })),
  );
}
