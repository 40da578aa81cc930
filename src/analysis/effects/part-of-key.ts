import type { Table, TableConstraint } from "../entities.ts";
import { ancestorsOf } from "./family.ts";
import { type ForeignKeyOf, referencedBy } from "./foreign-keys.ts";
import type { EffectsWorld } from "./ledger.ts";

/** Whether the foreign key of a partition is its part of that of a partitioned table above it, whatever its name. */
export function isPartOfKey(world: EffectsWorld, from: Table, key: ForeignKeyOf): boolean {
  if (from.partitionOf === null) return false;
  const goal = referencedBy(world, key).label;
  const isLike = (one: TableConstraint): one is ForeignKeyOf =>
    one.kind === "foreign key" &&
    one.columns.join("\0") === key.columns.join("\0") &&
    referencedBy(world, one).label === goal;
  const above = ancestorsOf(world.schema, from).flatMap((one) => one.constraints.filter(isLike));
  if (above.length === 0) return false;
  const own = from.constraints.filter(isLike);
  // One of several alike may be the partition's own.
  return own.length === 1 || above.some(({ name }) => name === key.name);
}
