import type { Action } from "../../model/action.ts";
import type { PartitionBound } from "../../model/table.ts";
import { quoteName } from "../../sql/names.ts";
import { labelOf } from "../effect.ts";
import { type Index, isTable, type Table } from "../entities.ts";
import { isLikeIndex } from "../schema/indexes.ts";
import { attachIndex } from "./attach-index.ts";
import { comparedBounds, excludesBound, overlaps, provesBound } from "./bounds.ts";
import { ancestorsOf, defaultPartitionOf, familyOf, hasStorage, lockDescendants } from "./family.ts";
import {
  type ForeignKeyOf,
  foreignKeysOf,
  incomingKeys,
  lockReferenced,
  referencedBy,
} from "./foreign-keys.ts";
import { namePartitionIndex } from "./index-names.ts";
import type { EffectsWorld, Ledger, Target } from "./ledger.ts";
import { depend, fail, lock, lockTarget, shortName, tableTarget, targetOf } from "./ledger.ts";
import { isPartOfKey } from "./part-of-key.ts";
import { refuseParent, refusePartition } from "./partition-refusals.ts";

type Attach = Extract<Action, { readonly kind: "attach partition" }>;
type Detach = Extract<Action, { readonly kind: "detach partition" }>;

/** ATTACH PARTITION: gentle to the parent, exclusive on the new partition and on the default one. */
export function attachPartition(ledger: Ledger, parent: Target, action: Attach): void {
  if (action.bound === null) {
    attachIndex(ledger, parent, action);
    return;
  }
  const { world } = ledger;
  const { schema } = world;
  const partition = tableTarget(world, action.partition);
  lockTarget(ledger, parent, "table", "SHARE UPDATE EXCLUSIVE");
  lockTarget(
    ledger,
    partition,
    "table",
    "ACCESS EXCLUSIVE",
    `becomes a partition of ${shortName(world, parent.label)}`,
  );
  const table = partition.known;
  if (table !== null) lockDescendants(ledger, table, "ACCESS EXCLUSIVE");
  const other = targetOf(world, action.partition).known;
  if (other !== null && !isTable(other)) fail(ledger, "42809", `${quoteName(other.name)} is not a table`);
  if (!isTable(parent.known)) {
    ledger.scans.add(partition.label);
    return;
  }
  const above = parent.known;
  refuseParent(ledger, above, action.bound, world.version >= 18 ? "42809" : "42P17");
  guardDefault(ledger, above, action.bound);
  refuseOverlap(ledger, above, action.bound);
  lockAncestors(ledger, above);
  if (table !== null) refusePartition(ledger, above, table);
  if (table === null) ledger.scans.add(partition.label);
  else {
    // The server looks at the constraints of each table that holds rows, those that it inherits included.
    for (const member of familyOf(schema, table))
      if (hasStorage(member) && !provesPlace(ledger, above, action.bound, member))
        ledger.scans.add(labelOf(member));
    matchIndexes(ledger, above, table);
  }
  for (const key of foreignKeysOf(world, above)) {
    if (table !== null && hasLikeKey(world, table, key)) {
      // A key that the partition has already is merged with the parent's.
      lockReferenced(ledger, key, "ACCESS EXCLUSIVE");
      continue;
    }
    // From 18 one that is NOT VALID is merged as well, and validated.
    const isUnproven = table !== null && hasLikeKey(world, table, key, false);
    const isMerged = isUnproven && world.version >= 18;
    lockReferenced(ledger, key, isMerged ? "ACCESS EXCLUSIVE" : "SHARE ROW EXCLUSIVE");
    const other = referencedBy(world, key);
    if (isUnproven) ledger.scans.add(other.label);
    // The join with the referenced table starts from the new partition's rows.
    if (other.known !== null)
      for (const index of schema.indexesOf(other.known.id)) lock(ledger, index, "ACCESS SHARE");
    if (table === null) continue;
    ledger.scans.add(labelOf(table));
    for (const index of schema.indexesOf(table.id)) lock(ledger, index, "ACCESS SHARE");
  }
  lockReferencing(ledger, above);
}

/** Whether the table has a foreign key to the same columns of the same table, which ATTACH merges. */
export function hasLikeKey(world: EffectsWorld, table: Table, key: ForeignKeyOf, validated = true): boolean {
  const goal = referencedBy(world, key).known;
  return table.constraints.some(
    (one) =>
      one.kind === "foreign key" &&
      one.validated === validated &&
      (one.deferrable ?? false) === (key.deferrable ?? false) &&
      one.onDelete === key.onDelete &&
      one.onUpdate === key.onUpdate &&
      one.columns.join() === key.columns.join() &&
      referencedBy(world, one).known?.id === goal?.id,
  );
}

