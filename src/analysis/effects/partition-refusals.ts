import { isNullConstant } from "../../model/expression.ts";
import type { Persistence } from "../../model/statement.ts";
import type { PartitionBound } from "../../model/table.ts";
import { quoteName } from "../../sql/names.ts";
import { labelOf } from "../effect.ts";
import type { Column, Table, TableConstraint } from "../entities.ts";
import { typeOf } from "../expression-type.ts";
import { implies } from "../implication.ts";
import { isOwnFunction } from "../own-functions.ts";
import { partitionConstraint } from "../partition-bound.ts";
import { itemNamed } from "../schema/places.ts";
import { isOtherType, refuseCheckOf, refuseGeneratedOf, refuseNotNullOf } from "./child-refusals.ts";
import { descendantsOf } from "./family.ts";
import type { Ledger } from "./ledger.ts";
import { fail, failEvident, shortName } from "./ledger.ts";
import { changeOfType } from "./type-change.ts";

/** The parent is partitioned, in the way that the bound is meant for. */
export function refuseParent(ledger: Ledger, parent: Table, bound: PartitionBound, sqlstate: string): void {
  const label = shortName(ledger.world, labelOf(parent));
  const key = parent.partitionBy;
  if (key === null) {
    if (parent.isComplete) fail(ledger, sqlstate, `${label} is not partitioned`);
    return;
  }
  if (bound.kind === "default") {
    if (key.strategy === "hash")
      fail(ledger, "42P16", `${label} is partitioned by hash: it has no default partition`);
  } else if (bound.kind !== key.strategy)
    fail(ledger, "42P16", `the bound is not one of a table that is partitioned by ${key.strategy}`);
  if (bound.kind === "hash" && bound.remainder >= bound.modulus)
    fail(ledger, "42P16", "the remainder of a hash partition is less than its modulus");
  if (bound.kind === "hash") refuseModulus(ledger, parent, bound.modulus);
  refuseBoundValues(ledger, parent, bound);
  if (bound.kind === "range" && [...bound.from, ...bound.to].some(isNullConstant))
    fail(ledger, "42P17", "a bound of a range cannot be NULL");
  if (bound.kind === "range" && isEmpty(parent, bound))
    fail(ledger, "42P17", "the range of the partition is empty");
}

/** A range has a value for each column of the key at either end, and a value is one of its column's type. */
function refuseBoundValues(ledger: Ledger, parent: Table, bound: PartitionBound): void {
  const columns = parent.partitionBy?.columns ?? [];
  const ends = bound.kind === "range" ? [bound.from, bound.to] : [];
  if (ends.some((end) => end.length !== columns.length))
    fail(ledger, "42P16", "a bound has one value for each column of the partition key");
  const values =
    bound.kind === "list"
      ? bound.values.map((value) => [value, columns[0]] as const)
      : ends.flatMap((end) => end.map((value, k) => [value, columns[k]] as const));
  const { world } = ledger;
  for (const [value, part] of values) {
    const type = itemNamed(parent.columns, part?.column ?? "")?.type ?? null;
    const own = typeOf(value, null, (name) => isOwnFunction(world.schema, name));
    if (type === null || own === null || world.schema.hasCasts) continue;
    const change = changeOfType(world, own, type);
    if (change === "refused" || change === "explicit")
      fail(ledger, "42804", `a bound of column ${quoteName(part?.column ?? "")} is not of type ${type.name}`);
  }
}

/** Of two moduli of a table the larger is a multiple of the smaller. */
function refuseModulus(ledger: Ledger, parent: Table, modulus: number): void {
  for (const { partitionOf } of ledger.world.schema.partitionsOf(parent.id)) {
    if (partitionOf?.bound?.kind !== "hash") continue;
    const [small = 1, large = 1] = [modulus, partitionOf.bound.modulus].sort((a, b) => a - b);
    if (large % small !== 0)
      fail(ledger, "42P17", `modulus ${modulus} does not go with the modulus of another partition`);
  }
}

