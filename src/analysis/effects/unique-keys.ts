import { isStandIn } from "../../model/stand-in.ts";
import type { Index, Table } from "../entities.ts";
import type { EffectsWorld } from "./ledger.ts";

/**
 * Whether a table surely has no unique constraint or index over just these columns. A key whose columns were put together at
 * run time may be over them, and so may one that something made which nobody could read.
 */
export function isSurelyWithoutKey(
  { schema }: EffectsWorld,
  table: Table,
  columns: readonly string[],
  serves: (index: Index) => boolean,
): boolean {
  const mayBeOver = (keys: readonly (string | null)[]) =>
    (keys.length === columns.length && columns.every((column) => keys.includes(column))) ||
    keys.some((key) => key !== null && isStandIn(key));
  const isConstrained = table.constraints.some(
    (one) => (one.kind === "primary key" || one.kind === "unique") && mayBeOver(one.columns),
  );
  if (isConstrained || schema.mayHaveMore(table)) return false;
  return !schema.indexesOf(table.id).some((index) => index.unique && serves(index) && mayBeOver(index.keys));
}
