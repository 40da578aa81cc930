import type { LockMode } from "../../model/locks.ts";
import type { TypeDescription } from "../../model/name.ts";
import type { ForeignKey, KeyConstraint } from "../../model/table.ts";
import { isSerial } from "../../model/type-names.ts";
import { quoteName } from "../../sql/names.ts";
import { labelOf } from "../effect.ts";
import { type Index, isTable, type Table, type TableConstraint } from "../entities.ts";
import { actionsOn, addedKeys } from "../same-statement.ts";
import { itemNamed } from "../schema/places.ts";
import type { AlterPlan, ConstraintPlace } from "./alter-plan.ts";
import { areComparable } from "./comparable.ts";
import {
  ancestorsOf,
  descendantsOf,
  familyOf,
  hasStorage,
  isEmptyTree,
  isPartitioned,
  kinship,
  lockDescendants,
} from "./family.ts";
import { refuseForeignKey } from "./foreign-key-refusals.ts";
import type { EffectsWorld, Ledger } from "./ledger.ts";
import { fail, findRelation, lock, lockTarget, shortName, tableTarget } from "./ledger.ts";
import { deferrableKey, isSurelyWithoutKey } from "./unique-keys.ts";
import { hasWordBeforeName } from "./words.ts";

export type ForeignKeyOf = Extract<TableConstraint, { readonly kind: "foreign key" }>;

/** ADD FOREIGN KEY: keeps writers out of both tables, and reads both unless it is NOT VALID. */
export function planForeignKey(plan: AlterPlan, key: ForeignKey, place: ConstraintPlace): void {
  const { ledger, target } = plan;
  const { world } = ledger;
  const other = tableTarget(world, key.references);
  const because = `referenced by ${shortName(world, target.label)}`;
  lockTarget(ledger, target, "table", "SHARE ROW EXCLUSIVE");
  // From 18 inheritance children are locked as well, though the key does not hold for them.
  if (target.known !== null && (isPartitioned(target.known) || (world.version >= 18 && !plan.statement.only)))
    lockDescendants(ledger, target.known, plan.mode);
  lockTarget(ledger, other, "table", "SHARE ROW EXCLUSIVE", because);
  if (isPartitioned(other.known) && other.known !== null)
    lockDescendants(ledger, other.known, "SHARE ROW EXCLUSIVE");
  if (key.notValid && isPartitioned(target.known) && world.version < 18)
    fail(ledger, "42809", "a NOT VALID foreign key cannot be added to a partitioned table");
  refuseForeignKey(plan, key, place, other.known);
  if (other.known !== null) requireKey(plan, key, other.known);
  // The key of a partition becomes part of the new one, which holds as it does: its triggers on the other side are dropped.
  const takesOver = !key.notValid && !key.notEnforced;
  if (takesOver && other.known !== null && hasLikePart(world, target.known, other.known, key))
    lockTarget(ledger, other, "table", "ACCESS EXCLUSIVE", because);
  if (key.notValid || key.notEnforced || !place.hasValues) return;
  // The rows are looked up partition by partition.
  if (target.known !== null && isEmptyTree(world.schema, target.known)) return;
  if (other.known !== null && areKeysTakenOver(ledger.world, target.known, other.known, key)) return;
  // Columns that the same statement adds without a default hold nothing to look up on the other side.
  if (hasWordBeforeName(ledger, key.span, "period")) {
    // Keys over periods are checked row by row.
    checkRows(ledger, target.known, target.label, null, target.label);
    return;
  }
  const isEmpty = key.columns.every((column) => isAddedEmpty(plan, column.name));
  checkRows(ledger, target.known, target.label, other.known, other.label, !isEmpty);
}

/** Whether a partition has a like key of its own, which becomes part of the new one. */
function hasLikePart(world: EffectsWorld, table: Table | null, other: Table, key: ForeignKey): boolean {
  if (table === null || !isPartitioned(table)) return false;
  const isFree = freeKey(world, likeKey(other, key));
  return familyOf(world.schema, table).slice(1).some(isFree);
}

/** A partitioned table takes the like keys of its partitions over, without reading a row, if they are valid. */
function areKeysTakenOver(world: EffectsWorld, table: Table | null, other: Table, key: ForeignKey): boolean {
  if (table === null || !isPartitioned(table)) return false;
  const isFree = freeKey(world, likeKey(other, key));
  const below = new Set(familyOf(world.schema, table).slice(1));
  const leaves = [...below].filter(hasStorage);
  return (
    leaves.length > 0 &&
    leaves.every((leaf) =>
      [leaf, ...ancestorsOf(world.schema, leaf)].some((one) => below.has(one) && isFree(one)),
    )
  );
}

