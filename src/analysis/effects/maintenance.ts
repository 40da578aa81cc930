import type { LockMode } from "../../model/locks.ts";
import type { Cluster, LockTable, Truncate, Vacuum } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { append } from "../../text/append.ts";
import { labelOf } from "../effect.ts";
import { isTable, type Relation, type Table } from "../entities.ts";
import { refuseOptions } from "./command-options.ts";
import {
  ancestorsOf,
  descendantsOf,
  familyOf,
  hasStorage,
  isPartitioned,
  kinship,
  lockDescendants,
} from "./family.ts";
import { fireTriggers } from "./fired.ts";
import { incomingKeys } from "./foreign-keys.ts";
import type { Ledger, Target } from "./ledger.ts";
import { depend, fail, findRelation, lock, lockTarget, needVersion, shortName, targetOf } from "./ledger.ts";
import { refuseCluster, refuseLock, refuseVacuum } from "./upkeep-refusals.ts";
import { hasWords, isOnly, lastName } from "./words.ts";

/** VACUUM, VACUUM FULL and ANALYZE of tables, or of all there are. */
export function vacuum(ledger: Ledger, statement: Vacuum): void {
  const { world } = ledger;
  if (statement.kind === "vacuum") ledger.refusesTransaction = true;
  refuseOptions(ledger, statement.kind, statement.span);
  refuseVacuum(ledger, statement);
  const head = { start: statement.span.start, end: statement.tables[0]?.span.start ?? statement.span.end };
  // Only the oldest transaction of the database is worked out: no table is looked at.
  if (statement.kind === "vacuum" && hasWords(ledger, head, "only_database_stats")) return;
  const skipsMain =
    hasWords(ledger, head, "process_main", "false") || hasWords(ledger, head, "process_main", "off");
  const targets: Target[] =
    statement.tables.length > 0
      ? statement.tables.map((name) => targetOf(world, name))
      : [...world.schema.relations()].filter(isVacuumed).map((known) => ({ known, label: labelOf(known) }));
  const mode = statement.full ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE";
  if (world.version < 18 && statement.tables.some((name) => isOnly(ledger, statement.span, name)))
    needVersion(ledger, 18, "ONLY in VACUUM and ANALYZE");
  for (const target of targets) {
    // Views are left out with a warning, and VACUUM has nothing to do where the rows are elsewhere.
    if (target.known?.kind === "foreign table" && statement.kind === "vacuum") continue;
    if (target.known?.kind === "view" || target.known?.kind === "index" || target.known?.kind === "sequence")
      continue;
    lockTarget(ledger, target, "table", mode);
    if (target.known === null) {
      if (statement.full) rewriteUnknown(ledger, target.label);
      continue;
    }
    // Partitions are done with their parent, inheritance children since 18.
    const members: readonly Relation[] =
      isTable(target.known) && (isPartitioned(target.known) || world.version >= 18)
        ? familyOf(world.schema, target.known, isNamedOnly(ledger, statement, target))
        : [target.known];
    // ANALYZE of a parent samples its children for statistics of the whole.
    if (statement.kind === "analyze" && isTable(target.known))
      for (const child of descendantsOf(world.schema, target.known))
        if (hasStorage(child)) lock(ledger, child, "ACCESS SHARE");
    for (const member of members) {
      lock(ledger, member, mode);
      if (isTable(member) && !hasStorage(member)) continue;
      if (skipsMain) continue;
      if (statement.full) rewriteTable(ledger, member);
      else lockIndexes(ledger, member, statement.kind === "vacuum" ? "ROW EXCLUSIVE" : "ACCESS SHARE");
    }
  }
}

/** VACUUM ONLY, from 18. */
function isNamedOnly(ledger: Ledger, statement: Vacuum, target: Target): boolean {
  const name = statement.tables.find((one) => one.name.name === target.known?.name);
  return name !== undefined && isOnly(ledger, statement.span, name);
}

function isVacuumed(relation: Relation): boolean {
  return isTable(relation) || relation.kind === "materialized view";
}

function lockIndexes(ledger: Ledger, relation: Relation, mode: LockMode): void {
  for (const index of ledger.world.schema.indexesOf(relation.id)) lock(ledger, index, mode);
}

function rewriteUnknown(ledger: Ledger, label: string): void {
  ledger.rewrites.add(label);
  ledger.scans.add(label);
}

function rewriteTable(ledger: Ledger, relation: Relation): void {
  rewriteUnknown(ledger, labelOf(relation));
  for (const index of ledger.world.schema.indexesOf(relation.id)) {
    lock(ledger, index, "ACCESS EXCLUSIVE");
    ledger.buildsIndexes.add(index.name);
  }
}

