import type { CreateIndex, Reindex } from "../../model/statement.ts";
import { qualifyName, quoteName } from "../../sql/names.ts";
import { append } from "../../text/append.ts";
import { labelOf } from "../effect.ts";
import { type Index, isTable, type Relation, type Table } from "../entities.ts";
import { typeOf } from "../expression-type.ts";
import { isOwnFunction } from "../own-functions.ts";
import { itemNamed } from "../schema/places.ts";
import { isNeverImmutable } from "../volatility.ts";
import { refuseOptions } from "./command-options.ts";
import { isSystemColumn, refuseCollation } from "./expression-refusals.ts";
import { familyOf, hasStorage, isPartitioned, lockDescendants } from "./family.ts";
import { nameIndex, namePartitionIndex } from "./index-names.ts";
import { refuseIndexForm } from "./index-refusals.ts";
import type { Ledger } from "./ledger.ts";
import {
  bareNameOf,
  depend,
  fail,
  failByRule,
  findRelation,
  lock,
  lockRetired,
  lockTarget,
  needVersion,
  schemaOf,
  shortName,
  targetOf,
} from "./ledger.ts";
import { columnsOf } from "./object-refusals.ts";
import { refuseOperatorClass } from "./operator-classes.ts";
import { unstableCast } from "./unstable-casts.ts";
import { refuseReindex } from "./upkeep-refusals.ts";
import { findMark, hasWords } from "./words.ts";

/** CREATE INDEX, gentle or not, on a table, a materialized view, or a partitioned table with all below it. */
export function createIndex(ledger: Ledger, statement: CreateIndex): void {
  const { world } = ledger;
  const { schema } = world;
  const target = targetOf(world, statement.table);
  const known = target.known;
  const kind = known?.kind === "materialized view" ? "materialized view" : "table";
  const table = isTable(known) ? known : null;
  const mode = statement.concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE";
  if (statement.concurrently) ledger.refusesTransaction = true;
  if (statement.concurrently && isPartitioned(table))
    failByRule(
      ledger,
      "partitioned-index",
      "0A000",
      `an index on partitioned table ${shortName(world, target.label)} cannot be built concurrently`,
    );
  if (
    known?.kind === "view" ||
    known?.kind === "sequence" ||
    known?.kind === "index" ||
    known?.kind === "foreign table"
  )
    fail(ledger, "42809", `an index on ${shortName(world, target.label)} is not possible`);
  lockTarget(ledger, target, kind, mode);
  const isWhole = table !== null && isPartitioned(table) && !statement.only;
  if (isWhole && !statement.concurrently) lockDescendants(ledger, table, mode);
  if (isThere(ledger, statement, schemaOf(target))) return;
  refuseIndexForm(ledger, statement, table);
  checkExpressions(ledger, statement, table);
  if (table !== null && isPartitioned(table) && statement.unique)
    requirePartitionKey(ledger, statement, table);
  const name = statement.index?.name ?? nameIndex(world, target, statement);
  // Of a table that the history does not know ONLY says that it is partitioned: then nothing is built.
  if (known === null && statement.only) {
    depend(ledger, `whether ${shortName(world, target.label)} is partitioned`);
    return;
  }
  if (table === null || !isPartitioned(table)) {
    ledger.scans.add(target.label);
    ledger.buildsIndexes.add(name);
    return;
  }
  if (statement.only) return;
  const keys = statement.elements.map((element) => element.column?.name ?? null);
  const named = [...keys, ...statement.including.map(({ name }) => name)];
  const expressions = statement.elements.flatMap((element) => element.expression ?? []);
  const given = new Set([qualifyName(schemaOf(target), name)]);
  /** What has an index that serves has it on all partitions of its own as well. */
  const served = new Set<number>();
  for (const member of familyOf(schema, table).slice(1)) {
    const isBelow = member.partitionOf !== null && served.has(member.partitionOf.parent);
    const own = isBelow
      ? undefined
      : schema.freeIndexesOf(member.id).find((index) => serves(index, statement, keys));
    if (own !== undefined) lock(ledger, own, mode, "taken over");
    if (isBelow || own !== undefined) {
      served.add(member.id);
      continue;
    }
    if (!hasStorage(member)) continue;
    ledger.scans.add(labelOf(member));
    ledger.buildsIndexes.add(namePartitionIndex(world, member, named, expressions, "idx", given));
  }
}

