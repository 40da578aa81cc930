import type { Constraint, ExclusionConstraint, KeyConstraint } from "../../model/table.ts";
import { quoteName } from "../../sql/names.ts";
import { labelOf } from "../effect.ts";
import type { Index, Table, TableConstraint } from "../entities.ts";
import { actionsOn } from "../same-statement.ts";
import { itemNamed } from "../schema/places.ts";
import type { AlterPlan, ConstraintPlace } from "./alter-plan.ts";
import { hasOtherPrimaryKey, isDroppedConstraint, nameChange, planIndex, planScan } from "./alter-plan.ts";
import {
  mergesWith,
  refuseCheck,
  refuseExclusion,
  refuseIndex,
  refuseKeyColumns,
} from "./constraint-refusals.ts";
import { familyOf, isPartitioned, kinship, lockDescendants } from "./family.ts";
import { planForeignKey } from "./foreign-keys.ts";
import { nameKeyIndex } from "./index-names.ts";
import {
  depend,
  fail,
  failEvident,
  findRelation,
  lock,
  lockTarget,
  needVersion,
  schemaOf,
  shortName,
} from "./ledger.ts";
import { knowsNotNull, planNotNull, refuseKeptNotNull } from "./not-null.ts";
import { planNotNullConstraint } from "./not-null-constraint.ts";
import { headsAfter, listHeads } from "./words.ts";

const onOldColumns: ConstraintPlace = { isOnNewColumn: false, hasValues: true };

/** A constraint that is added to a table that is there. */
export function planConstraint(
  plan: AlterPlan,
  constraint: Constraint,
  place: ConstraintPlace = onOldColumns,
): void {
  const { ledger, target, statement } = plan;
  const { schema, version } = ledger.world;
  const table = target.known;
  refuseDouble(plan, constraint);
  switch (constraint.kind) {
    case "check": {
      const isAlone = constraint.noInherit || statement.only;
      refuseCheck(plan, constraint);
      lockTarget(ledger, target, "table", "ACCESS EXCLUSIVE");
      // NO INHERIT stops at the table; from 18 the children are locked all the same.
      if (table !== null && (!constraint.noInherit || version >= 18) && !statement.only)
        lockDescendants(ledger, table, "ACCESS EXCLUSIVE");
      if (constraint.notValid || constraint.notEnforced) return;
      for (const member of table === null ? [null] : familyOf(schema, table, isAlone))
        if (member === null || !mergesWith(plan, constraint, member)) planScan(plan, member);
      return;
    }
    case "not null":
      planNotNullConstraint(plan, constraint);
      return;
    case "foreign key":
      planForeignKey(plan, constraint, place);
      return;
    case "unique":
    case "primary key":
      lockTarget(ledger, target, "table", "ACCESS EXCLUSIVE");
      planKey(plan, constraint, place);
      return;
    case "exclusion":
      lockTarget(ledger, target, "table", "ACCESS EXCLUSIVE");
      if (isPartitioned(table))
        needVersion(ledger, 17, "an exclusion constraint on a partitioned table", "0A000");
      refuseExclusion(plan, constraint);
      planExclusion(plan, constraint);
  }
}

/** EXCLUDE builds its index under the lock; from 17 on partitioned tables too. The model does not hold its columns. */
function planExclusion(plan: AlterPlan, constraint: ExclusionConstraint): void {
  const { ledger, target } = plan;
  const { world } = ledger;
  const columns = [
    ...listHeads(ledger, constraint.span),
    ...headsAfter(ledger, constraint.span, "include"),
  ].map((head) => head ?? "expr");
  planIndex(plan, target.known, constraint.name?.name ?? nameKeyIndex(world, target, columns, "excl"));
  if (target.known === null) return;
  for (const member of familyOf(world.schema, target.known, plan.statement.only).slice(1)) {
    // From 18 inheritance children are locked as well, though nothing is built there.
    if (member.partitionOf === null) {
      if (world.version >= 18) lock(ledger, member, "ACCESS EXCLUSIVE", kinship(world, member, target.known));
      continue;
    }
    const mode = world.version >= 18 ? "ACCESS EXCLUSIVE" : "SHARE";
    lock(ledger, member, mode, kinship(world, member, target.known));
    const own = { known: member, label: labelOf(member) };
    planIndex(plan, member, nameKeyIndex(world, own, columns, "excl"));
  }
}