/** Whether a table has more like keys than its parent: each of the parent's has one that belongs to it, and is not free. */
function freeKey(world: EffectsWorld, isLike: (one: TableConstraint) => boolean): (table: Table) => boolean {
  const count = (table: Table | undefined) => table?.constraints.filter(isLike).length ?? 0;
  return (table) => {
    const parent = table.partitionOf === null ? undefined : world.schema.tableById(table.partitionOf.parent);
    return count(table) > count(parent);
  };
}

function likeKey(other: Table, key: ForeignKey): (one: TableConstraint) => boolean {
  const named = key.referencedColumns.map(({ name }) => name);
  const goal = named.length > 0 ? named : (primaryKeyOf(other) ?? []);
  return (one) =>
    one.kind === "foreign key" &&
    one.validated &&
    one.enforced &&
    one.references.id === other.id &&
    isEqual(
      one.columns,
      key.columns.map(({ name }) => name),
    ) &&
    isEqual(one.referencedColumns.length > 0 ? one.referencedColumns : (primaryKeyOf(other) ?? []), goal) &&
    one.onDelete === key.onDelete &&
    one.onUpdate === key.onUpdate;
}

function primaryKeyOf(table: Table): readonly string[] | undefined {
  return table.constraints.find((one) => one.kind === "primary key")?.columns;
}

function isEqual(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((one, k) => one === right[k]);
}

/** The type that the same statement gives a column: types change before constraints are added. */
export function typeBy(plan: AlterPlan, column: string): TypeDescription | undefined {
  const [changed] = actionsOn(plan.statement, "alter column type", column);
  const added = actionsOn(plan.statement, "add column", column).find((action) => action.column.type !== null);
  if (changed !== undefined && (added === undefined || changed.span.start < added.span.start))
    return changed.type;
  return added === undefined || isSerial(added.column) ? undefined : (added.column.type ?? undefined);
}

/** The referenced columns need a key of their own, and types that can be compared. */
function requireKey(plan: AlterPlan, key: ForeignKey, other: Table): void {
  const { ledger, target } = plan;
  const { schema } = ledger.world;
  if (!other.isComplete) return;
  const added = other.id === target.known?.id ? addedKeys(plan.statement) : [];
  const primary = other.constraints.find((one) => one.kind === "primary key");
  const named = key.referencedColumns.map((column) => column.name);
  if (named.length === 0 && primary === undefined) {
    if (schema.mayHaveMore(other) || added.some(({ kind }) => kind === "primary key")) return;
    fail(ledger, "42704", `${shortName(ledger.world, labelOf(other))} has no primary key`);
    return;
  }
  const columns = named.length > 0 ? named : (primary?.columns ?? []);
  if (columns.length !== key.columns.length)
    fail(ledger, "42830", "a foreign key has as many columns as it references");
  const isWithout = isSurelyWithoutKey(
    ledger.world,
    other,
    columns,
    ({ isPartial }) => !isPartial,
    hasWordBeforeName(ledger, key.span, "period"),
  );
  if (isWithout && !added.some((one) => isOver(one, columns)))
    fail(
      ledger,
      "42830",
      `no unique constraint of ${shortName(ledger.world, labelOf(other))} matches the key`,
    );
  const deferrable = deferrableKey(ledger.world, other, columns);
  if (deferrable !== undefined)
    fail(ledger, "55000", `${quoteName(deferrable.name)} is deferrable: a foreign key cannot rest on it`);
  for (const [position, { name }] of key.columns.entries()) {
    const own = typeBy(plan, name) ?? itemNamed(target.known?.columns ?? [], name)?.type;
    const goal = other.columns.find((column) => column.name === columns[position])?.type;
    if (own === null || own === undefined || goal === null || goal === undefined) continue;
    if (!areComparable(ledger.world, own, goal))
      fail(ledger, "42804", `column ${quoteName(name)} and the column that it references cannot be compared`);
  }
}

/** The columns of an index that becomes a constraint are not looked up: it may be the one. */
function isOver(key: KeyConstraint, columns: readonly string[]): boolean {
  if (key.usingIndex !== null) return true;
  return key.columns.length === columns.length && key.columns.every(({ name }) => columns.includes(name));
}

function isAddedEmpty(plan: AlterPlan, name: string): boolean {
  return actionsOn(plan.statement, "add column", name).some(
    ({ column }) =>
      column.default === null && column.generated === null && column.identity === null && !isSerial(column),
  );
}

