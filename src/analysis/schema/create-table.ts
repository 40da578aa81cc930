import type { TypeName } from "../../model/name.ts";
import type { CreateTable } from "../../model/statement.ts";
import type { Constraint, PartitionKey } from "../../model/table.ts";
import { nameOf } from "../../sql/names.ts";
import { isMark, isNameToken, isWord, tokensIn } from "../../sql/tokens.ts";
import { type Column, isTable, type Table } from "../entities.ts";
import { bindCalls } from "./bound-calls.ts";
import { addOwnNotNull, makeColumn } from "./columns.ts";
import { addConstraint } from "./constraints.ts";
import {
  type Draft,
  findRelation,
  findType,
  MAX_COLUMNS,
  originOf,
  placeOf,
  tableById,
  takeId,
} from "./draft.ts";
import { putRelation } from "./draft-edits.ts";
import { clearRelation } from "./drop.ts";
import { forgetThings } from "./gone.ts";
import { copyInherited, inheritFrom } from "./inherit.ts";
import { copyLike, likeSource } from "./like.ts";
import { joinPartition } from "./partitions.ts";
import { mergeKeys } from "./repeated-keys.ts";
import { blankColumn, blankTable, changeTable, tableFor } from "./tables.ts";

/**
 * Whether a type may be what stands in for a placeholder of the tool, `id ${serial_key}`: that may bring a key, a default and
 * whatever else follows a type.
 */
function mayHoldMore(draft: Draft, type: TypeName | null): boolean {
  return (
    type !== null && type.schema === null && /^_[a-z]/.test(type.name) && findType(draft, type) === undefined
  );
}

/** CREATE TABLE with all that it brings: sequences, constraints, indexes, partitions, what LIKE and INHERITS copy. */
export function foldCreateTable(draft: Draft, statement: CreateTable): void {
  const isTemporary = statement.persistence === "temporary";
  const place = placeOf(draft, statement.table, isTemporary);
  const before = findRelation(draft, place);
  if (before !== undefined && statement.ifNotExists) return;
  // The parents come first: an unknown one is assumed before the table takes its id.
  const parent = statement.partitionOf === null ? undefined : tableFor(draft, statement.partitionOf.parent);
  const parents = statement.inherits.map((name) => tableFor(draft, name));
  // It may copy statistics, under names that the server chooses.
  if (statement.likes.length > 0) forgetThings(draft, "statistics");
  const sources = statement.likes.map((like) => ({ like, table: likeSource(draft, like.table) }));
  const ofType = statement.ofType === null ? undefined : findType(draft, statement.ofType);
  const id = makeRoom(draft, place, before !== undefined && isTable(before) ? before : undefined);

  putRelation<Table>(draft, {
    id,
    ...blankTable,
    ...place,
    kind: statement.isForeign ? "foreign table" : "table",
    persistence: statement.persistence,
    origin: originOf(draft),
    isCertainlyNew: !statement.ifNotExists || isTemporary,
    isComplete:
      (statement.ofType === null || ofType?.attributes !== undefined) &&
      !statement.columns.some(({ type }) => mayHoldMore(draft, type)) &&
      [parent, ...parents, ...sources.map((source) => source.table)].every(
        (table, k) => (k === 0 && table === undefined) || table?.isComplete === true,
      ),
    ...(ofType !== undefined && { ofType: ofType.id }),
    ...(statement.isForeign && serverOf(draft, statement)),
    partitionBy: statement.partitionBy === null ? null : boundKey(draft, statement.partitionBy),
  });
  for (const { name, type } of ofType?.attributes ?? []) addAttribute(draft, id, name, type);
  for (const table of parents) if (table !== undefined) inheritFrom(draft, id, table.id);
  if (parent !== undefined && statement.partitionOf !== null) {
    joinPartition(draft, id, parent.id, statement.partitionOf.bound, true);
  }
  for (const { like, table } of sources) {
    if (table !== undefined) copyLike(draft, id, table, like.including, "columns");
  }
  addColumns(draft, id, statement);
  addConstraints(draft, id, statement);
  for (const table of [...parents, parent]) {
    if (table !== undefined) copyInherited(draft, id, tableById(draft, table.id) ?? table, "not null");
  }
  for (const { like, table } of sources) {
    if (table !== undefined) copyLike(draft, id, table, like.including, "indexes");
  }
}

