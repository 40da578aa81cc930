import type { Expression } from "../../model/expression.ts";
import type { CreateTable } from "../../model/statement.ts";
import type { ForeignKey } from "../../model/table.ts";
import { isSerial } from "../../model/type-names.ts";
import { quoteName } from "../../sql/names.ts";
import { labelOf } from "../effect.ts";
import { isTable, type Table } from "../entities.ts";
import { serialTypeOf } from "../schema/columns.ts";
import { isNeverImmutable } from "../volatility.ts";
import { isSameCheck } from "./child-refusals.ts";
import { refuseDefinition } from "./column-refusals.ts";
import { areComparable } from "./comparable.ts";
import { isSystemColumn } from "./expression-refusals.ts";
import { isPartitioned } from "./family.ts";
import { refusePeriods, setsColumns } from "./foreign-key-refusals.ts";
import { refuseInheritedGeneration } from "./inherited-generation.ts";
import type { Ledger } from "./ledger.ts";
import { fail, failEvident, shortName, targetOf } from "./ledger.ts";
import { refuseParts } from "./new-table-refusals.ts";
import { deferrableKey, isSurelyWithoutKey } from "./unique-keys.ts";
import { unstableCast } from "./unstable-casts.ts";
import { hasWordBeforeName } from "./words.ts";

/** What CREATE TABLE cannot say, given the tables that it is tied to. */
export function refuseTable(ledger: Ledger, statement: CreateTable): void {
  const seen = new Set<string>();
  for (const name of namesOf(ledger, statement)) {
    if (seen.has(name)) failEvident(ledger, "42701", `column ${quoteName(name)} is given twice`);
    if (isSystemColumn(name))
      failEvident(ledger, "42701", `${quoteName(name)} is the name of a system column`);
    seen.add(name);
  }
  for (const column of statement.columns) refuseDefinition(ledger, column);
  const keys = [
    ...statement.constraints,
    ...statement.columns.flatMap((column) => column.constraints),
  ].filter((one) => one.kind === "primary key");
  refuseParts(ledger, statement);
  const type = statement.ofType === null ? undefined : ledger.world.schema.findType(statement.ofType);
  if (type !== undefined && type.kind !== "composite")
    fail(ledger, "42809", `${quoteName(type.name)} is not a composite type`);
  refusePartitionKey(ledger, statement, seen);
  const above =
    statement.partitionOf === null ? null : targetOf(ledger.world, statement.partitionOf.parent).known;
  const isKeyed = isTable(above) && above.constraints.some(({ kind }) => kind === "primary key");
  if (keys.length + keysOfLikes(ledger, statement) > (isKeyed ? 0 : 1))
    fail(ledger, "42P16", "multiple primary keys are not allowed");
  const parents = statement.inherits.map((parent) => targetOf(ledger.world, parent).label);
  if (new Set(parents).size < parents.length)
    failEvident(ledger, "42P07", "a table cannot inherit from another twice");
  for (const parent of statement.inherits)
    refuseParentOf(ledger, statement, targetOf(ledger.world, parent).known);
}

/** How many primary keys the tables bring along that it is made like. */
function keysOfLikes({ world }: Ledger, { likes }: CreateTable): number {
  return likes.filter(({ table, including }) => {
    const { known } = targetOf(world, table);
    const isCopied = including.includes("INDEXES") || including.includes("ALL");
    return isCopied && isTable(known) && known.constraints.some(({ kind }) => kind === "primary key");
  }).length;
}

/** A table is partitioned by columns that it has. */
function refusePartitionKey(ledger: Ledger, statement: CreateTable, names: ReadonlySet<string>): void {
  const { partitionOf } = statement;
  const above = partitionOf === null ? null : targetOf(ledger.world, partitionOf.parent).known;
  // A partition has the columns of its parent.
  const inherited = isTable(above) && above.isComplete ? above.columns.map(({ name }) => name) : [];
  const isOwn =
    statement.inherits.length === 0 &&
    statement.ofType === null &&
    (partitionOf === null || inherited.length > 0);
  if (statement.partitionBy?.strategy === "list" && statement.partitionBy.columns.length > 1)
    fail(ledger, "42P17", "a table is partitioned by LIST over one column");
  for (const { expression } of statement.partitionBy?.columns ?? [])
    if (expression !== null) refuseKeyExpression(ledger, statement, expression);
  if (statement.partitionBy === null || !isOwn || !knowsLikes(ledger, statement)) return;
  for (const { column } of statement.partitionBy.columns)
    if (column !== null && !names.has(column) && !inherited.includes(column))
      fail(ledger, "42703", `column ${quoteName(column)} does not exist`);
}

