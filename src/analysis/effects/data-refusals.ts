import { type Expression, walkExpression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import type { Assignment, Insert, Merge, Update } from "../../model/query.ts";
import { quoteName } from "../../sql/names.ts";
import { isTable, type Table, type TableConstraint } from "../entities.ts";
import type { ColumnTypes } from "../expression-type.ts";
import { isAggregate } from "../facts/aggregates.ts";
import { isOwnFunction } from "../own-functions.ts";
import { itemNamed } from "../schema/places.ts";
import { refuseBranches } from "./branch-refusals.ts";
import { conflictColumns, conflictConstraint, endOfTarget } from "./conflict.ts";
import { refuseOverflow } from "./constant-fit.ts";
import { isSystemColumn } from "./expression-refusals.ts";
import { insertedColumns, insertedRows } from "./inserted-rows.ts";
import type { Ledger } from "./ledger.ts";
import { fail, failByRule, failSeen, findRelation } from "./ledger.ts";
import { columnsOf } from "./object-refusals.ts";
import { refuseMissingValues } from "./required-values.ts";
import { deferrableKey, isSurelyWithoutKey } from "./unique-keys.ts";
import { refuseValue } from "./value-refusals.ts";
import { hasWords, headsAfter } from "./words.ts";

/** INSERT into a table that is completely known: its columns are there, and those that are computed are not given. */
export function refuseInsert(ledger: Ledger, change: Insert, table: Table): void {
  if (!table.isComplete) return;
  const columns = new Map(table.columns.map((one) => [one.name, one]));
  const names = insertedColumns(change, table);
  for (const name of names)
    if (!columns.has(name)) fail(ledger, "42703", `column ${quoteName(name)} does not exist`);
  const whole = change.targets.filter(({ isWhole }) => isWhole).map(({ column }) => column.name);
  const twice = whole.find((name, k) => whole.indexOf(name) !== k);
  if (twice !== undefined) fail(ledger, "42701", `column ${quoteName(twice)} is given twice`);
  const overrides =
    hasWords(ledger, change.span, "overriding") &&
    (ledger.world.version >= 13 || hasWords(ledger, change.span, "overriding", "system"));
  const rows = insertedRows(ledger.world, change);
  for (const row of rows) {
    if (row.length > names.length) {
      const refuse = change.columns.length === 0 ? failSeen : fail;
      refuse(ledger, "42601", "INSERT has more values than columns");
    }
    if (row.length < change.columns.length && row.every((one) => isOneValue(ledger, one)))
      fail(ledger, "42601", "INSERT has more columns than values");
    for (const [k, value] of row.entries()) {
      const column = columns.get(names[k] ?? "");
      if (value.kind === "default" || column === undefined) continue;
      const isWhole = change.targets[k]?.isWhole ?? true;
      const types = row === rows[0] ? typesGiven(ledger, change) : undefined;
      if (isWhole && column.type !== null && types !== undefined)
        refuseGiven(ledger, value, column.type, `column ${quoteName(column.name)}`, types);
      if (column.generated !== null)
        failSeen(ledger, codeOf(ledger), `column ${quoteName(column.name)} is generated`);
      if (column.identity && column.isAlways === true && !overrides)
        fail(ledger, "428C9", `column ${quoteName(column.name)} is GENERATED ALWAYS AS IDENTITY`);
    }
  }
  if (change.onConflict !== null) refuseConflict(ledger, change, table);
  refuseMissingValues(ledger, change, table);
}

/** The types of the columns that the values are made of; undefined: not all of these are known. */
function typesGiven({ world }: Ledger, { source, with: tables }: Insert): ColumnTypes | null | undefined {
  if (source?.kind === "values") return null;
  if (source?.kind !== "select" || source.isDistinct || source.groupBy.length > 0) return undefined;
  const [from, ...others] = source.from;
  if (from === undefined) return null;
  if (from.kind !== "relation" || others.length > 0) return undefined;
  // WITH may give the name to something else.
  if ([...tables, ...source.with].some(({ name }) => name === from.name)) return undefined;
  const table = findRelation(world, from);
  return isTable(table) && table.isComplete ? columnsOf(table) : undefined;
}

/** What a placeholder stands for, or a star behind a value, may be more than one. */
function isOneValue({ world }: Ledger, value: Expression): boolean {
  if (value.kind === "column") return !value.path.some((name) => world.namesPlaceholder?.(name) === true);
  return value.kind !== "parameter" && value.kind !== "field" && value.kind !== "special";
}

/** ON CONFLICT (columns) needs a unique index over just these columns. */
function refuseConflict(ledger: Ledger, change: Insert, table: Table): void {
  refuseConstraint(ledger, change, table);
  refuseAssigned(ledger, change.assignments, table, null);
  const { world } = ledger;
  const columns = headsAfter(ledger, change.span, "conflict");
  if (columns.length === 0) refuseBare(ledger, change, table);
  for (const name of conflictColumns(ledger, change))
    if (itemNamed(table.columns, name) === undefined && !isSystemColumn(name))
      fail(ledger, "42703", `column ${quoteName(name)} does not exist`);
  if (columns.length === 0 || columns.includes(null)) return;
  // A column may be named more than once.
  const known = [...new Set(columns.filter((column) => column !== null))];
  const isComputed = known.some((name) => itemNamed(table.columns, name) === undefined);
  const indexes = world.schema.indexesOf(table.id);
  if (
    isComputed &&
    !world.schema.mayHaveMore(table) &&
    !indexes.some((one) => one.unique && one.hasExpression)
  )
    fail(ledger, "42P10", "no unique index is over such an expression");
  // `lower(email)` begins with a name as well.
  if (known.some((name) => itemNamed(table.columns, name) === undefined)) return;
  // A condition behind the columns is what lets a partial index decide.
  const isPlain = !hasWords(ledger, { start: change.span.start, end: endOfTarget(ledger, change) }, "where");
  if (isSurelyWithoutKey(world, table, known, ({ isPartial }) => !isPartial || !isPlain))
    fail(ledger, "42P10", `no unique index is over just ${columns.join(", ")}`);
  const deferrable = deferrableKey(world, table, known);
  if (deferrable !== undefined) refuseDeferrable(ledger, deferrable.name);
}

function refuseDeferrable(ledger: Ledger, name: string): void {
  fail(ledger, "55000", `${quoteName(name)} is deferrable: ON CONFLICT cannot rest on it`);
}

/** Where nothing says which conflict is meant, all unique keys are asked: DO UPDATE has to know, and none may be deferrable. */
function refuseBare(ledger: Ledger, change: Insert, table: Table): void {
  if (hasWords(ledger, change.span, "conflict", "on", "constraint")) return;
  if (change.onConflict === "update")
    fail(ledger, "42601", "ON CONFLICT DO UPDATE has to say which columns or constraint are meant");
  const found = table.constraints.find(
    (one) => ["unique", "primary key", "exclusion"].includes(one.kind) && one.deferrable === true,
  );
  if (found !== undefined && !ledger.world.schema.mayHaveMore(table)) refuseDeferrable(ledger, found.name);
}

/** ON CONFLICT ON CONSTRAINT name. */
function refuseConstraint(ledger: Ledger, change: Insert, table: Table): void {
  const name = conflictConstraint(ledger, change);
  if (name === null) return;
  const found = itemNamed(table.constraints, name);
  if (found === undefined)
    fail(ledger, "42704", `constraint ${quoteName(name)} of ${quoteName(table.name)} does not exist`);
  else if (found.deferrable === true) refuseDeferrable(ledger, name);
  else if (isOfRanges(ledger, table, found) && change.onConflict === "update")
    fail(ledger, "42809", "ON CONFLICT DO UPDATE is not for exclusion constraints");
}

/** Of values that overlap there may be several: no single row is in conflict. */
function isOfRanges({ world }: Ledger, table: Table, { kind, name }: TableConstraint): boolean {
  const index = world.schema.indexesOf(table.id).find((one) => one.constraint === name);
  return kind === "exclusion" || index?.method === "gist";
}

/** UPDATE: the same of what it sets. */
export function refuseAssignments(ledger: Ledger, change: Update, table: Table): void {
  // Columns of other tables may be called alike.
  const isAlone = change.from.length === 0;
  refuseAssigned(ledger, change.assignments, table, isAlone && table.isComplete ? columnsOf(table) : null);
}

/** `types`: those of the columns that the values can read, where these are known. */
function refuseAssigned(
  ledger: Ledger,
  assignments: readonly Assignment[],
  table: Table,
  types: ColumnTypes | null,
): void {
  // Fields and elements of one column can be set side by side.
  const names = assignments.filter(({ isWhole }) => isWhole).map(({ column }) => column.name);
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice !== undefined)
    failByRule(ledger, "duplicate-column-assignment", "42601", `column ${twice} is set twice`);
  if (!table.isComplete) return;
  for (const { column, value, isWhole } of assignments) {
    const known = itemNamed(table.columns, column.name);
    if (value !== null) refuseBranches(ledger, value, types);
    if (known === undefined) fail(ledger, "42703", `column ${quoteName(column.name)} does not exist`);
    else if (
      value?.kind !== "default" &&
      (known.generated !== null || (known.identity && known.isAlways === true))
    )
      fail(
        ledger,
        known.generated === null ? "428C9" : codeOf(ledger),
        `column ${quoteName(column.name)} can only be set to DEFAULT`,
      );
    else if (value !== null && callsAggregate(ledger, value))
      fail(ledger, "42803", `column ${quoteName(column.name)} cannot be set to an aggregate`);
    else if (known.type !== null && value !== null && value.kind !== "default" && isWhole)
      refuseGiven(ledger, value, known.type, `column ${quoteName(known.name)}`, types);
  }
}

