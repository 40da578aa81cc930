import type { Constraint, ForeignKey, KeyConstraint } from "../../model/table.ts";
import { truncateName } from "../../sql/names.ts";
import { type Index, isTable, type Table, type TableConstraint } from "../entities.ts";
import { bindCalls } from "./bound-calls.ts";
import { type Draft, findRelation, originOf, tableById } from "./draft.ts";
import { chooseConstraintName, dependents, putRelation } from "./draft-edits.ts";
import { bareColumns, columnsOf, isWholeRow } from "./expressions.ts";
import { buildIndex, indexedBy } from "./indexes.ts";
import { joinColumnNames } from "./naming.ts";
import { indexesOf } from "./own-indexes.ts";
import { placeIn, withPlace } from "./places.ts";
import {
  appendConstraint,
  assumeColumns,
  changeColumn,
  changeTable,
  columnOf,
  familyOf,
  hasConstraint,
  tableFor,
} from "./tables.ts";
import { type Timing, timingOf } from "./timing.ts";

/** How a constraint comes to the table. */
interface ConstraintMode {
  /** With the table itself, or with a column that holds nothing yet: NOT VALID says nothing then. */
  readonly isWithTable: boolean;
  readonly only: boolean;
  /** Its name where another constraint leaves it one; null or missing: its own. */
  readonly name?: string | null;
}

/** Adds a constraint to a table and to what inherits it. Nothing happens where the table is gone. */
export function addConstraint(draft: Draft, id: number, constraint: Constraint, mode: ConstraintMode): void {
  const base = {
    validated: (mode.isWithTable || !constraint.notValid) && !constraint.notEnforced,
    enforced: !constraint.notEnforced,
    noInherit: constraint.noInherit,
    origin: originOf(draft),
    definition: definitionOf(draft, constraint),
    ...timingOf(constraint),
  };
  const given = mode.name ?? (constraint.name === null ? null : truncateName(constraint.name.name));
  switch (constraint.kind) {
    case "check": {
      const expression = bindCalls(draft, bareColumns(constraint.expression.value));
      const columns = columnsOf(expression).filter((name) => !isWholeRow(tableById(draft, id), name));
      addCheck(draft, id, { kind: "check", ...base, name: given ?? "", expression, columns }, mode.only);
      break;
    }
    case "not null":
      addNotNull(draft, id, truncateName(constraint.column.name), given, {
        only: mode.only || constraint.noInherit,
        isValid: base.validated,
        noInherit: constraint.noInherit,
      });
      break;
    case "unique":
    case "primary key":
      addKey(draft, id, constraint, given, mode.only);
      break;
    case "foreign key":
      addForeignKey(draft, id, constraint, given, base);
      break;
    case "exclusion": {
      const table = tableById(draft, id);
      if (table === undefined) return;
      const plan = {
        name: given,
        unique: false,
        method: constraint.method,
        keys: constraint.elements.map(indexedBy),
        including: [],
        predicate: constraint.where === null ? null : bareColumns(constraint.where.value),
        constraint: "exclusion",
        timing: timingOf(constraint),
        isCertainlyNew: true,
      } as const;
      buildIndex(draft, table, plan, mode.only, null);
    }
  }
}

type Check = Extract<TableConstraint, { kind: "check" }>;
type ForeignKeyEntity = Extract<TableConstraint, { kind: "foreign key" }>;

/** An empty name: the server chooses, with the column's name where there is just one. */
function addCheck(draft: Draft, id: number, check: Check, only: boolean): void {
  const table = tableById(draft, id);
  if (table === undefined) return;
  const column = check.columns.length === 1 ? (check.columns[0] ?? null) : null;
  const name =
    check.name === "" ? chooseConstraintName(draft, table.schema, [table.name, column, "check"]) : check.name;
  for (const member of familyOf(draft, id, only || check.noInherit)) {
    assumeColumns(draft, member, check.columns);
    // An equal constraint of a child is merged with the parent's.
    const { constraints = [] } = tableById(draft, member) ?? {};
    const existing = constraints[placeIn(constraints, name)];
    const validated = check.validated || (member !== id && existing?.validated === true);
    appendConstraint(draft, member, { ...check, name, validated });
  }
}

