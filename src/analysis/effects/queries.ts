import type { Expression } from "../../model/expression.ts";
import type { LockMode } from "../../model/locks.ts";
import type { Query, Source } from "../../model/query.ts";
import { quoteName } from "../../sql/names.ts";
import { isSureOfKind } from "../assumed.ts";
import { labelOf } from "../effect.ts";
import { isTable, type Relation, type View } from "../entities.ts";
import { isAggregate } from "../facts/aggregates.ts";
import { ownedSequenceUses, sequenceUses } from "../sequence-uses.ts";
import { touchedBy } from "./bounds.ts";
import { hasStorage, isPartitioned } from "./family.ts";
import { useFunctionsOf } from "./function-calls.ts";
import type { Ledger } from "./ledger.ts";
import { fail, findRelation, labelOfName, lock, lockTarget } from "./ledger.ts";
import { type Read, readsOf } from "./reads.ts";
import { lockBounds } from "./row-routes.ts";
import { isBounded } from "./selectivity.ts";

/** What reading does: `plans` looks only, as CREATE VIEW does; `runs` reads rows and looks at indexes. */
type ReadPurpose = "plans" | "runs";

/** Locks all that a query reads, and notes which tables are read in full. */
export function readQuery(
  ledger: Ledger,
  query: Query,
  purpose: ReadPurpose,
  outer: ReadonlySet<string> = new Set(),
): void {
  refuseRowLocks(ledger, query);
  for (const read of readsOf(query, ledger.world, outer)) readRelation(ledger, read, purpose);
  if (purpose === "runs") useSequences(ledger, query);
}

/** Locks one relation that is read, with what a view of it reads. */
export function readRelation(
  ledger: Ledger,
  read: Read,
  purpose: ReadPurpose,
  seen = new Set<number>(),
): void {
  const { world } = ledger;
  const found = findRelation(world, read);
  const mode: LockMode = read.locksRows ? "ROW SHARE" : "ACCESS SHARE";
  if (found === undefined) {
    if (isCatalog(read)) return;
    lockTarget(ledger, { known: null, label: labelOfName(world, read) }, "table", mode);
    if (purpose === "runs" && !read.isBounded) ledger.scans.add(labelOfName(world, read));
    return;
  }
  if (purpose === "plans") lock(ledger, found, mode);
  else runRelation(ledger, found, read, mode, seen);
}

/** A materialized view is read once it holds something, and its rows are nobody's to lock. */
function refuseHolder(ledger: Ledger, { name, withData }: View, { locksRows }: Read): void {
  if (locksRows) fail(ledger, "42809", `rows of the materialized view ${quoteName(name)} cannot be locked`);
  else if (!withData && !ledger.isPlan) fail(ledger, "55000", `${quoteName(name)} holds no data yet`);
}

function isCatalog(read: Read): boolean {
  return read.schema === "pg_catalog" || read.schema === "information_schema" || read.name.startsWith("pg_");
}

function runRelation(ledger: Ledger, found: Relation, read: Read, mode: LockMode, seen: Set<number>): void {
  const { schema } = ledger.world;
  if (found.kind === "view") {
    lock(ledger, found, mode);
    if (seen.has(found.id)) return;
    seen.add(found.id);
    for (const inner of found.reads) {
      const relation = inner.id === null ? undefined : schema.relationById(inner.id);
      const name = relation === undefined ? inner : { schema: relation.schema, name: relation.name };
      // The condition on a view of one table is one on the table.
      const isOnTable = found.kind === "view" && found.reads.length === 1 && read.where != null;
      const bounded =
        read.isBounded || (isOnTable && read.where != null && isBounded(read.where, relation, ledger.world));
      readRelation(
        ledger,
        { ...read, schema: name.schema, name: name.name, isBounded: bounded },
        "runs",
        seen,
      );
    }
    return;
  }
  const hasBelow = isTable(found) && read.only !== true;
  // Which partitions of a partition are read, its own bound decides with the condition.
  if (isTable(found) && isPartitioned(found) && read.where != null) lockBounds(ledger, found, 12);
  const members: readonly Relation[] = hasBelow
    ? touchedBy(ledger.world, found, read.where ?? null)
    : [found];
  if (found.kind === "materialized view") refuseHolder(ledger, found, read);
  if (found.kind === "sequence" && read.locksRows)
    fail(ledger, "42809", `rows of the sequence ${quoteName(found.name)} cannot be locked`);
  for (const member of members) {
    lock(ledger, member, mode);
    const isStored = !isTable(member) || hasStorage(member);
    // From 16 the planner looks at the indexes of partitioned tables too; before where nothing below is read.
    if (!isStored && hasBelow && ledger.world.version < 16) continue;
    for (const index of schema.indexesOf(member.id)) lock(ledger, index, mode);
    if (
      !isBoundedOf(ledger, read, found, member) &&
      isStored &&
      member.kind !== "sequence" &&
      member.kind !== "index"
    )
      ledger.scans.add(labelOf(member));
  }
}

