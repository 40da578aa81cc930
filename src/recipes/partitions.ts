import type { Table } from "../analysis/entities.ts";
import type { Schema } from "../analysis/schema.ts";

/** The partitions that hold rows, at any depth. */
export function leavesOf(schema: Schema, parent: Table): readonly Table[] {
  return schema
    .partitionsOf(parent.id)
    .flatMap((child) => (child.partitionBy === null ? [child] : leavesOf(schema, child)));
}