/** CLUSTER: a table in the order of an index; without a name those that were clustered before. */
export function cluster(ledger: Ledger, statement: Cluster): void {
  const { world } = ledger;
  refuseOptions(ledger, "cluster", statement.span);
  refuseCluster(ledger, statement);
  if (statement.table === null) {
    ledger.refusesTransaction = true;
    depend(ledger, "which tables were clustered before");
    return;
  }
  const target = targetOf(world, statement.table);
  if (!hasWords(ledger, statement.span, "using") && !hasWords(ledger, statement.span, "on"))
    depend(ledger, `whether ${shortName(world, target.label)} was clustered before`);
  lockTarget(ledger, target, "table", "ACCESS EXCLUSIVE");
  const table = target.known;
  if (table === null) {
    rewriteUnknown(ledger, target.label);
    return;
  }
  if (!isTable(table) || !isPartitioned(table)) {
    rewriteTable(ledger, table);
    return;
  }
  if (world.version < 15) {
    fail(ledger, "0A000", `partitioned table ${shortName(world, target.label)} cannot be clustered`);
    return;
  }
  ledger.refusesTransaction = true;
  const name = lastName(ledger, statement.span);
  const index = world.schema.indexesOf(table.id).find((one) => one.name === name);
  if (index !== undefined) lock(ledger, index, "ACCESS SHARE");
  for (const member of familyOf(world.schema, table).slice(1)) {
    if (!hasStorage(member)) continue;
    lock(ledger, member, "ACCESS EXCLUSIVE", kinship(world, member, table));
    rewriteTable(ledger, member);
  }
}

/** TRUNCATE: all rows of the tables, their partitions and children; with CASCADE of those that reference them, too. */
export function truncate(ledger: Ledger, statement: Truncate): void {
  const { world } = ledger;
  const { schema } = world;
  const open: Table[] = [];
  for (const name of statement.tables) {
    const target = targetOf(world, name);
    lockTarget(ledger, target, "table", "ACCESS EXCLUSIVE");
    if (target.known !== null && !isTable(target.known))
      fail(ledger, "42809", `${shortName(world, target.label)} is not a table`);
    if (target.known?.kind === "foreign table")
      needVersion(ledger, 14, "TRUNCATE of a foreign table", "42809");
    if (!isTable(target.known)) continue;
    const only = isOnly(ledger, statement.span, name);
    if (only && isPartitioned(target.known))
      fail(ledger, "42809", "a partitioned table cannot be truncated by itself");
    append(open, familyOf(schema, target.known, only));
    // Up to 13 the partition's bound is read from its parents.
    if (world.version < 14 && target.known.partitionOf !== null)
      for (const parent of ancestorsOf(schema, target.known)) lock(ledger, parent, "ACCESS SHARE");
  }
  const named = new Set(open.map((table) => table.id));
  const done = new Set<number>();
  for (let table = open.shift(); table !== undefined; table = open.shift()) {
    if (done.has(table.id)) continue;
    done.add(table.id);
    lock(ledger, table, "ACCESS EXCLUSIVE", named.has(table.id) ? undefined : "reached by CASCADE");
    if (hasStorage(table)) lockIndexes(ledger, table, "ACCESS EXCLUSIVE");
    fireTriggers(ledger, table, "truncate");
    if (statement.restartIdentity)
      for (const sequence of schema.sequencesOf(table.id)) lock(ledger, sequence, "ACCESS EXCLUSIVE");
    // A partition is referenced through its parents too.
    const above = table.partitionOf === null ? [] : ancestorsOf(schema, table);
    const incoming = [table, ...above].flatMap((one) => incomingKeys(world, one));
    // The server asks for keys only where a table has triggers, and a key that is not enforced has none.
    const isAsked =
      incoming.some(({ key }) => key.enforced) ||
      table.triggers.length > 0 ||
      table.constraints.some((one) => one.kind === "foreign key" && one.enforced);
    if (!isAsked) continue;
    for (const { from, key } of incoming) {
      if (named.has(from.id)) continue;
      if (!statement.cascade)
        fail(
          ledger,
          "0A000",
          `${quoteName(key.name)} of ${shortName(world, labelOf(from))} references the table`,
        );
      else append(open, familyOf(schema, from));
    }
  }
}

/** LOCK TABLE: children too, and what a view reads with theirs. */
export function lockTables(ledger: Ledger, statement: LockTable): void {
  const { world } = ledger;
  refuseLock(ledger, statement);
  for (const name of statement.tables) {
    const target = targetOf(world, name);
    lockTarget(ledger, target, "table", statement.mode);
    if (isTable(target.known))
      for (const member of familyOf(world.schema, target.known, isOnly(ledger, statement.span, name)))
        lock(ledger, member, statement.mode);
    else if (target.known?.kind === "view") lockReads(ledger, target.known.id, statement.mode, new Set());
  }
}

function lockReads(ledger: Ledger, view: number, mode: LockMode, seen: Set<number>): void {
  const known = ledger.world.schema.relationById(view);
  if (known?.kind !== "view" || seen.has(view)) return;
  seen.add(view);
  for (const read of known.reads) {
    const found =
      read.id === null ? findRelation(ledger.world, read) : ledger.world.schema.relationById(read.id);
    // What only holds rows for others, as a materialized view does, is left alone.
    if (found?.kind !== "table" && found?.kind !== "view") continue;
    lock(ledger, found, mode, `read by ${quoteName(known.name)}`);
    if (isTable(found)) lockDescendants(ledger, found, mode);
    else lockReads(ledger, found.id, mode, seen);
  }
}
