import type { Table } from "../analysis/entities.ts";
import type { Schema } from "../analysis/schema.ts";

/** The tables that inherit from one without partitioning, at any depth: they have its columns, but none of its triggers. */
export function heirsOf(schema: Schema, table: Table | undefined): readonly Table[] {
  if (table === undefined) return [];
  const heirs = schema.childrenOf(table.id).flatMap((child) => [child, ...heirsOf(schema, child)]);
  return [...new Map(heirs.map((heir) => [heir.id, heir])).values()];
}

/** The partitions that hold rows, at any depth. */
export function leavesOf(schema: Schema, parent: Table): readonly Table[] {
  return schema
    .partitionsOf(parent.id)
    .flatMap((child) => (child.partitionBy === null ? [child] : leavesOf(schema, child)));
}
