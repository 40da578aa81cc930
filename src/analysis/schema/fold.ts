import type { QualifiedName } from "../../model/name.ts";
import type {
  AlterSequence,
  CreateSchema,
  CreateSequence,
  Statement,
  StatementKind,
  StatementOf,
} from "../../model/statement.ts";
import { truncateName } from "../../sql/names.ts";
import type { Column } from "../entities.ts";
import { rangeAfter, readSequenceOptions, type SequenceRange, unknownRange } from "../sequence-range.ts";
import { foldAlterTable } from "./alter-table.ts";
import { foldComment } from "./comments.ts";
import { foldCreateTable } from "./create-table.ts";
import {
  type Draft,
  findRelation,
  openDraft,
  originOf,
  pathOf,
  placeOf,
  relationById,
  takeId,
} from "./draft.ts";
import { closeDraft, putRelation } from "./draft-edits.ts";
import { inServersOrder } from "./elements.ts";
import { foldDrop } from "./fold-drop.ts";
import { internalsOf, isSamePath, schemaOf } from "./folded-schema.ts";
import { foldAlterFunction, foldCreateFunction } from "./functions.ts";
import { findGone, forgetThings } from "./gone.ts";
import { foldGrant } from "./grants.ts";
import { foldAlterOwner, foldOwned, noteDefaultRights, noteSchemaOwner } from "./held.ts";
import { foldCreateIndex } from "./indexes.ts";
import type { FoldContext, Schema } from "./known-schema.ts";
import { dropMapping, noteThing } from "./made.ts";
import { isSystemName } from "./name-parts.ts";
import { foldCreateRule, foldCreateTrigger, foldPolicy } from "./parts.ts";
import { foldPublication } from "./publications.ts";
import { foldRename, foldSetSchema } from "./rename.ts";
import { storeWritten } from "./settle.ts";
import { findRelation as findIn, type State } from "./state.ts";
import { foldCreateStatistics } from "./statistics.ts";
import { changeColumn, noteUnknown, tableFor } from "./tables.ts";
import { foldAlterDomain, foldAlterEnum, foldAlterType, foldCreateDomain, foldCreateType } from "./types.ts";
import { foldCreateTableAs, foldCreateView } from "./views.ts";

/**
 * The schema after the statement. The same object where nothing changed, so that a history of data statements costs
 * nothing, and ROLLBACK is keeping an older one.
 */
export function foldSchema(schema: Schema, statement: Statement, context: FoldContext): Schema {
  const { state, path } = internalsOf(schema);
  const after = foldState(state, statement, context);
  return after === state && isSamePath(path, context.searchPath)
    ? schema
    : schemaOf(after, context.searchPath);
}

function foldState(state: State, statement: Statement, context: FoldContext): State {
  if (statement.kind in folds) {
    const draft = openDraft(state, context);
    foldStatement(draft, statement);
    return closeDraft(draft, state);
  }
  if (!state.isComplete) return state;
  return usesUnknown(state, pathOf(context), statement) ? { ...state, isComplete: false } : state;
}

/** Statements that change the schema; of the others only what they name is remembered. */
const folds: { readonly [Kind in StatementKind]?: (draft: Draft, statement: StatementOf<Kind>) => void } = {
  "create table": foldCreateTable,
  "create table as": foldCreateTableAs,
  "alter table": foldAlterTable,
  "create index": foldCreateIndex,
  drop: foldDrop,
  rename: foldRename,
  "set schema": foldSetSchema,
  "create view": foldCreateView,
  "create sequence": foldCreateSequence,
  "alter sequence": foldAlterSequence,
  "create schema": foldCreateSchema,
  "create type": foldCreateType,
  "alter enum": foldAlterEnum,
  "alter type": foldAlterType,
  "create domain": foldCreateDomain,
  "alter domain": foldAlterDomain,
  "create function": foldCreateFunction,
  "create trigger": foldCreateTrigger,
  "create policy": foldPolicy,
  "alter policy": foldPolicy,
  "create rule": foldCreateRule,
  "create statistics": foldCreateStatistics,
  "create publication": (draft, statement) => {
    noteThing(draft, statement);
    foldPublication(draft, statement);
  },
  "alter publication": foldPublication,
  comment: foldComment,
  grant: foldGrant,
  revoke: foldGrant,
  "alter owner": foldAlterOwner,
  "drop owned": foldOwned,
  "reassign owned": foldOwned,
  "create extension": (draft, statement) => {
    forgetThings(draft);
    noteThing(draft, statement);
  },
  other: (draft, statement) => {
    if (statement.command === "drop user mapping") dropMapping(draft, statement);
    if (statement.command === "alter default privileges") noteDefaultRights(draft, statement);
    noteThing(draft, statement);
    if (makers.has(statement.command)) forgetThings(draft);
    if (statement.command === "create cast" || statement.command === "create operator") draft.hasCasts = true;
    foldAlterFunction(draft, statement);
  },
  "refresh materialized view": (draft, statement) => markFilled(draft, statement.view, statement.withData),
  // EXPLAIN ANALYZE runs what it explains.
  explain: (draft, statement) => {
    if (statement.analyze) foldStatement(draft, statement.statement);
  },
};