/** A row goes to the same partition whoever writes it. */
function refuseKeyExpression(ledger: Ledger, statement: CreateTable, expression: Expression): void {
  const types = new Map(statement.columns.map(({ name, type }) => [name.name, type]));
  const culprit = isNeverImmutable(expression, ledger.world);
  if (culprit !== null)
    fail(ledger, "42P17", `functions in a partition key must be immutable, ${culprit}() is not`);
  const cause = unstableCast(ledger.world, expression, types);
  if (cause !== null) fail(ledger, "42P17", `${cause} in a partition key does not always give the same`);
}

function knowsLikes(ledger: Ledger, statement: CreateTable): boolean {
  return statement.likes.every(({ table }) => {
    const source = targetOf(ledger.world, table).known;
    return isTable(source) && source.isComplete;
  });
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
  const label = shortName(ledger.world, labelOf(parent));
  if (isPartitioned(parent))
    fail(ledger, "42809", `${label} is partitioned: its partitions are made PARTITION OF it`);
  if (parent.persistence === "temporary" && statement.persistence !== "temporary")
    fail(ledger, "42809", `${label} is temporary: only temporary tables can inherit from it`);
  if (parent.partitionOf !== null) fail(ledger, "42809", `${label} is a partition and has no other children`);
  for (const one of statement.constraints) {
    const above = one.kind === "check" && parent.constraints.find(({ name }) => name === one.name?.name);
    if (one.kind !== "check" || !above || above.kind !== "check" || above.noInherit) continue;
    if (!isSameCheck(above.expression, one.expression.value))
      fail(ledger, "42710", `constraint ${quoteName(above.name)} says something else in ${label}`);
  }
  for (const column of statement.columns) refuseInheritedGeneration(ledger, column, parent);
  for (const { name, type: written } of statement.columns) {
    const known = parent.columns.find((one) => one.name === name.name)?.type;
    const type = serialTypeOf(written) ?? written;
    if (known == null || type === null || known.schema !== null || type.schema !== null) continue;
    if (known.name !== type.name || known.dimensions !== type.dimensions)
      fail(ledger, "42804", `column ${quoteName(name.name)} is of another type in ${label}`);
  }
}

/** A foreign key of a new table. */
export function refuseReference(ledger: Ledger, statement: CreateTable, key: ForeignKey, other: Table): void {
  const { persistence } = statement;
  if (other.kind !== "table") fail(ledger, "42809", `${quoteName(other.name)} is not a table`);
  const isLess = persistence === "permanent" && other.persistence !== "permanent";
  const isMixed = (persistence === "temporary") !== (other.persistence === "temporary");
  if (isLess || isMixed)
    fail(ledger, "42P16", `a ${persistence} table cannot reference a table that is ${other.persistence}`);
  refusePeriods(ledger, key);
  const isGenerated = (name: string) =>
    statement.columns.some((column) => column.name.name === name && column.generated !== null);
  if (setsColumns(key) && key.columns.some(({ name }) => isGenerated(name)))
    fail(ledger, "42601", "a generated column cannot be set by ON UPDATE or ON DELETE");
  if (!other.isComplete) return;
  const columns = key.referencedColumns.map(({ name }) => name);
  for (const name of columns)
    if (!other.columns.some((one) => one.name === name))
      fail(ledger, "42703", `column ${quoteName(name)} of ${quoteName(other.name)} does not exist`);
  const { world } = ledger;
  if (
    columns.length > 0 &&
    isSurelyWithoutKey(
      world,
      other,
      columns,
      ({ isPartial }) => !isPartial,
      hasWordBeforeName(ledger, key.span, "period"),
    )
  )
    fail(ledger, "42830", `no unique constraint of ${quoteName(other.name)} matches the key`);
  const primary = other.constraints.find((one) => one.kind === "primary key");
  if (columns.length === 0 && primary === undefined && !world.schema.mayHaveMore(other))
    fail(ledger, "42704", `${quoteName(other.name)} has no primary key`);
  const deferrable = deferrableKey(world, other, columns.length > 0 ? columns : (primary?.columns ?? []));
  if (deferrable !== undefined)
    fail(ledger, "55000", `${quoteName(deferrable.name)} is deferrable: a foreign key cannot rest on it`);
  refuseTypes(ledger, statement, key, other);
}

/** The columns of the key and those that they reference can be compared. */
function refuseTypes(ledger: Ledger, statement: CreateTable, key: ForeignKey, other: Table): void {
  const primary = other.constraints.find((one) => one.kind === "primary key")?.columns ?? [];
  const goals = key.referencedColumns.length > 0 ? key.referencedColumns.map(({ name }) => name) : primary;
  if (goals.length !== key.columns.length)
    fail(ledger, "42830", "a foreign key has as many columns as it references");
  for (const [k, { name }] of key.columns.entries()) {
    const column = statement.columns.find((one) => one.name.name === name);
    const own = column === undefined || isSerial(column) ? null : column.type;
    const goal = other.columns.find((one) => one.name === goals[k])?.type ?? null;
    if (own !== null && goal !== null && !areComparable(ledger.world, own, goal))
      fail(ledger, "42804", `column ${quoteName(name)} and the column that it references cannot be compared`);
  }
}