/** NOT NULL on a column, with a constraint of its own from PostgreSQL 18 on. */
export function addNotNull(
  draft: Draft,
  id: number,
  column: string,
  name: string | null,
  mode: { readonly only: boolean; readonly isValid: boolean; readonly noInherit?: boolean },
): void {
  let chosen = name;
  for (const member of familyOf(draft, id, mode.only)) {
    changeColumn(draft, member, column, (old) => ({
      notNull: mode.isValid || old.notNull === "valid" ? "valid" : "not valid",
    }));
    const table = tableById(draft, member);
    if (table === undefined || draft.context.version < 18 || columnOf(table, column) === undefined) continue;
    const existing = table.constraints.find((old) => old.kind === "not null" && old.columns[0] === column);
    if (existing !== undefined) {
      if (mode.isValid && !existing.validated) setValidated(draft, member, existing.name);
      continue;
    }
    chosen ??= chooseConstraintName(draft, table.schema, [table.name, column, "not_null"]);
    const free = hasConstraint(table, chosen)
      ? chooseConstraintName(draft, table.schema, [table.name, column, "not_null"])
      : chosen;
    appendConstraint(draft, member, {
      kind: "not null",
      name: free,
      columns: [column],
      validated: mode.isValid,
      enforced: true,
      noInherit: mode.noInherit === true,
      origin: originOf(draft),
    });
  }
}

/** VALIDATE CONSTRAINT. */
export function setValidated(draft: Draft, id: number, name: string): void {
  changeTable(draft, id, (table) => {
    const index = placeIn(table.constraints, name);
    const constraint = table.constraints[index];
    if (constraint === undefined || constraint.validated) return {};
    return { constraints: withPlace(table.constraints, index, { ...constraint, validated: true }) };
  });
}

/** What stands behind `CONSTRAINT name`. */
function definitionOf(draft: Draft, constraint: Constraint): string {
  return draft.context.text
    .slice(constraint.name?.span.end ?? constraint.span.start, constraint.span.end)
    .trim();
}

function addKey(draft: Draft, id: number, key: KeyConstraint, given: string | null, only: boolean): void {
  const table = tableById(draft, id);
  if (table === undefined) return;
  if (key.usingIndex !== null) {
    adoptIndex(draft, id, key, given);
    return;
  }
  const columns = key.columns.map((column) => truncateName(column.name));
  if (key.kind === "primary key") {
    for (const column of columns) addNotNull(draft, id, column, null, { only, isValid: true });
  }
  const plan = {
    name: given,
    unique: true,
    // A temporal key (18) is a GiST index.
    method: key.withoutOverlaps ? "gist" : "btree",
    keys: columns,
    including: key.including.map((column) => truncateName(column.name)),
    predicate: null,
    constraint: key.kind,
    definition: definitionOf(draft, key),
    timing: timingOf(key),
    isCertainlyNew: true,
  } as const;
  buildIndex(draft, tableById(draft, id) ?? table, plan, only, null);
}

/** ADD CONSTRAINT ... USING INDEX: the index takes the constraint's name. */
function adoptIndex(draft: Draft, id: number, key: KeyConstraint, given: string | null): void {
  const table = tableById(draft, id);
  if (table === undefined || key.usingIndex === null) return;
  const found = findRelation(draft, { schema: table.schema, name: truncateName(key.usingIndex.name) });
  const index = found?.kind === "index" && found.table === id ? found : undefined;
  const name = given ?? truncateName(key.usingIndex.name);
  if (index !== undefined) putRelation(draft, { ...index, name, constraint: name });
  else draft.isComplete = false;
  const columns = index === undefined ? [] : index.keys.filter((column) => column !== null);
  if (key.kind === "primary key") {
    for (const column of columns) addNotNull(draft, id, column, null, { only: false, isValid: true });
  }
  appendConstraint(draft, id, {
    kind: key.kind,
    name,
    columns,
    validated: true,
    enforced: true,
    noInherit: false,
    ...timingOf(key),
    origin: originOf(draft),
  });
}