/** The server joins the two tables to find rows without a partner: it reads both, and looks at their indexes. */
export function checkRows(
  ledger: Ledger,
  table: Table | null,
  label: string,
  other: Table | null,
  otherLabel: string,
  readsOther = true,
): void {
  const { schema, version } = ledger.world;
  for (const [one, name] of [
    [table, label],
    [other, otherLabel],
  ] as const) {
    const isRead = name === label || readsOther;
    if (one === null) {
      if (isRead) ledger.scans.add(name);
      continue;
    }
    for (const member of isPartitioned(one) ? familyOf(schema, one) : [one]) {
      if (hasStorage(member) && isRead) ledger.scans.add(labelOf(member));
      // Each partition is checked by itself; from 16 the planner looks at the indexes of a partitioned table that it joins.
      if (!hasStorage(member) && (version < 16 || one !== other)) continue;
      for (const index of schema.indexesOf(member.id))
        lock(ledger, index, "ACCESS SHARE", "planning the check");
    }
  }
}

/** Foreign keys of the table: its own, and those of its partitioned ancestors. */
export function foreignKeysOf(world: EffectsWorld, table: Table): readonly ForeignKeyOf[] {
  const parents = table.partitionOf === null ? [] : ancestorsOf(world.schema, table);
  return [table, ...parents].flatMap((one) =>
    one.constraints.filter((constraint) => constraint.kind === "foreign key"),
  );
}

/** The table that a foreign key points at, known or not. */
export function referencedBy(
  world: EffectsWorld,
  key: ForeignKeyOf,
): { readonly known: Table | null; readonly label: string } {
  const byId = key.references.id === null ? undefined : world.schema.tableById(key.references.id);
  if (byId !== undefined) return { known: byId, label: labelOf(byId) };
  const found = findRelation(world, key.references);
  if (isTable(found)) return { known: found, label: labelOf(found) };
  const schema = key.references.schema ?? world.searchPath[0] ?? "public";
  return { known: null, label: labelOf({ schema, name: key.references.name }) };
}

/** Locks the table that a foreign key points at, and its partitions. */
export function lockReferenced(ledger: Ledger, key: ForeignKeyOf, mode: LockMode): void {
  const other = referencedBy(ledger.world, key);
  lockTarget(ledger, other, "table", mode, `referenced by ${quoteName(key.name)}`);
  if (other.known !== null && isPartitioned(other.known)) {
    for (const member of familyOf(ledger.world.schema, other.known).slice(1))
      lock(ledger, member, mode, kinship(ledger.world, member, other.known));
  }
}

/**
 * The triggers of a key on the referenced table go. Up to 14 a partitioned one has none itself, only those of its partitions
 * that hold rows.
 */
export function lockOfDroppedKey(ledger: Ledger, key: ForeignKeyOf): void {
  // A key that is not enforced has no triggers to take away.
  if (!key.enforced) return;
  const other = referencedBy(ledger.world, key).known;
  if (other === null || !isPartitioned(other) || ledger.world.version >= 15)
    lockReferenced(ledger, key, "ACCESS EXCLUSIVE");
  else
    for (const member of descendantsOf(ledger.world.schema, other))
      if (hasStorage(member)) lock(ledger, member, "ACCESS EXCLUSIVE", kinship(ledger.world, member, other));
}

/** Foreign keys of other tables that point at this one, with their table. */
export function incomingKeys(
  world: EffectsWorld,
  table: Table,
): readonly { readonly from: Table; readonly key: ForeignKeyOf }[] {
  const found: { readonly from: Table; readonly key: ForeignKeyOf }[] = [];
  for (const from of world.schema.referencingTables(table.id)) {
    for (const key of from.constraints) {
      if (key.kind !== "foreign key") continue;
      if (key.references.id === table.id || referencedBy(world, key).known?.id === table.id)
        found.push({ from, key });
    }
  }
  return found;
}

/** Keys by which rows of the table are referenced: those that point at it, and at the partitioned tables above it. */
export function keysOnRows(
  world: EffectsWorld,
  table: Table,
): readonly { readonly from: Table; readonly key: ForeignKeyOf; readonly goal: Table }[] {
  const above = table.partitionOf === null ? [] : ancestorsOf(world.schema, table);
  return [table, ...above].flatMap((goal) => incomingKeys(world, goal).map((one) => ({ goal, ...one })));
}

/** The columns that a foreign key points at: those it names, or the primary key. */
export function referencedColumnsOf(table: Table, key: ForeignKeyOf): readonly string[] {
  if (key.referencedColumns.length > 0) return key.referencedColumns;
  return table.constraints.find((one) => one.kind === "primary key")?.columns ?? [];
}

/** Whether a foreign key needs this index of the table that it points at: the one that the server took for it. */
export function restsOn(world: EffectsWorld, key: ForeignKeyOf, index: Index, table: Table): boolean {
  if (key.restsOn !== null) return key.restsOn === index.id;
  const columns = referencedColumnsOf(table, key);
  const isKey = (one: Index) =>
    one.unique && one.keys.length === columns.length && columns.every((column) => one.keys.includes(column));
  // Where the history does not tell, another index over the same columns could be the one.
  return isKey(index) && !world.schema.indexesOf(table.id).some((one) => one.id !== index.id && isKey(one));
}
