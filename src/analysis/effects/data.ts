import type { Expression } from "../../model/expression.ts";
import {
  type DataChange,
  type Delete,
  type Insert,
  type Merge,
  type Source,
  type Update,
  valuesSet,
} from "../../model/query.ts";
import { quoteName } from "../../sql/names.ts";
import { append } from "../../text/append.ts";
import { labelOf } from "../effect.ts";
import type { Index, Table } from "../entities.ts";
import { placeIn } from "../schema/places.ts";
import { touchedBy } from "./bounds.ts";
import { refuseBranches } from "./branch-refusals.ts";
import { conflictConstraint } from "./conflict.ts";
import {
  isAtCursor,
  isBatch,
  isFew,
  isMergeBounded,
  isOfKey,
  isSourceBounded,
  isTargetBounded,
  withNamesOf,
} from "./data-bounds.ts";
import { checkParent, reachChild, reachChildren } from "./data-keys.ts";
import { refuseAssignments, refuseInsert, refuseMerge } from "./data-refusals.ts";
import { isHooked, keepsNames, writtenBy } from "./data-views.ts";
import { drawDefaults, fillsItself } from "./drawn-defaults.ts";
import { hasStorage, sequenceOf } from "./family.ts";
import { fireTriggers } from "./fired.ts";
import { foreignKeysOf, keysOnRows, referencedColumnsOf } from "./foreign-keys.ts";
import { lockByFunctionsOf, useFunctionsOf } from "./function-calls.ts";
import { defaultedColumns, insertedRows } from "./inserted-rows.ts";
import type { Ledger } from "./ledger.ts";
import { depend, lock, lockTarget, needVersion, tableTarget, targetOf } from "./ledger.ts";
import { columnsOf } from "./object-refusals.ts";
import { readQuery, readRelation, useSequencesOf } from "./queries.ts";
import { isChange, readsIn } from "./reads.ts";
import { refuseUnidentified } from "./replica-identity.ts";
import { refuseReturning, refuseTwins } from "./returning-refusals.ts";
import { lockBounds, moveRows, movesRows, routesOf, wantedBy } from "./row-routes.ts";
import { refuseCondition } from "./value-refusals.ts";
import { hasWords, isOnly } from "./words.ts";

/** Names of WITH, which are no relations. */
type Names = ReadonlySet<string>;

/**
 * INSERT, UPDATE, DELETE and MERGE. Rows are not counted: what a data change may touch, it is taken to touch. `outer`: the names
 * of the WITH that it stands in itself.
 */
export function changeData(ledger: Ledger, change: DataChange, outer: Names = new Set()): void {
  const names = change.with.length === 0 ? outer : new Set([...outer, ...withNamesOf(change)]);
  for (const { query } of change.with) {
    if (isChange(query)) changeData(ledger, query, names);
    else readQuery(ledger, query, "runs", names);
  }
  if (isHooked(ledger, change)) return;
  refuseReturning(ledger, change);
  switch (change.kind) {
    case "insert":
      insert(ledger, change, names);
      return;
    case "update":
      update(ledger, change, names);
      return;
    case "delete":
      deleteRows(ledger, change, names);
      return;
    case "merge": {
      needVersion(ledger, 15, "MERGE");
      if (ledger.world.version < 17 && (change.isReturning || hasWords(ledger, change.span, "matched", "by")))
        needVersion(ledger, 17, change.isReturning ? "MERGE ... RETURNING" : "MERGE ... NOT MATCHED BY");
      mergeRows(ledger, change, names);
      return;
    }
  }
}

function readSource(ledger: Ledger, change: DataChange, source: Source, names: Names): void {
  if (source.kind === "relation" && source.schema === null && names.has(source.name)) return;
  if (source.kind === "relation")
    readRelation(
      ledger,
      { locksRows: false, ...source, isBounded: isSourceBounded(ledger, change, source) },
      "runs",
    );
  else if (source.kind === "function" && source.call !== null) lockByFunctionsOf(ledger, source.call);
  else if (source.kind === "subquery") readQuery(ledger, source.query, "runs", names);
  else if (source.kind === "join") {
    readSource(ledger, change, source.left, names);
    readSource(ledger, change, source.right, names);
  }
}