/** The bounds of the parents above are read as well. */
function lockAncestors(ledger: Ledger, parent: Table): void {
  for (const above of ancestorsOf(ledger.world.schema, parent)) lock(ledger, above, "ACCESS SHARE");
}

/** Two partitions cannot hold the same rows. */
function refuseOverlap(ledger: Ledger, parent: Table, bound: PartitionBound): void {
  const { schema } = ledger.world;
  const rest = defaultPartitionOf(schema, parent);
  const others =
    bound.kind === "default"
      ? rest === undefined
        ? []
        : [rest]
      : schema.usersOf("partition of", parent.id, comparedBounds).filter(isTable);
  for (const other of others) {
    const taken = other.partitionOf?.bound;
    // Temporary ones may be gone, as with ON COMMIT DROP and with their session.
    if (
      taken === null ||
      taken === undefined ||
      other.schema === "pg_temp" ||
      !overlaps(parent, bound, taken)
    )
      continue;
    fail(ledger, "42P17", `the bounds overlap those of partition ${quoteName(other.name)}`);
    return;
  }
}

/** The bound, and the bounds of the parents above, all proven by valid constraints. */
function provesPlace(ledger: Ledger, parent: Table, bound: PartitionBound, table: Table): boolean {
  const { world } = ledger;
  if (bound.kind === "default") {
    // An only partition may hold anything; beside others their bounds would have to be excluded.
    const others = world.schema.partitionsOf(parent.id);
    return others.every((other) => {
      const taken = other.partitionOf?.bound;
      return taken !== null && taken !== undefined && excludesBound(world, parent, taken, table);
    });
  }
  let level: Table | undefined = parent;
  let limit: PartitionBound | null | undefined = bound;
  while (level !== undefined && limit !== null && limit !== undefined && limit.kind !== "default") {
    if (!provesBound(world, level, limit, table)) return false;
    const next: Table | undefined =
      level.partitionOf === null ? undefined : world.schema.tableById(level.partitionOf.parent);
    limit = level.partitionOf?.bound;
    level = next;
  }
  return true;
}

/** The default partition must not hold rows of a new one: it is locked, and read unless a CHECK rules them out. */
function guardDefault(ledger: Ledger, parent: Table, bound: PartitionBound): void {
  const { world } = ledger;
  const rest = defaultPartitionOf(world.schema, parent);
  if (rest === undefined) return;
  const because = `default partition of ${shortName(world, labelOf(parent))}`;
  for (const member of familyOf(world.schema, rest)) {
    lock(ledger, member, "ACCESS EXCLUSIVE", because);
    if (hasStorage(member) && !excludesBound(world, parent, bound, member)) ledger.scans.add(labelOf(member));
  }
}

/** Each index of the parent needs a like one on the partition: taken over if it is there, built if not. */
function matchIndexes(ledger: Ledger, parent: Table, table: Table): void {
  const { world } = ledger;
  const { schema } = world;
  const free = new Set(schema.freeIndexesOf(table.id));
  const given = new Set<string>();
  for (const index of schema.indexesOf(parent.id)) {
    lock(ledger, index, "SHARE UPDATE EXCLUSIVE");
    const match = [...free].find((own) => isAlike(index, own));
    if (match !== undefined) {
      free.delete(match);
      continue;
    }
    for (const member of familyOf(schema, table)) {
      if (!hasStorage(member)) continue;
      ledger.buildsIndexes.add(
        namePartitionIndex(
          world,
          member,
          [...index.keys, ...index.including],
          index.expressions,
          labelOfIndex(parent, index),
          given,
        ),
      );
      ledger.scans.add(labelOf(member));
    }
  }
}

/** Whether ATTACH takes the index of the new partition for that of the parent. */
export function isAlike(index: Index, own: Index): boolean {
  // The index of a key is only taken over from a key.
  return own.isValid && isLikeIndex(own, index) && (index.constraint === null || own.constraint !== null);
}

/** What the server ends the name of a copy of the index with. */
export function labelOfIndex(parent: Table, index: Index): "key" | "pkey" | "idx" {
  const owner = parent.constraints.find((one) => one.name === index.constraint);
  if (owner === undefined) return "idx";
  return owner.kind === "primary key" ? "pkey" : "key";
}

/** Tables whose foreign keys point at the parent get new triggers: their writers wait, from 15 on. */
function lockReferencing(ledger: Ledger, parent: Table): void {
  const { world } = ledger;
  const mode = world.version >= 15 ? "SHARE ROW EXCLUSIVE" : "ACCESS SHARE";
  for (const one of [parent, ...ancestorsOf(world.schema, parent)])
    for (const { from, key } of incomingKeys(world, one))
      if (!isPartOfKey(world, from, key))
        lock(ledger, from, mode, `${quoteName(key.name)} references ${shortName(world, labelOf(one))}`);
}

