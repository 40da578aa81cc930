import type { Table, TableConstraint } from "./entities.ts";
import { itemNamed } from "./schema/places.ts";

/** The not-null constraint of a column, which has one of its own from PostgreSQL 18 on. */
export function notNullOf(table: Table, column: string): TableConstraint | undefined {
  return table.constraints.find((one) => one.kind === "not null" && one.columns.includes(column));
}

/** Whether the column is NOT NULL in the children of the table as well: NO INHERIT keeps it from those that are no partitions. */
export function passesNotNull(table: Table, column: string): boolean {
  const found = itemNamed(table.columns, column);
  if (found === undefined || found.notNull === "no") return false;
  return table.partitionBy !== null || notNullOf(table, column)?.noInherit !== true;
}