/** UPDATE, DELETE and MERGE open every index of the table and of its partitions and children. */
function writeRows(
  ledger: Ledger,
  change: DataChange,
  where: Expression | null,
  isJoinedByKey = false,
): void {
  const { world } = ledger;
  const target = writtenBy(ledger, change);
  const isCut = isJoinedByKey || (where !== null && (isBatch(change, where) || isAtCursor(ledger, change)));
  // Each partition and child has indexes of its own.
  const reads = (relation: Table | undefined) =>
    !isCut && (where === null || !isTargetBounded(ledger, change, where, relation));
  lockTarget(ledger, target, "table", "ROW EXCLUSIVE");
  const [rule] = target.known?.rules ?? [];
  if (rule !== undefined) depend(ledger, `what the rule ${rule} does`);
  if (target.known === null) {
    if (reads(undefined)) ledger.scans.add(target.label);
    return;
  }
  const only = isOnly(ledger, change.span, change.table);
  for (const member of only ? [target.known] : touchedBy(world, target.known, where)) {
    lock(ledger, member, "ROW EXCLUSIVE");
    // From 16 the planner looks at the indexes of partitioned tables too.
    if (!hasStorage(member) && world.version < 16) continue;
    for (const index of world.schema.indexesOf(member.id)) lock(ledger, index, "ROW EXCLUSIVE");
    if (hasStorage(member) && reads(member)) ledger.scans.add(labelOf(member));
  }
}

/** MERGE reads its source, changes the target, and follows the foreign keys that it sets. */
function mergeRows(ledger: Ledger, change: Merge, names: Names): void {
  const { world } = ledger;
  const named = targetOf(world, change.table).known;
  if (named?.kind === "view") needVersion(ledger, 17, "MERGE into a view", "0A000");
  readSource(ledger, change, change.source, names);
  writeRows(ledger, change, null, isMergeBounded(ledger, change));
  const table = tableTarget(world, change.table).known;
  if (table === null) return;
  refuseMerge(ledger, change, table);
  const columns = new Set(change.targets.flatMap((one) => one.map(({ column }) => column.name)));
  const isInserting = hasWords(ledger, change.span, "then", "insert");
  for (const key of foreignKeysOf(world, table))
    if (
      key.enforced &&
      key.columns.some((column) => columns.has(column) || (isInserting && fillsItself(table, column)))
    )
      checkParent(ledger, key);
  if (isInserting) {
    fireTriggers(ledger, table, "insert");
    if (!hasWords(ledger, change.span, "insert", "values"))
      drawDefaults(ledger, table, (name) => columns.has(name));
  }
  if (hasWords(ledger, change.span, "then", "update")) fireTriggers(ledger, table, "update", columns);
  if (!hasWords(ledger, change.span, "then", "delete")) return;
  fireTriggers(ledger, table, "delete");
  reachChildren(ledger, table, new Set());
}

function insert(ledger: Ledger, change: Insert, names: Names): void {
  const { world } = ledger;
  const target = writtenBy(ledger, change);
  lockTarget(ledger, target, "table", "ROW EXCLUSIVE");
  if (change.source !== null) readQuery(ledger, change.source, "runs", names);
  for (const value of valuesSet(change.assignments)) readIn(ledger, value, names);
  const table = target.known;
  if (table === null) return;
  if (keepsNames(world, change, table)) refuseInsert(ledger, change, table);
  const isRow = change.source === null || change.source.kind === "values";
  fireTriggers(ledger, table, "insert", null, isRow && change.onConflict === null);
  const updated = new Set(change.assignments.map(({ column }) => column.name));
  if (updated.size > 0) fireTriggers(ledger, table, "update", updated);
  lockBounds(ledger, table, 14);
  // DO NOTHING without a target needs no index to decide, and a constraint that is named has its own.
  const named = conflictConstraint(ledger, change);
  if (change.onConflict !== null && !hasWords(ledger, change.span, "conflict", "do", "nothing"))
    for (const index of indexesAsked(ledger, table, named)) lock(ledger, index, "ROW EXCLUSIVE");
  for (const part of routesOf(world, change, table)) lock(ledger, part, "ROW EXCLUSIVE", "partition");
  const columns = change.columns.map((column) => column.name);
  // What OVERRIDING USER VALUE leaves aside of an identity column is drawn from its sequence.
  const isDrawn = hasWords(ledger, change.span, "overriding", "user");
  const isGiven = (name: string) =>
    isDrawn && table.columns.some((one) => one.name === name && one.identity)
      ? false
      : columns.length > 0
        ? columns.includes(name)
        : change.source !== null && givesAll(ledger, change, table, name);
  const left = defaultedColumns(change, table);
  drawDefaults(ledger, table, (name) => isGiven(name) && !left.has(name));
  for (const key of foreignKeysOf(world, table)) {
    // A reference that is null in part is looked up nowhere.
    if (!key.enforced || !key.columns.every((name) => isGiven(name) || fillsItself(table, name))) continue;
    const wanted = wantedBy(world, change, table, key);
    if (wanted !== "nothing") checkParent(ledger, key, wanted);
  }
}