function planKey(plan: AlterPlan, key: KeyConstraint, place: ConstraintPlace): void {
  const { ledger, target } = plan;
  const { world } = ledger;
  const table = target.known;
  if (key.usingIndex !== null) {
    planKeyOfIndex(plan, key);
    return;
  }
  const columns = key.columns.map((column) => column.name);
  if (key.kind === "primary key" && plan.statement.only && table !== null) requireBelow(plan, table, columns);
  refuseKeyColumns(plan, key, place);
  if (key.kind === "primary key" && !place.isOnNewColumn) requireNotNull(plan, columns);
  if (key.kind === "primary key" && table !== null && hasOtherPrimaryKey(plan, table))
    fail(
      ledger,
      "42P16",
      `multiple primary keys for table ${shortName(world, target.label)} are not allowed`,
    );
  if (table !== null && isPartitioned(table)) checkPartitionKey(plan, table, columns, key.kind);
  const label = key.kind === "primary key" ? "pkey" : "key";
  const named = [...columns, ...key.including.map((column) => column.name)];
  const becomes = (name: string) => nameChange(plan, name);
  planIndex(plan, table, key.name?.name ?? nameKeyIndex(world, target, named, label, becomes));
  if (table === null || plan.statement.only) return;
  // Up to 17 the children are asked for NOT NULL in any case.
  if (key.kind === "primary key" && world.version < 18 && !place.isOnNewColumn && !isPartitioned(table))
    lockDescendants(ledger, table, "ACCESS EXCLUSIVE");
  const served = new Set<number>();
  for (const member of familyOf(world.schema, table).slice(1)) {
    // From 18 inheritance children are locked as well, though nothing is built there.
    if (member.partitionOf === null) {
      if (world.version >= 18) lock(ledger, member, "ACCESS EXCLUSIVE", kinship(world, member, table));
      continue;
    }
    // Before 18 the partitions were only kept from writes.
    const isStrong = world.version >= 18 || place.isOnNewColumn;
    // A key that is taken over has its parts on the partitions below: nobody looks at them before 18.
    const isBelow = served.has(member.partitionOf.parent);
    if (!isBelow || isStrong)
      lock(ledger, member, isStrong ? "ACCESS EXCLUSIVE" : "SHARE", kinship(world, member, table));
    const like = isBelow ? undefined : indexOfKey(plan, key, member);
    if (isBelow || like !== undefined) served.add(member.id);
    else if (key.kind === "primary key" && hasOtherPrimaryKey(plan, member))
      fail(ledger, "42P16", `partition ${quoteName(member.name)} has a primary key of its own`);
    if (like !== undefined)
      lock(ledger, like, "SHARE", `becomes part of the key of ${quoteName(table.name)}`);
    const own = { known: member, label: labelOf(member) };
    if (!served.has(member.id)) planIndex(plan, member, nameKeyIndex(world, own, named, label));
  }
}

/** With ONLY the partitions, from 18 all children, have to be NOT NULL already where the table is not. */
function requireBelow(plan: AlterPlan, table: Table, columns: readonly string[]): void {
  const { ledger } = plan;
  const { schema, version } = ledger.world;
  const partitions = schema.partitionsOf(table.id);
  for (const name of columns) {
    for (const child of version < 18 ? [] : [...partitions, ...schema.childrenOf(table.id)])
      if (itemNamed(child.columns, name)?.notNull === "no")
        fail(ledger, "XX000", `column ${quoteName(name)} of ${quoteName(child.name)} is not NOT NULL`);
    if (partitions.length === 0 || knowsNotNull(plan, table, name) === "yes") continue;
    lockDescendants(ledger, table, "ACCESS EXCLUSIVE");
    if (version < 18 && partitions.some((one) => itemNamed(one.columns, name)?.notNull === "no"))
      fail(ledger, "42P16", "NOT NULL must be set in the partitions too");
  }
}

/** The key of a partition that is just like its parent's new one: it is taken for its part of it. */
function indexOfKey({ ledger }: AlterPlan, key: KeyConstraint, member: Table): Index | undefined {
  const words = [key.columns, key.including].map((columns) => columns.map(({ name }) => name).join());
  const method = key.withoutOverlaps ? "gist" : "btree";
  const isLike = (index: Index) =>
    index.partitionOf === null &&
    index.unique &&
    index.method === method &&
    [index.keys, index.including].every((columns, k) => columns.join() === words[k]) &&
    member.constraints.some((one) => one.name === index.constraint && one.kind === key.kind);
  return ledger.world.schema.indexesOf(member.id).find(isLike);
}