/** A value of another type, or one that is too long or too large. */
function refuseGiven(
  ledger: Ledger,
  value: Expression,
  type: TypeDescription,
  what: string,
  columns: ColumnTypes | null,
): void {
  refuseValue(ledger, value, type, what, columns);
  refuseOverflow(ledger, value, type, what);
}

/** Whether it puts rows together by itself; what a subquery does is its own affair. */
function callsAggregate({ world }: Ledger, value: Expression): boolean {
  let does = false;
  walkExpression(value, (node) => {
    does ||=
      node.kind === "call" &&
      !node.isWindow &&
      isAggregate(node.name) &&
      !isOwnFunction(world.schema, node.name);
  });
  return does;
}

/** MERGE: the columns that it sets and fills are there, and none of them is computed. */
export function refuseMerge(ledger: Ledger, change: Merge, table: Table): void {
  if (!table.isComplete) return;
  for (const { column, isDefault } of change.targets.flat()) {
    const known = itemNamed(table.columns, column.name);
    if (known === undefined) fail(ledger, "42703", `column ${quoteName(column.name)} does not exist`);
    else if (known.generated !== null && isDefault !== true)
      failSeen(ledger, codeOf(ledger), `column ${quoteName(column.name)} is generated`);
  }
}

/** The code of a value for a generated column; up to 13 that of a syntax error. */
function codeOf(ledger: Ledger): string {
  return ledger.world.version < 14 ? "42601" : "428C9";
}
