import type { CreateTable } from "../../model/statement.ts";
import type { ForeignKey } from "../../model/table.ts";
import type { Table } from "../entities.ts";
import { refuseDefinition } from "./column-refusals.ts";
import { isPartitioned } from "./family.ts";
import type { Ledger } from "./ledger.ts";
import { fail, isTable, shortName, targetOf } from "./ledger.ts";

/** What CREATE TABLE cannot say, given the tables that it is tied to. */
export function refuseTable(ledger: Ledger, statement: CreateTable): void {
  const seen = new Set<string>();
  for (const name of namesOf(ledger, statement)) {
    if (seen.has(name)) fail(ledger, "42701", `column ${name} is given twice`);
    seen.add(name);
  }
  for (const column of statement.columns) refuseDefinition(ledger, column);
  const keys = [
    ...statement.constraints,
    ...statement.columns.flatMap((column) => column.constraints),
  ].filter((one) => one.kind === "primary key");
  if (keys.length > 1) fail(ledger, "42P16", "multiple primary keys are not allowed");
  for (const parent of statement.inherits)
    refuseParentOf(ledger, statement, targetOf(ledger.world, parent).known);
}

/** Its own columns, and those that LIKE copies. */
function namesOf(ledger: Ledger, statement: CreateTable): readonly string[] {
  const copied = statement.likes.flatMap(({ table }) => {
    const source = targetOf(ledger.world, table).known;
    return isTable(source) ? source.columns.map(({ name }) => name) : [];
  });
  return [...statement.columns.map((column) => column.name.name), ...copied];
}

function refuseParentOf(
  ledger: Ledger,
  statement: CreateTable,
  parent: ReturnType<typeof targetOf>["known"],
): void {
  if (!isTable(parent)) return;
  const label = shortName(ledger.world, `${parent.schema}.${parent.name}`);
  if (isPartitioned(parent))
    fail(ledger, "42809", `${label} is partitioned: its partitions are made PARTITION OF it`);
  if (parent.partitionOf !== null) fail(ledger, "42809", `${label} is a partition and has no other children`);
  for (const { name, type } of statement.columns) {
    const known = parent.columns.find((one) => one.name === name.name)?.type;
    if (known == null || type === null || known.schema !== null || type.schema !== null) continue;
    if (known.name !== type.name || known.dimensions !== type.dimensions)
      fail(ledger, "42804", `column ${name.name} is of another type in ${label}`);
  }
}

/** A foreign key of a new table. */
export function refuseReference(ledger: Ledger, statement: CreateTable, key: ForeignKey, other: Table): void {
  const { persistence } = statement;
  const isLess = persistence === "permanent" && other.persistence !== "permanent";
  const isMixed = (persistence === "temporary") !== (other.persistence === "temporary");
  if (isLess || isMixed)
    fail(ledger, "42P16", `a ${persistence} table cannot reference a table that is ${other.persistence}`);
  if (!other.isComplete) return;
  const columns = key.referencedColumns.map(({ name }) => name);
  const isOver = (keys: readonly (string | null)[]) =>
    keys.length === columns.length && columns.every((column) => keys.includes(column));
  const isKeyed =
    other.constraints.some(
      (one) => (one.kind === "primary key" || one.kind === "unique") && isOver(one.columns),
    ) ||
    ledger.world.schema.indexesOf(other.id).some((one) => one.unique && !one.isPartial && isOver(one.keys));
  if (columns.length > 0 && !isKeyed)
    fail(ledger, "42830", `no unique constraint of ${other.name} matches the key`);
  if (columns.length === 0 && !other.constraints.some((one) => one.kind === "primary key"))
    fail(ledger, "42704", `${other.name} has no primary key`);
}