/** A name that a constraint of the table, or for keys any relation beside it, has already. */
function refuseDouble(plan: AlterPlan, constraint: Constraint): void {
  const name = constraint.name?.name;
  const table = plan.target.known;
  if (name === undefined) return;
  const isSecond = actionsOn(plan.statement, "add constraint", name).some(
    (one) => one.kind === "add constraint" && one.constraint.span.start < constraint.span.start,
  );
  if (isSecond) failEvident(plan.ledger, "42710", `constraint ${quoteName(name)} is added twice`);
  if (table === null || isDroppedConstraint(plan, name)) return;
  const isKey =
    constraint.kind !== "check" && constraint.kind !== "foreign key" && constraint.kind !== "not null";
  const usesIt = "usingIndex" in constraint && constraint.usingIndex !== null;
  if (isKey && !usesIt && findRelation(plan.ledger.world, { schema: table.schema, name }) !== undefined)
    fail(plan.ledger, "42P07", `relation ${quoteName(name)} already exists`);
  const own = itemNamed(table.constraints, name);
  if (own !== undefined && !mayMerge(plan, table, constraint, own))
    fail(plan.ledger, "42710", `constraint ${quoteName(name)} already exists`);
}

/** A check that a child has from its parent alone becomes its own as well, where it says the same; partitions have none. */
function mayMerge(plan: AlterPlan, table: Table, constraint: Constraint, own: TableConstraint): boolean {
  const { kind } = constraint;
  // NOT NULL that is there already, under the same name.
  if (constraint.kind === "not null" && own.kind === "not null")
    return own.columns.includes(constraint.column.name);
  if (kind !== "check" || own.kind !== "check" || table.partitionOf !== null) return false;
  const { schema } = plan.ledger.world;
  return table.inherits.some((id) => {
    const parent = schema.tableById(id);
    return parent !== undefined && itemNamed(parent.constraints, own.name)?.kind === "check";
  });
}

/** ADD CONSTRAINT ... USING INDEX: nothing is built; a primary key still has to know that there is no null. */
function planKeyOfIndex(plan: AlterPlan, key: KeyConstraint): void {
  const { ledger, target } = plan;
  const { world } = ledger;
  const table = target.known;
  const name = key.usingIndex?.name ?? "";
  // The index is looked at first.
  const refusePartitioned = () => {
    if (isPartitioned(table))
      fail(ledger, "0A000", "ADD CONSTRAINT USING INDEX is not supported on partitioned tables");
  };
  const schema = schemaOf(target);
  const index = findRelation(world, { schema, name });
  // The index takes the name of the constraint; a renaming needs the stronger lock.
  const isRenamed = key.name !== null && key.name.name !== name;
  const mode = isRenamed ? "SHARE UPDATE EXCLUSIVE" : "ACCESS SHARE";
  if (index?.kind !== "index") {
    lockTarget(ledger, { known: null, label: labelOf({ schema, name }) }, "index", mode);
    if (key.kind === "primary key") {
      planScan(plan, table);
      depend(ledger, `whether the columns of ${quoteName(name)} are NOT NULL already`);
    }
    refusePartitioned();
    return;
  }
  lock(ledger, index, mode);
  refuseIndex(plan, key, index);
  refusePartitioned();
  if (key.kind === "primary key" && table !== null && hasOtherPrimaryKey(plan, table))
    fail(
      ledger,
      "42P16",
      `multiple primary keys for table ${shortName(world, target.label)} are not allowed`,
    );
  if (key.kind === "primary key")
    requireNotNull(
      plan,
      index.keys.flatMap((column) => column ?? []),
    );
}

/** A primary key makes its columns NOT NULL; those that are not yet are read through first. */
function requireNotNull(plan: AlterPlan, columns: readonly string[]): void {
  const table = plan.target.known;
  for (const column of columns) {
    refuseKeptNotNull(plan, column, "valid");
    const isKnown = table?.columns.some((one) => one.name === column && one.notNull !== "unknown") ?? false;
    if (table !== null && (isKnown || table.isComplete) && knowsNotNull(plan, table, column) === "yes")
      continue;
    if (table !== null && !plan.statement.only && knowsNotNull(plan, table, column) === "no")
      lockDescendants(plan.ledger, table, "ACCESS EXCLUSIVE");
    planNotNull(plan, column);
  }
}

/** A key of a partitioned table has to contain every column of the partition key. */
function checkPartitionKey(
  plan: AlterPlan,
  table: Table,
  columns: readonly string[],
  kind: "unique" | "primary key",
): void {
  // Partitions that are partitioned again get the key too.
  const family = familyOf(plan.ledger.world.schema, table, plan.statement.only);
  const parts = family.flatMap((member) => member.partitionBy?.columns ?? []);
  const isCovered = parts.every((part) => part.column !== null && columns.includes(part.column));
  if (isCovered) return;
  const word = kind === "unique" ? "unique constraint" : "primary key";
  fail(plan.ledger, "0A000", `a ${word} on a partitioned table must include all partitioning columns`);
}
