import type { Table } from "../entities.ts";
import { itemNamed } from "./places.ts";

interface Family {
  tableById(id: number): Table | undefined;
  /** Partitions and inheritance children. */
  childrenOf(id: number): readonly Table[];
}

/**
 * The tables that lose a column which is dropped from the table, that one first: its children too, unless they declare
 * the column themselves or inherit it from another parent as well. `kept` gets those that keep it.
 */
export function tablesLosing(
  family: Family,
  table: Table,
  column: string,
  kept: Table[] = [],
): readonly Table[] {
  const losing = new Map([[table.id, table]]);
  for (const member of losing.values())
    for (const child of family.childrenOf(member.id)) {
      if (losing.has(child.id)) continue;
      if (keepsColumn(family, child, column, losing)) kept.push(child);
      else losing.set(child.id, child);
    }
  return [...losing.values()];
}

function keepsColumn(
  family: Family,
  child: Table,
  name: string,
  losing: ReadonlyMap<number, unknown>,
): boolean {
  if (child.partitionOf !== null) return false;
  const own = itemNamed(child.columns, name);
  // One that is only assumed may be the parent's.
  if (own === undefined || own.origin === null) return false;
  if (own.isInherited !== true) return true;
  return child.inherits.some(
    (parent) => !losing.has(parent) && itemNamed(family.tableById(parent)?.columns ?? [], name) !== undefined,
  );
}