/** The indexes that ON CONFLICT looks through: all, or those up to that of the constraint that it names. */
function indexesAsked(ledger: Ledger, table: Table, constraint: string | null): readonly Index[] {
  const all = ledger.world.schema.indexesOf(table.id);
  if (constraint === null) return all;
  const own = all.find((index) => index.constraint === constraint);
  return own === undefined ? [] : all.filter(({ id }) => id <= own.id);
}

/** INSERT without a list of columns gives values to the first columns; to all where nobody can tell how many it gives. */
function givesAll({ world }: Ledger, change: Insert, table: Table, name: string): boolean {
  const width = insertedRows(world, change)[0]?.length ?? table.columns.length;
  return placeIn(table.columns, name) < width;
}

function update(ledger: Ledger, change: Update, names: Names): void {
  const { world } = ledger;
  refuseTwins(ledger, change, change.from);
  for (const source of change.from) readSource(ledger, change, source, names);
  writeRows(ledger, change, change.where?.value ?? null);
  readConditions(ledger, change, names);
  const table = writtenBy(ledger, change).known;
  // A view may call the columns otherwise.
  if (table === null || !keepsNames(world, change, table)) return;
  refuseAssignments(ledger, change, table);
  refuseUnidentified(ledger, change, table);
  fireTriggers(ledger, table, "update", new Set(change.assignments.map(({ column }) => column.name)));
  lockBounds(ledger, table, 12);
  moveRows(ledger, change, table);
  const columns = change.assignments.map((assignment) => assignment.column.name);
  const reset = change.assignments.filter(({ value }) => value?.kind === "default");
  for (const { column } of reset) {
    const sequence = sequenceOf(world, table, column.name);
    if (sequence !== undefined)
      lock(ledger, sequence, "ROW EXCLUSIVE", `default of ${quoteName(column.name)}`);
  }
  // A reference to nothing has nothing to be looked up.
  const empty = change.assignments.filter(({ column, value }) =>
    value?.kind === "default"
      ? !fillsItself(table, column.name)
      : value?.kind === "constant" && value.type === "null",
  );
  const isEmptied = (name: string) => empty.some(({ column }) => column.name === name);
  const isMoved = movesRows(world, change, table);
  for (const key of foreignKeysOf(world, table))
    if (
      key.enforced &&
      // A row that moves to another partition is written there anew, and its references are looked up.
      (isMoved || key.columns.some((column) => columns.includes(column))) &&
      !key.columns.some(isEmptied)
    )
      checkParent(ledger, key);
  for (const { from, key, goal } of keysOnRows(world, table)) {
    if (!key.enforced || !referencedColumnsOf(goal, key).some((column) => columns.includes(column))) continue;
    reachChild(ledger, from, key, key.onUpdate, "update");
    // Up to 14 a row that moves to another partition is deleted and written anew, and so are those that point at it.
    if (world.version < 15 && isMoved) reachChild(ledger, from, key, key.onDelete);
  }
}

function deleteRows(ledger: Ledger, change: Delete, names: Names): void {
  const { world } = ledger;
  refuseTwins(ledger, change, change.using);
  for (const source of change.using) readSource(ledger, change, source, names);
  writeRows(ledger, change, change.where?.value ?? null);
  const target = writtenBy(ledger, change);
  readConditions(ledger, change, names);
  // Up to 13 the bound of a partition is held against the condition; later only where it has partitions itself.
  const isHeld = world.version < 14 || (target.known !== null && !hasStorage(target.known));
  if (target.known !== null && change.where !== null && isHeld) lockBounds(ledger, target.known, 12);
  if (target.known !== null) {
    refuseUnidentified(ledger, change, target.known);
    fireTriggers(ledger, target.known, "delete");
  }
  reachChildren(ledger, target.known, new Set());
}

function readConditions(ledger: Ledger, change: Update | Delete, names: Names): void {
  const parts = change.where === null ? [] : [change.where.value];
  const table = tableTarget(ledger.world, change.table).known;
  const isAlone = (change.kind === "update" ? change.from : change.using).length === 0;
  const columns = isAlone && table?.isComplete === true ? columnsOf(table) : null;
  for (const part of parts) {
    refuseCondition(ledger, part, columns, "WHERE");
    refuseBranches(ledger, part, columns);
  }
  if (change.kind === "update") append(parts, valuesSet(change.assignments));
  for (const part of parts) readIn(ledger, part, names, isFew(ledger, change));
}

/** What an expression reads in subqueries, and what it calls. `isFew`: it is worked out for few rows only. */
function readIn(ledger: Ledger, expression: Expression, names: Names, isFew = false): void {
  for (const read of readsIn(expression, ledger.world, names))
    readRelation(
      ledger,
      isFew && isOfKey(ledger, read, expression) ? { ...read, isBounded: true } : read,
      "runs",
    );
  useSequencesOf(ledger, expression);
  useFunctionsOf(ledger, expression);
}