/** DETACH PARTITION, its CONCURRENTLY and its FINALIZE. */
export function detachPartition(ledger: Ledger, parent: Target, action: Detach): void {
  const { world } = ledger;
  const { schema, version } = world;
  const partition = tableTarget(world, action.partition);
  const isLooked = version >= 18 || !action.finalize;
  if (isLooked && isTable(parent.known) && parent.known.isComplete && parent.known.partitionBy === null)
    fail(ledger, version >= 18 ? "42809" : "42P17", `${shortName(world, parent.label)} is not partitioned`);
  const isGentle = action.concurrently || action.finalize;
  lockTarget(ledger, parent, "table", isGentle ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE");
  // Before 14 only what has to be dropped from the partition needs more: its copies of row triggers, the default's place.
  const isDropped =
    partition.known?.partitionOf?.bound?.kind === "default" ||
    (isTable(parent.known) && parent.known.triggers.some((one) => one.forEachRow));
  const isExclusive = version >= 14 || action.concurrently || isDropped;
  const mode = isExclusive ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE";
  lockTarget(ledger, partition, "table", mode, `partition of ${shortName(world, parent.label)}`);
  if (action.concurrently) ledger.refusesTransaction = true;
  const above = isTable(parent.known) ? parent.known : null;
  const rest = above === null ? undefined : defaultPartitionOf(schema, above);
  // The default partition itself is no exception.
  if (rest !== undefined && action.concurrently)
    fail(ledger, "55000", "a partition cannot be detached concurrently while there is a default partition");
  if (rest !== undefined && rest.id !== partition.known?.id) {
    lock(ledger, rest, "ACCESS EXCLUSIVE", `default partition of ${shortName(world, parent.label)}`);
  }
  if (action.concurrently && above !== null) lockAncestors(ledger, above);
  if (partition.known !== null) {
    const below = action.concurrently ? "SHARE UPDATE EXCLUSIVE" : mode;
    lockDescendants(ledger, partition.known, isGentle ? below : "ACCESS EXCLUSIVE");
    if (above !== null && partition.known.isComplete && partition.known.partitionOf?.parent !== above.id)
      fail(ledger, "42P01", `${partition.label} is not a partition of ${parent.label}`);
  }
  if (action.finalize) depend(ledger, "whether a DETACH PARTITION CONCURRENTLY was interrupted");
  if (partition.known !== null)
    for (const index of schema.indexesOf(partition.known.id))
      if (index.partitionOf !== null) lock(ledger, index, "ACCESS EXCLUSIVE");
  if (above === null) return;
  for (const key of foreignKeysOf(world, above))
    if (version >= 15 || referencedBy(world, key).known !== above)
      lockReferenced(ledger, key, "SHARE ROW EXCLUSIVE");
  for (const one of [above, ...ancestorsOf(schema, above)]) {
    for (const { from, key } of incomingKeys(world, one)) {
      const isOwn = from.id === one.id || ancestorsOf(schema, from).includes(one);
      // A key of the table to itself was left as it is before 13, and its copies on the other partitions are only looked at before 15.
      if (isOwn && version < 13) continue;
      lock(
        ledger,
        from,
        !isOwn || from === one ? "ACCESS EXCLUSIVE" : version < 15 ? "ACCESS SHARE" : "SHARE ROW EXCLUSIVE",
        `${quoteName(key.name)} references ${shortName(world, labelOf(one))}`,
      );
      // Its triggers for the key go; before 15 a partitioned table has none itself.
      if (partition.known !== null && hasStorage(partition.known))
        lock(ledger, partition.known, "ACCESS EXCLUSIVE");
      for (const member of familyOf(schema, from)) if (hasStorage(member)) ledger.scans.add(labelOf(member));
      const planned = [
        ...(isOwn && from === one && version < 16 ? [] : [from]),
        ...(partition.known === null ? [] : familyOf(schema, partition.known)),
      ];
      for (const index of planned.flatMap(({ id }) => schema.indexesOf(id)))
        lock(ledger, index, "ACCESS SHARE", "planning the check");
    }
  }
}

/** CREATE TABLE ... PARTITION OF: the parent cannot be read until the transaction ends. */
export function createPartition(ledger: Ledger, parent: Target, bound: PartitionBound): void {
  const { world } = ledger;
  const { schema } = world;
  lockTarget(ledger, parent, "table", "ACCESS EXCLUSIVE");
  if (!isTable(parent.known)) return;
  refuseParent(ledger, parent.known, bound, "42P17");
  guardDefault(ledger, parent.known, bound);
  refuseOverlap(ledger, parent.known, bound);
  for (const index of schema.indexesOf(parent.known.id)) lock(ledger, index, "SHARE UPDATE EXCLUSIVE");
  for (const key of foreignKeysOf(world, parent.known)) lockReferenced(ledger, key, "SHARE ROW EXCLUSIVE");
  lockReferencing(ledger, parent.known);
}
