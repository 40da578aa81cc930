import type { LockMode } from "../../model/locks.ts";
import { labelOf } from "../effect.ts";
import { type Index, isTable, type Sequence, type Table, type TableConstraint } from "../entities.ts";
import { tablesLosing } from "../schema/losing-tables.ts";
import { itemNamed } from "../schema/places.ts";
import type { Schema } from "../schema.ts";
import type { EffectsWorld, Ledger } from "./ledger.ts";
import { lock, shortName } from "./ledger.ts";

/** Partitions and inheritance children, each once, parents first; without the table itself. */
export function descendantsOf(schema: Schema, table: Table): readonly Table[] {
  const found = new Map<number, Table>();
  const open = [table];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const child of [...schema.partitionsOf(next.id), ...schema.childrenOf(next.id)]) {
      if (found.has(child.id)) continue;
      found.set(child.id, child);
      open.push(child);
    }
  }
  return [...found.values()];
}

/** Partitioned parents and inheritance parents, nearest first. */
export function ancestorsOf(schema: Schema, table: Table): readonly Table[] {
  const found = new Map<number, Table>();
  const open = [table];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const ids = next.partitionOf === null ? next.inherits : [next.partitionOf.parent, ...next.inherits];
    for (const id of ids) {
      const parent = schema.tableById(id);
      if (parent === undefined || found.has(id)) continue;
      found.set(id, parent);
      open.push(parent);
    }
  }
  return [...found.values()];
}

/** The table and all below it, or the table alone with ONLY. */
export function familyOf(schema: Schema, table: Table, only = false): readonly Table[] {
  return only ? [table] : [table, ...descendantsOf(schema, table)];
}

/** The tables that lose the column when it is dropped from the table; `kept`: their children that keep it. */
export function familyLosing(
  schema: Schema,
  table: Table,
  column: string,
  only: boolean,
  kept: Table[] = [],
): readonly Table[] {
  if (only) return [table];
  const family = {
    tableById: (id: number) => schema.tableById(id),
    childrenOf: (id: number) => [...schema.partitionsOf(id), ...schema.childrenOf(id)],
  };
  return tablesLosing(family, table, column, kept);
}

/** Takes the lock on partitions and inheritance children too. */
export function lockDescendants(ledger: Ledger, table: Table, mode: LockMode): void {
  const { schema } = ledger.world;
  for (const child of descendantsOf(schema, table))
    lock(ledger, child, mode, kinship(ledger.world, child, table));
}

/** How a child is told of: `partition of orders`, `inherits from orders`. */
export function kinship(world: EffectsWorld, child: Table, parent: Table): string {
  const word = child.partitionOf === null ? "inherits from" : "partition of";
  return `${word} ${shortName(world, labelOf(parent))}`;
}

/** Whether any table inherits from it or is a partition of it. */
export function hasChildren(schema: Schema, table: Table): boolean {
  return schema.childrenOf(table.id).length > 0 || schema.partitionsOf(table.id).length > 0;
}

/** Whether a parent of the table has the column: then only the parent can change it. */
export function isInheritedColumn(schema: Schema, table: Table, column: string): boolean {
  const parents = table.partitionOf === null ? table.inherits : [table.partitionOf.parent];
  return parents.some((id) => itemNamed(schema.tableById(id)?.columns ?? [], column) !== undefined);
}

/** Whether it is the parent of partitions, at any level; false where it is not known. */
export function isPartitioned(table: Table | null): boolean {
  return table !== null && table.partitionBy !== null;
}

/** Whether rows can lie in it: a partitioned table has none of its own. */
export function hasStorage(table: Table): boolean {
  return table.partitionBy === null && table.kind === "table";
}

/** A partitioned table of the history that has no partition to hold a row. */
export function isEmptyTree(schema: Schema, table: Table): boolean {
  if (!isPartitioned(table) || table.origin === null || schema.mayHaveMore(table)) return false;
  return !descendantsOf(schema, table).some(hasStorage);
}

/** The DEFAULT partition of a partitioned table, if it has one. */
export function defaultPartitionOf(schema: Schema, parent: Table): Table | undefined {
  return schema.usersOf("default partition of", parent.id, 1).find(isTable);
}

/** CHECK and NOT NULL constraints that hold for the rows of the table: its own, and inherited ones. */
export function constraintsInForce(schema: Schema, table: Table): readonly TableConstraint[] {
  const inherited = ancestorsOf(schema, table).flatMap((parent) =>
    parent.constraints.filter((one) => (one.kind === "check" || one.kind === "not null") && !one.noInherit),
  );
  const own = new Set(table.constraints.map((one) => one.name));
  return [...table.constraints, ...inherited.filter((one) => !own.has(one.name))];
}

/** Whether the index reads the column: as a key, included, in an expression or in its predicate. */
export function isIndexOn(index: Index, column: string): boolean {
  return (
    index.keys.includes(column) ||
    index.including.includes(column) ||
    index.expressionColumns.includes(column) ||
    index.predicateColumns.includes(column)
  );
}

/** The sequence of a serial or identity column, where the history knows it. */
export function sequenceOf(world: EffectsWorld, table: Table, column: string): Sequence | undefined {
  const owned = world.schema.sequencesOf(table.id).filter((one) => one.ownedBy?.column === column);
  // One that was only given to the column may stand beside its own.
  const own = owned.find((one) => one.isIdentity === true) ?? owned[0];
  if (own !== undefined || table.partitionOf === null) return own;
  // Partitions draw from the sequence of their parent's identity.
  const isDrawn = itemNamed(table.columns, column)?.identity === true;
  const parent = isDrawn ? world.schema.tableById(table.partitionOf.parent) : undefined;
  return parent === undefined ? undefined : sequenceOf(world, parent, column);
}
