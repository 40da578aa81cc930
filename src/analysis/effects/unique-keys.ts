import { isStandIn } from "../../model/stand-in.ts";
import type { Index, Table, TableConstraint } from "../entities.ts";
import type { EffectsWorld } from "./ledger.ts";

/** The constraint over just these columns, if it is deferrable and no other key is over them. */
export function deferrableKey(
  { schema }: EffectsWorld,
  table: Table,
  columns: readonly string[],
): TableConstraint | undefined {
  const isOver = (keys: readonly (string | null)[]) =>
    keys.length === columns.length && columns.every((column) => keys.includes(column));
  const found = schema.indexesOf(table.id).filter((index) => index.unique && isOver(index.keys));
  const [own, ...others] = found.filter(({ isPartial, hasExpression }) => !isPartial && !hasExpression);
  if (own === undefined || others.length > 0 || schema.mayHaveMore(table)) return undefined;
  return table.constraints.find((one) => one.name === own.constraint && one.deferrable === true);
}

/**
 * Whether a table surely has no unique constraint or index over just these columns. A key whose columns were put together at
 * run time may be over them, and so may one that something made which nobody could read.
 */
export function isSurelyWithoutKey(
  { schema }: EffectsWorld,
  table: Table,
  columns: readonly string[],
  serves: (index: Index) => boolean,
  isForPeriods = false,
): boolean {
  const mayBeOver = (keys: readonly (string | null)[]) =>
    (keys.length === columns.length && columns.every((column) => keys.includes(column))) ||
    keys.some((key) => key !== null && isStandIn(key));
  const methodOf = (name: string) =>
    schema.indexesOf(table.id).find((one) => one.constraint === name)?.method;
  const isConstrained = table.constraints.some(
    (one) =>
      (one.kind === "primary key" || one.kind === "unique") &&
      mayBeOver(one.columns) &&
      // WITHOUT OVERLAPS does not keep the same values apart.
      (methodOf(one.name) !== "gist" || isForPeriods),
  );
  if (isConstrained || schema.mayHaveMore(table)) return false;
  return !schema
    .indexesOf(table.id)
    .some(
      (index) =>
        index.unique && serves(index) && mayBeOver(index.keys) && (index.method !== "gist" || isForPeriods),
    );
}