/** Children have indexes of their own: what bounds the reading of the parent may not bound theirs. */
function isBoundedOf(ledger: Ledger, read: Read, parent: Relation, member: Relation): boolean {
  const isChild = isTable(member) && member.id !== parent.id && member.partitionOf === null;
  if (!isChild || !read.isBounded || read.isCut === true || read.where == null) return read.isBounded;
  return isBounded(read.where, member, ledger.world, read.alias ?? parent.name);
}

/** nextval() and setval() lock the sequence that they name. */
function useSequences(ledger: Ledger, query: Query): void {
  visitQuery(query, (expression) => {
    useSequencesOf(ledger, expression);
    useFunctionsOf(ledger, expression);
  });
}

/** The locks that `nextval()` and the like take when the expression runs. */
export function useSequencesOf(ledger: Ledger, expression: Expression): void {
  for (const name of sequenceUses(expression)) {
    const found = findRelation(ledger.world, name);
    if (found?.kind === "sequence") lock(ledger, found, "ROW EXCLUSIVE");
    else if (found !== undefined && isSureOfKind(found))
      fail(ledger, "42809", `${quoteName(found.name)} is not a sequence`);
  }
  for (const sequence of ownedSequenceUses(expression, ledger.world.schema))
    lock(ledger, sequence, "ROW EXCLUSIVE");
}

/** Rows that are put together from others cannot be locked. */
function refuseRowLocks(ledger: Ledger, query: Query): void {
  if (query.kind !== "select" || !query.locksRows) return;
  const isGrouped = query.groupBy.length > 0 || query.isDistinct || query.having !== null;
  const isCounted = query.targets.some(({ value }) => value.kind === "call" && isAggregate(value.name));
  if (isGrouped || isCounted) fail(ledger, "0A000", "FOR UPDATE needs rows that are rows of a table");
  const mayBeMissing = query.from.flatMap((source) => outerNames(source, false));
  const isMeant = (name: string) => query.lockedNames.length === 0 || query.lockedNames.includes(name);
  if (mayBeMissing.some(isMeant))
    fail(ledger, "0A000", "FOR UPDATE cannot lock the side of an outer join that may be missing");
}

/** The names of tables of which an outer join may give no row. */
function outerNames(source: Source, isOuter: boolean): readonly string[] {
  if (source.kind === "relation") return isOuter ? [source.alias ?? source.name] : [];
  if (source.kind === "subquery") return isOuter ? [source.alias ?? ""] : [];
  if (source.kind !== "join") return [];
  const { type, left, right } = source;
  return [
    ...outerNames(left, isOuter || type === "right" || type === "full"),
    ...outerNames(right, isOuter || type === "left" || type === "full"),
  ];
}

function visitQuery(query: Query, visit: (expression: Expression) => void): void {
  if (query.kind === "set operation") {
    visitQuery(query.left, visit);
    visitQuery(query.right, visit);
  } else if (query.kind === "values") {
    for (const row of query.rows) for (const value of row) visit(value);
  } else {
    for (const source of query.from)
      if (source.kind === "function" && source.call !== null) visit(source.call);
    for (const target of query.targets) visit(target.value);
    if (query.where !== null) visit(query.where);
  }
}