/** An index of that name: refused, or with IF NOT EXISTS nothing but the lock. */
function isThere(ledger: Ledger, statement: CreateIndex, schema: string): boolean {
  if (statement.index === null) return false;
  const existing = findRelation(ledger.world, { schema, name: statement.index.name });
  if (existing === undefined) return false;
  if (!statement.ifNotExists)
    fail(ledger, "42P07", `relation ${quoteName(statement.index.name)} already exists`);
  return true;
}

function serves(index: Index, statement: CreateIndex, keys: readonly (string | null)[]): boolean {
  return (
    index.isValid &&
    !index.hasExpression &&
    !index.isPartial &&
    statement.where === null &&
    index.unique === statement.unique &&
    index.method === statement.method &&
    index.keys.join() === keys.join() &&
    index.including.join() === statement.including.map((column) => column.name).join() &&
    !keys.includes(null)
  );
}

function checkExpressions(ledger: Ledger, statement: CreateIndex, table: Table | null): void {
  const hasExpression =
    statement.where !== null || statement.elements.some(({ expression }) => expression !== null);
  const types = table === null || !hasExpression ? null : columnsOf(table);
  for (const { column, expression, operatorClass, collation } of statement.elements) {
    if (column !== null && isSystemColumn(column.name))
      fail(ledger, "0A000", "an index on system columns is not supported");
    if (column !== null && table?.isComplete === true && itemNamed(table.columns, column.name) === undefined)
      fail(
        ledger,
        "42703",
        `column ${quoteName(column.name)} of ${shortName(ledger.world, labelOf(table))} does not exist`,
      );
    const known = column === null ? undefined : itemNamed(table?.columns ?? [], column.name);
    const isOwn = (name: string) => isOwnFunction(ledger.world.schema, name);
    const type = expression === null ? (known?.type ?? null) : typeOf(expression, types, isOwn);
    refuseOperatorClass(ledger, statement.method, { operatorClass }, type);
    if (type !== null) refuseCollation(ledger, type, collation);
    if (known?.generated === "virtual")
      fail(ledger, "0A000", "an index on a virtual generated column is not supported");
    const culprit = expression === null ? null : isNeverImmutable(expression, ledger.world);
    if (culprit !== null)
      fail(ledger, "42P17", `functions in an index must be immutable, ${culprit}() is not`);
    const cause = expression === null ? null : unstableCast(ledger.world, expression, types);
    if (cause !== null) fail(ledger, "42P17", `${cause} in the index does not always give the same`);
  }
  for (const { name } of statement.including)
    if (table?.isComplete === true && itemNamed(table.columns, name) === undefined && !isSystemColumn(name))
      fail(ledger, "42703", `column ${quoteName(name)} does not exist`);
  const culprit = statement.where === null ? null : isNeverImmutable(statement.where.value, ledger.world);
  if (culprit !== null)
    fail(ledger, "42P17", `functions in an index predicate must be immutable, ${culprit}() is not`);
  const cause = statement.where === null ? null : unstableCast(ledger.world, statement.where.value, types);
  if (cause !== null) fail(ledger, "42P17", `${cause} in the index predicate does not always give the same`);
}

function requirePartitionKey(ledger: Ledger, statement: CreateIndex, table: Table): void {
  const keys = statement.elements.map((element) => element.column?.name);
  // A partition may be partitioned by other columns.
  const all = familyOf(ledger.world.schema, table, statement.only);
  const parts = all.flatMap((one) => one.partitionBy?.columns ?? []);
  if (!parts.every((part) => part.column !== null && keys.includes(part.column)))
    fail(ledger, "0A000", "a unique index on a partitioned table must include all partitioning columns");
}

