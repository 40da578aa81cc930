import type { Relation } from "./entities.ts";

/**
 * Whether it is certain that it is what it is taken for. A name that the history never made, and that is altered, commented on or
 * indexed, is taken for a table: a view, a sequence or an index can be meant as well, until it is given a column or constraint.
 */
export function isSureOfKind(relation: Relation): boolean {
  if (relation.kind !== "table" || relation.origin !== null || relation.isComplete) return true;
  if (relation.partitionBy !== null || relation.partitionOf !== null) return true;
  return relation.constraints.length > 0 || relation.columns.some(({ origin }) => origin !== null);
}