function addForeignKey(
  draft: Draft,
  id: number,
  key: ForeignKey,
  given: string | null,
  base: Pick<ForeignKeyEntity, "validated" | "enforced" | "noInherit" | "origin"> & Timing,
): void {
  const referenced = tableFor(draft, key.references);
  const table = tableById(draft, id);
  if (table === undefined) return;
  const columns = key.columns.map((column) => truncateName(column.name));
  const named = key.referencedColumns.map((column) => truncateName(column.name));
  if (referenced !== undefined) assumeColumns(draft, referenced.id, named);
  const primary = referenced?.constraints.find((constraint) => constraint.kind === "primary key");
  const entity: ForeignKeyEntity = {
    kind: "foreign key",
    ...base,
    name: given ?? chooseForeignKeyName(draft, id, columns),
    columns,
    references: {
      id: referenced?.id ?? null,
      schema: referenced?.schema ?? key.references.schema?.name ?? null,
      name: referenced?.name ?? truncateName(key.references.name.name),
    },
    referencedColumns: named.length > 0 ? named : (primary?.columns ?? []),
    restsOn: referenced === undefined ? null : keyIndexOf(draft, referenced, named, primary?.name),
    onDelete: key.onDelete,
    onUpdate: key.onUpdate,
  };
  putForeignKey(draft, id, entity);
}

/** The primary key where no columns are named, else the oldest index that makes them unique: not always that of the primary key. */
function keyIndexOf(
  draft: Draft,
  referenced: Table,
  named: readonly string[],
  primary: string | undefined,
): number | null {
  const indexes = indexesOf(draft, referenced.id);
  const isKey = (index: Index) =>
    index.unique &&
    index.isValid &&
    !index.isPartial &&
    index.keys.length === named.length &&
    named.every((column) => index.keys.includes(column));
  const found =
    named.length === 0
      ? indexes.find((one) => one.constraint !== null && one.constraint === primary)
      : indexes.filter(isKey).sort((first, second) => first.id - second.id)[0];
  return found?.id ?? null;
}

/** The key on the table, and on its partitions under the same name where that is free. */
function putForeignKey(draft: Draft, id: number, key: ForeignKeyEntity): void {
  assumeColumns(draft, id, key.columns);
  appendConstraint(draft, id, key);
  if (tableById(draft, id)?.partitionBy == null) return;
  for (const partition of dependents(draft, "partition", id)) {
    if (isTable(partition)) cloneForeignKey(draft, partition.id, key);
  }
}

/** Gives a partition the foreign key of its parent, unless it has its like. */
export function cloneForeignKey(draft: Draft, partition: number, key: ForeignKeyEntity): void {
  const table = tableById(draft, partition);
  if (table === undefined) return;
  const like = table.constraints.some(
    (own) =>
      own.kind === "foreign key" &&
      own.references.id === key.references.id &&
      own.columns.join("\0") === key.columns.join("\0") &&
      own.referencedColumns.join("\0") === key.referencedColumns.join("\0"),
  );
  if (like) return;
  const name = hasConstraint(table, key.name)
    ? chooseForeignKeyName(draft, partition, key.columns)
    : key.name;
  putForeignKey(draft, partition, { ...key, name });
}

function chooseForeignKeyName(draft: Draft, id: number, columns: readonly string[]): string {
  const table = tableById(draft, id);
  if (table === undefined) return "";
  return chooseConstraintName(draft, table.schema, [table.name, joinColumnNames(columns), "fkey"]);
}