function boundKey(draft: Draft, key: PartitionKey): PartitionKey {
  if (key.columns.every(({ expression }) => expression === null)) return key;
  return {
    ...key,
    columns: key.columns.map(({ column, expression }) => ({
      column,
      expression: expression === null ? null : bindCalls(draft, expression),
    })),
  };
}

/** The id for the new table. In a broken history the name is taken: the newest word counts, and others still point at it. */
function makeRoom(
  draft: Draft,
  place: { readonly schema: string; readonly name: string },
  before: Table | undefined,
): number {
  if (before === undefined) {
    const other = findRelation(draft, place);
    if (other !== undefined) clearRelation(draft, other.id);
    return takeId(draft);
  }
  clearRelation(draft, before.id);
  return before.id;
}

/** All columns at once: a table that grows by one column after the other is copied for each of them. */
function addColumns(draft: Draft, id: number, statement: CreateTable): void {
  const table = tableById(draft, id);
  if (table === undefined || statement.columns.length === 0) return;
  const columns = [...table.columns];
  const places = new Map(columns.map(({ name }, place) => [name, place]));
  for (const definition of statement.columns.slice(0, MAX_COLUMNS)) {
    const column = makeColumn(draft, table, definition);
    const place = places.get(column.name) ?? columns.length;
    const inherited = columns[place];
    if (inherited !== undefined) columns[place] = mergeColumn(inherited, column);
    else if (place < MAX_COLUMNS) {
      places.set(column.name, place);
      columns.push(column);
    }
  }
  changeTable(draft, id, () => ({ columns }));
}

/** A column that is inherited already, told again: it keeps its type, defaults are replaced, NOT NULL is added. */
function mergeColumn(old: Column, column: Column): Column {
  return {
    ...old,
    ...(old.isInherited && { isInherited: false }),
    type: old.type ?? column.type,
    default: column.default ?? old.default,
    generated: column.generated ?? old.generated,
    generatedFrom: column.generated === null ? old.generatedFrom : column.generatedFrom,
    ...(column.generated !== null && column.calls && { calls: column.calls }),
    identity: column.identity || old.identity,
  };
}

/** `SERVER name`, behind the columns. */
function serverOf({ context: { text } }: Draft, { table, span }: CreateTable): { readonly server?: string } {
  let depth = 0;
  const tokens = tokensIn(text, table.span.end, span.end);
  for (const [k, token] of tokens.entries()) {
    if (isMark(text, token, "(")) depth += 1;
    else if (isMark(text, token, ")")) depth -= 1;
    const name = tokens[k + 1];
    if (depth === 0 && isWord(text, token, "server") && isNameToken(name))
      return { server: nameOf(text, name) };
  }
  return {};
}

/** The server's order: checks, NOT NULL, the primary key, other keys, foreign keys; each in order of appearance. */
function addConstraints(draft: Draft, id: number, statement: CreateTable): void {
  const all = [...statement.columns.flatMap((column) => column.constraints), ...statement.constraints];
  all.sort((first, second) => first.span.start - second.span.start);
  const mode = { isWithTable: !statement.isForeign, only: true };
  const add = (kind: Constraint["kind"]) => {
    for (const constraint of all) if (constraint.kind === kind) addConstraint(draft, id, constraint, mode);
  };
  add("check");
  addNotNulls(draft, id, statement);
  if (all.length === 0) return;
  for (const { constraint, name } of mergeKeys(all.filter(isIndexed)))
    addConstraint(draft, id, constraint, { name, ...mode });
  add("foreign key");
}

function isIndexed({ kind }: Constraint): boolean {
  return kind === "primary key" || kind === "unique" || kind === "exclusion";
}

/** Columns and table constraints as they stand; what a key of the table demands comes with the key. */
function addNotNulls(draft: Draft, id: number, statement: CreateTable): void {
  const mode = { isWithTable: true, only: true };
  const steps = [
    ...statement.columns.map((column) => ({
      at: column.span.start,
      run: () => addOwnNotNull(draft, id, column, true),
    })),
    ...statement.constraints.flatMap((constraint) =>
      constraint.kind === "not null"
        ? [{ at: constraint.span.start, run: () => addConstraint(draft, id, constraint, mode) }]
        : [],
    ),
  ];
  for (const step of steps.sort((first, second) => first.at - second.at)) step.run();
}

/** A column of a table made of a type. */
function addAttribute(draft: Draft, id: number, name: string, type: TypeName): void {
  const column: Column = { id: takeId(draft), ...blankColumn, name, type, origin: originOf(draft) };
  changeTable(draft, id, (table) => ({ columns: [...table.columns, column] }));
}