/** They make what they do not name, or what the model does not. */
const makers: ReadonlySet<string> = new Set(["create aggregate", "import foreign schema", "alter extension"]);

function foldStatement(draft: Draft, statement: Statement): void {
  const fold = folds[statement.kind] as ((draft: Draft, statement: Statement) => void) | undefined;
  if (fold !== undefined) fold(draft, statement);
  else {
    storeWritten(draft);
    if (draft.isComplete && usesUnknown(draft, draft.path, statement)) draft.isComplete = false;
  }
}

/** Statements that change no schema still tell whether the history knows what it works on. */
function usesUnknown(state: State, path: readonly string[], statement: Statement): boolean {
  const isUnknown = (name: QualifiedName) =>
    findIn(state, path, name) === undefined &&
    !isSystemName(name) &&
    findGone(state, path, "relation", name) === undefined;
  switch (statement.kind) {
    case "insert":
    case "update":
    case "delete":
    case "merge":
      return isUnknown(statement.table);
    case "truncate":
    case "lock":
    case "vacuum":
    case "analyze":
      return statement.tables.some(isUnknown);
    case "copy":
    case "cluster":
      return statement.table !== null && isUnknown(statement.table);
    case "reindex": {
      const { target, object } = statement;
      return target !== null && (object === "table" || object === "index") && isUnknown(target);
    }
    default:
      return false;
  }
}

function foldCreateSequence(draft: Draft, statement: CreateSequence): void {
  const place = placeOf(draft, statement.sequence, statement.persistence === "temporary");
  const before = findRelation(draft, place);
  if (before !== undefined && (statement.ifNotExists || before.kind !== "sequence")) return;
  putRelation(draft, {
    kind: "sequence",
    ...place,
    id: before?.id ?? takeId(draft),
    origin: originOf(draft),
    isCertainlyNew: !statement.ifNotExists,
    ownedBy: ownerOf(draft, statement.ownedBy),
    ...(!statement.ifNotExists && rangeOf(draft, statement, null)),
  });
}

function foldAlterSequence(draft: Draft, statement: AlterSequence): void {
  const sequence = findRelation(draft, statement.sequence);
  if (sequence === undefined && !statement.ifExists) noteUnknown(draft, statement.sequence);
  if (sequence?.kind !== "sequence") return;
  if (
    sequence.isIdentity === true &&
    sequence.ownedBy !== null &&
    statement.options.some((option) => option !== "restart")
  )
    changeColumn(draft, sequence.ownedBy.table, sequence.ownedBy.column, forgetIdentity);
  if (sequence.range !== undefined)
    putRelation(draft, { ...sequence, ...rangeOf(draft, statement, sequence.range) });
  if (statement.ownedBy === null) return;
  const ownedBy = statement.ownedBy === "none" ? null : ownerOf(draft, statement.ownedBy);
  // The owner may have been assumed just now: take the sequence as it is by then.
  const current = relationById(draft, sequence.id);
  if (current?.kind === "sequence") putRelation(draft, { ...current, ownedBy });
}

function rangeOf(
  { context }: Draft,
  { sequence, span }: CreateSequence | AlterSequence,
  before: SequenceRange | null,
): { readonly range: SequenceRange } {
  // Where it may not have run, either may hold.
  if (context.mayBeSkipped === true) return { range: unknownRange };
  const options = readSequenceOptions(context.text, { start: sequence.span.end, end: span.end });
  return { range: rangeAfter(before, options) };
}

/** What an identity column was declared with is not all that is said of its sequence any more. */
function forgetIdentity({ identityText }: Column): Partial<Column> {
  return identityText === undefined ? {} : { identityText: "" };
}

function ownerOf(
  draft: Draft,
  owner: { readonly table: QualifiedName; readonly column: string } | null,
): { readonly table: number; readonly column: string } | null {
  const table = owner === null ? undefined : tableFor(draft, owner.table);
  return owner === null || table === undefined
    ? null
    : { table: table.id, column: truncateName(owner.column) };
}

/** The elements of CREATE SCHEMA are made inside of it. */
function foldCreateSchema(draft: Draft, statement: CreateSchema): void {
  if (statement.schema === null) return;
  const name = truncateName(statement.schema.name);
  noteThing(draft, statement);
  noteSchemaOwner(draft, name, statement);
  if (statement.elements.length === 0) return;
  const inner: Draft = { ...draft, path: [name, ...draft.path] };
  for (const element of inServersOrder(statement.elements)) foldStatement(inner, element);
  Object.assign(draft, inner, { path: draft.path });
}

function markFilled(draft: Draft, name: QualifiedName, withData: boolean): void {
  const view = findRelation(draft, name);
  if (view === undefined) noteUnknown(draft, name);
  if (view?.kind !== "materialized view" || view.withData === withData) return;
  putRelation(draft, { ...view, withData });
}
