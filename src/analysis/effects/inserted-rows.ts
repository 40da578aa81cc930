import type { Expression } from "../../model/expression.ts";
import type { Insert } from "../../model/query.ts";
import { isTable, type Table } from "../entities.ts";
import type { EffectsWorld } from "./ledger.ts";
import { findRelation } from "./ledger.ts";

/** The columns that an INSERT gives values for: those that it names, or those of the table in their order. */
export function insertedColumns(change: Insert, table: Table): readonly string[] {
  const columns = change.columns.length > 0 ? change.columns : table.columns;
  return columns.map(({ name }) => name);
}

/** The rows that an INSERT writes down: those of VALUES, or what a query gives, as far as its stars can be told. */
export function insertedRows(
  world: EffectsWorld,
  { source, with: tables }: Insert,
): readonly (readonly Expression[])[] {
  if (source?.kind === "values") return source.rows;
  if (source?.kind !== "select") return [];
  const isStar = (value: Expression) => value.kind === "column" && value.path.at(-1) === "*";
  const targets = source.targets.map(({ value }) => value);
  if (!targets.some(isStar)) return [targets];
  const [from, ...others] = source.from;
  if (from?.kind !== "relation" || others.length > 0) return [];
  // WITH may give the name to something else.
  if ([...tables, ...source.with].some(({ name }) => name === from.name)) return [];
  const table = findRelation(world, from);
  if (!isTable(table) || !table.isComplete) return [];
  const columns = table.columns.map(({ name }): Expression => ({ kind: "column", path: [name] }));
  return [targets.flatMap((value) => (isStar(value) ? columns : [value]))];
}

/** The columns of which a row of VALUES says DEFAULT. */
export function defaultedColumns(change: Insert, table: Table): ReadonlySet<string> {
  const names = insertedColumns(change, table);
  const rows = change.source?.kind === "values" ? change.source.rows : [];
  const places = rows.flatMap((row) => row.flatMap(({ kind }, k) => (kind === "default" ? [k] : [])));
  return new Set(places.map((place) => names[place] ?? ""));
}