/** Whether no row at all can have a key from the lower bound on and below the upper. */
function isEmpty(parent: Table, bound: Extract<PartitionBound, { readonly kind: "range" }>): boolean {
  const [from] = bound.from;
  const column = parent.partitionBy?.columns[0]?.column;
  if (from === undefined || column == null || bound.from.length !== 1) return false;
  const type = (name: string) => parent.columns.find((one) => one.name === name)?.type?.name;
  const below = partitionConstraint(parent.partitionBy, {
    ...bound,
    from: [{ kind: "column", path: ["minvalue"] }],
  });
  if (below === null) return false;
  const start = {
    kind: "operator",
    name: ">=",
    left: { kind: "column", path: [column] },
    right: from,
  } as const;
  // From the lower bound on, nothing lies below the upper one.
  return implies([start], { kind: "not", argument: below }, type);
}

/** What a new partition has to have, and cannot be. */
export function refusePartition(ledger: Ledger, parent: Table, table: Table): void {
  const { schema, version } = ledger.world;
  if (table.id === parent.id) failEvident(ledger, "42P07", "a table cannot be a partition of itself");
  if (descendantsOf(schema, table).some((one) => one.id === parent.id))
    fail(ledger, "42P07", "circular inheritance is not allowed");
  if (table.partitionOf !== null) fail(ledger, "42809", `${quoteName(table.name)} is a partition already`);
  refuseTemporary(ledger, parent, table.persistence);
  if (table.inherits.length > 0) fail(ledger, "42809", "an inheritance child cannot be attached");
  if (table.partitionBy === null && schema.childrenOf(table.id).length > 0)
    fail(ledger, "42809", "an inheritance parent cannot be attached");
  if (!table.isComplete) return;
  for (const column of table.columns) {
    if (parent.isComplete && !parent.columns.some((one) => one.name === column.name))
      fail(ledger, "42804", `column ${quoteName(column.name)} of the new partition is not one of the parent`);
    if (version >= 17 && column.identity)
      fail(ledger, "55000", `column ${quoteName(column.name)} of the new partition is an identity column`);
  }
  for (const column of parent.columns)
    refuseColumnOf(
      ledger,
      column,
      table.columns.find((one) => one.name === column.name),
    );
  for (const one of parent.constraints) {
    if (one.kind === "check") refuseCheckOf(ledger, one, table, "new partition");
    if (one.kind === "not null") refuseNotNullOf(ledger, one, table, "new partition");
    if (one.kind === "primary key" || one.kind === "unique") refuseKeyOf(ledger, one, table);
  }
  for (const trigger of parent.triggers)
    if (trigger.forEachRow && table.triggers.some((one) => one.name === trigger.name))
      fail(ledger, "42710", `the new partition has a trigger ${quoteName(trigger.name)} of its own`);
}

type KeyOf = Extract<TableConstraint, { readonly kind: "primary key" | "unique" }>;

/** Keys of the parent hold in the partition as well: as its own primary key, and over what it is partitioned by itself. */
function refuseKeyOf(ledger: Ledger, key: KeyOf, table: Table): void {
  const own = table.constraints.find(({ kind }) => kind === "primary key");
  const isOther = own !== undefined && "columns" in own && own.columns.join("\0") !== key.columns.join("\0");
  if (key.kind === "primary key" && isOther)
    fail(ledger, "42P16", `${quoteName(table.name)} has another primary key of its own`);
  for (const { column, expression } of table.partitionBy?.columns ?? [])
    if (expression !== null || (column !== null && !key.columns.includes(column)))
      fail(
        ledger,
        "0A000",
        `${quoteName(key.name)} must include all that the new partition is partitioned by`,
      );
}

/** All tables of a partitioned one are temporary, or none is. */
export function refuseTemporary(ledger: Ledger, parent: Table, persistence: Persistence): void {
  if ((parent.persistence === "temporary") === (persistence === "temporary")) return;
  const label = shortName(ledger.world, labelOf(parent));
  fail(ledger, "42809", `${label} is ${parent.persistence}, the partition ${persistence}`);
}

function refuseColumnOf(ledger: Ledger, column: Column, own: Column | undefined): void {
  if (own === undefined) {
    fail(ledger, "42804", `the new partition has no column ${quoteName(column.name)}`);
    return;
  }
  if (column.notNull === "valid" && own.notNull === "no")
    fail(ledger, "42804", `column ${quoteName(column.name)} of the new partition must be NOT NULL`);
  if (isOtherType(column.type, own.type))
    fail(ledger, "42804", `column ${quoteName(column.name)} of the new partition has another type`);
  refuseGeneratedOf(ledger, column, own, "new partition");
}
