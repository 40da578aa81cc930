import type { Expression } from "../../model/expression.ts";
import type { CreateTable } from "../../model/statement.ts";
import type { ForeignKey, KeyConstraint } from "../../model/table.ts";
import { quoteName, splitQualified } from "../../sql/names.ts";
import type { Span } from "../../text/span.ts";
import type { Table } from "../entities.ts";
import { itemNamed } from "../schema/places.ts";
import { isPartitioned, lockDescendants } from "./family.ts";
import { refuseForeignKeys } from "./foreign-table-refusals.ts";
import { refusePartitionGeneration } from "./inherited-generation.ts";
import type { Ledger } from "./ledger.ts";
import {
  fail,
  failEvident,
  labelOfName,
  lockTarget,
  needVersion,
  shortName,
  tableTarget,
  targetOf,
} from "./ledger.ts";
import { refuseTemporary } from "./partition-refusals.ts";
import { createPartition } from "./partitions.ts";
import { refuseTableOptions } from "./table-options.ts";
import { refuseReference, refuseTable } from "./table-refusals.ts";
import { refuseTakenConstraints } from "./taken-names.ts";
import { refuseTypeName } from "./type-refusals.ts";
import { hasWords } from "./words.ts";

/** CREATE TABLE: nobody waits for the new table, but the tables that it is tied to are locked. */
export function createTable(ledger: Ledger, statement: CreateTable): void {
  const { world } = ledger;
  const label = labelOfName(world, statement.table);
  const { schema } = splitQualified(label);
  // A new table is made in the first schema of the path, whatever stands in the others.
  const existing =
    statement.persistence === "temporary"
      ? undefined
      : world.schema.findRelation({ schema, name: statement.table.name.name });
  if (existing !== undefined && statement.ifNotExists) return;
  // Where the history has gaps it may have gone: what the rest takes is told all the same.
  if (existing !== undefined) fail(ledger, "42P07", `relation ${shortName(world, label)} already exists`);
  if (statement.persistence === "temporary" && !isTemporarySchema(statement.table.schema?.name ?? "pg_temp"))
    fail(ledger, "42P16", "a temporary table has a schema of its own, and cannot be made in another");
  if (statement.persistence !== "temporary" && hasWords(ledger, endOf(statement), "on", "commit"))
    fail(ledger, "42P16", "ON COMMIT is for temporary tables");
  if (statement.persistence !== "temporary")
    refuseTypeName(ledger, schema, statement.table.name.name, "table");
  refuseTable(ledger, statement);
  refuseForeignKeys(ledger, statement);
  refuseTableOptions(ledger, statement);
  if (statement.persistence !== "temporary") refuseTakenConstraints(ledger, statement, schema);
  if (statement.partitionBy !== null) refusePartitioned(ledger, statement);
  for (const { table } of statement.likes) {
    // A composite type can be copied too.
    const source = targetOf(world, table);
    if (source.known !== null || world.schema.findType(table) === undefined)
      lockTarget(ledger, source, "table", "ACCESS SHARE");
  }
  for (const parent of statement.inherits)
    lockTarget(ledger, targetOf(world, parent), "table", "SHARE UPDATE EXCLUSIVE");
  const parent =
    statement.partitionOf === null ? null : tableTarget(world, statement.partitionOf.parent).known;
  if (parent !== null) refuseTemporary(ledger, parent, statement.persistence);
  for (const { name } of parent?.isComplete === true ? statement.columns : [])
    if (itemNamed(parent?.columns ?? [], name.name) === undefined)
      fail(ledger, "42703", `column ${quoteName(name.name)} of the partition is not one of its parent`);
  if (parent !== null)
    for (const column of statement.columns) refusePartitionGeneration(ledger, column, parent);
  if (statement.partitionOf !== null)
    createPartition(ledger, targetOf(world, statement.partitionOf.parent), statement.partitionOf.bound);
  for (const key of foreignKeysOf(statement)) {
    const other = tableTarget(world, key.references);
    if (other.label === label) continue;
    if (other.known !== null) refuseReference(ledger, statement, key, other.known);
    lockTarget(ledger, other, "table", "SHARE ROW EXCLUSIVE", `referenced by ${shortName(world, label)}`);
    if (other.known !== null && isPartitioned(other.known))
      lockDescendants(ledger, other.known, "SHARE ROW EXCLUSIVE");
  }
  requirePartitionKey(ledger, statement, parent);
}

function isTemporarySchema(name: string): boolean {
  return name === "pg_temp" || name.startsWith("pg_temp_");
}

/** What stands behind the columns and constraints. */
function endOf({ span, columns, constraints, table }: CreateTable): Span {
  const ends = [table.span, ...columns.map((one) => one.span), ...constraints.map((one) => one.span)];
  return { start: ends.reduce((last, { end }) => (end > last ? end : last), span.start), end: span.end };
}

/** What a partitioned table cannot be or have. */
function refusePartitioned(ledger: Ledger, { persistence, constraints, columns }: CreateTable): void {
  // Before 18 it was accepted, and said nothing of the partitions.
  if (persistence === "unlogged" && ledger.world.version >= 18)
    fail(ledger, "0A000", "a partitioned table cannot be unlogged: its partitions can");
  if (constraints.some(({ kind }) => kind === "exclusion"))
    needVersion(ledger, 17, "an exclusion constraint on a partitioned table", "0A000");
  const all = [...constraints, ...columns.flatMap((column) => column.constraints)];
  if (all.some((one) => one.kind === "check" && one.noInherit))
    failEvident(ledger, "42P16", "a constraint of a partitioned table cannot be NO INHERIT");
}

function foreignKeysOf(statement: CreateTable): readonly ForeignKey[] {
  const all = [...statement.constraints, ...statement.columns.flatMap((column) => column.constraints)];
  return all.filter((constraint) => constraint.kind === "foreign key");
}

/** A key of a partitioned table has to contain every column that it is partitioned by; `above`: its keys are those of a partition. */
function requirePartitionKey(ledger: Ledger, statement: CreateTable, above: Table | null): void {
  if (statement.partitionBy === null) return;
  const parts = statement.partitionBy.columns.map((part) => part.column ?? nameIn(part.expression));
  const own = [...statement.constraints, ...statement.columns.flatMap((column) => column.constraints)];
  const keys = [
    ...own.flatMap((one) =>
      one.kind === "primary key" || one.kind === "unique"
        ? [{ kind: one.kind, columns: equalColumns(one) }]
        : [],
    ),
    ...(above?.constraints.filter(({ kind }) => kind === "primary key" || kind === "unique") ?? []),
  ];
  for (const { kind, columns } of keys) {
    if (parts.every((part) => part !== null && columns.includes(part))) continue;
    const word = kind === "unique" ? "unique constraint" : "primary key";
    fail(ledger, "0A000", `a ${word} on a partitioned table must include all partitioning columns`);
  }
}

/** The columns that a key compares by equality: of WITHOUT OVERLAPS not the last. */
function equalColumns({ columns, withoutOverlaps }: KeyConstraint): readonly string[] {
  const names = columns.map(({ name }) => name);
  return withoutOverlaps ? names.slice(0, -1) : names;
}

function nameIn(expression: Expression | null): string | null {
  return expression?.kind === "column" ? (expression.path.at(-1) ?? null) : null;
}