/** REINDEX of an index, a table, or all tables of a schema or database. */
export function reindex(ledger: Ledger, statement: Reindex): void {
  const { world } = ledger;
  const { schema, version } = world;
  const { target: name, concurrently } = statement;
  refuseOptions(ledger, "reindex", statement.span);
  refuseReindex(ledger, statement);
  if (concurrently) ledger.refusesTransaction = true;
  if (version < 14 && hasReindexOption(ledger, statement))
    needVersion(ledger, 14, "CONCURRENTLY or TABLESPACE among the options of REINDEX");
  const tableMode = concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE";
  if (statement.object === "index" || statement.object === "table") {
    if (name === null) return;
    const target = targetOf(world, name);
    const known = target.known;
    if (statement.object === "index" && known?.kind === "index") {
      const table = schema.relationById(known.table);
      const isOfPartitioned = isTable(table) && isPartitioned(table);
      if (isOfPartitioned && version < 14)
        fail(ledger, "0A000", "REINDEX of partitioned indexes is not implemented");
      if (isOfPartitioned) rebuildIndexParts(ledger, table, known, concurrently);
      else rebuild(ledger, table, [known], concurrently);
      return;
    }
    if (statement.object === "index" && known !== null) return;
    if (statement.object === "index") {
      if (concurrently) lockRetired(ledger, target);
      else lockTarget(ledger, target, "index", "ACCESS EXCLUSIVE");
      ledger.buildsIndexes.add(bareNameOf(target));
      return;
    }
    lockTarget(ledger, target, "table", tableMode);
    if (isTable(known) && isPartitioned(known)) {
      // Before 14 the server only warned that it would not do it.
      if (version < 14) return;
      rebuildParts(ledger, known, concurrently);
      return;
    }
    if (known === null) ledger.scans.add(target.label);
    else rebuild(ledger, known, schema.indexesOf(known.id), concurrently);
    return;
  }
  ledger.refusesTransaction = true;
  if (statement.object === "system") {
    if (concurrently) fail(ledger, "0A000", "system catalogs cannot be reindexed concurrently");
    return;
  }
  const inSchema = statement.object === "schema" ? name?.name.name : undefined;
  for (const relation of schema.relations()) {
    if (relation.kind === "index" || (inSchema !== undefined && relation.schema !== inSchema)) continue;
    if (isTable(relation) && isPartitioned(relation)) continue;
    const indexes = schema.indexesOf(relation.id);
    if (indexes.length > 0) rebuild(ledger, relation, indexes, concurrently);
  }
}

function rebuild(
  ledger: Ledger,
  table: Relation | undefined,
  indexes: readonly Index[],
  isConcurrent: boolean,
): void {
  if (table !== undefined) lock(ledger, table, isConcurrent ? "SHARE UPDATE EXCLUSIVE" : "SHARE");
  for (const index of indexes) {
    if (isConcurrent && isExclusion(table, index)) {
      // Such an index cannot be built concurrently: REINDEX TABLE leaves it out with a warning.
      lock(ledger, index, "SHARE UPDATE EXCLUSIVE");
      continue;
    }
    if (isConcurrent) lockRetired(ledger, { known: index, label: labelOf(index) });
    else lock(ledger, index, "ACCESS EXCLUSIVE");
    ledger.buildsIndexes.add(index.name);
    if (table !== undefined) ledger.scans.add(labelOf(table));
  }
}

/** REINDEX (CONCURRENTLY) and (TABLESPACE ...); VERBOSE was there before. */
function hasReindexOption(ledger: Ledger, statement: Reindex): boolean {
  const end = statement.target?.span.start ?? statement.span.end;
  // VERBOSE stands in parentheses on every version, and CONCURRENTLY behind them.
  const closed = findMark(ledger, { start: statement.span.start, end }, ")");
  if (closed === null) return false;
  const list = { start: statement.span.start, end: closed.start };
  return hasWords(ledger, list, "concurrently") || hasWords(ledger, list, "tablespace");
}

function isExclusion(table: Relation | undefined, index: Index): boolean {
  if (!isTable(table)) return false;
  // A key WITHOUT OVERLAPS is one too, by its index.
  if (index.constraint !== null && index.method === "gist") return true;
  return table.constraints.some((one) => one.kind === "exclusion" && one.name === index.constraint);
}

/** REINDEX INDEX of a partitioned index: its own lock, and the partitions' indexes one by one. */
function rebuildIndexParts(ledger: Ledger, table: Table, index: Index, concurrently: boolean): void {
  const { schema } = ledger.world;
  const mode = concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE";
  ledger.refusesTransaction = true;
  lock(ledger, table, mode);
  lock(ledger, index, concurrently ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE");
  const open = [...schema.partitionIndexesOf(index.id)];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const inner = schema.partitionIndexesOf(part.id);
    const member = schema.tableById(part.table);
    append(open, inner);
    if (member !== undefined && isPartitioned(member)) lock(ledger, part, "SHARE");
    else rebuild(ledger, member, [part], concurrently);
  }
}

/**
 * From 14: each partition by itself, with all of its own indexes, in a transaction of its own. Even CONCURRENTLY first takes SHARE on
 * each for a moment, on one without an index too.
 */
function rebuildParts(ledger: Ledger, table: Table, concurrently: boolean): void {
  const { schema } = ledger.world;
  ledger.refusesTransaction = true;
  for (const member of familyOf(schema, table).slice(1)) {
    lock(ledger, member, "SHARE");
    if (hasStorage(member)) rebuild(ledger, member, schema.indexesOf(member.id), concurrently);
  }
}
