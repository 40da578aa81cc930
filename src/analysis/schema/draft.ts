import type { Origin, Relation, Table, UserType } from "../entities.ts";
import type { FoldContext, NameLike } from "../schema.ts";
import { edgesOf, edgesOfType } from "./edges.ts";
import { chooseName } from "./naming.ts";
import {
  dependentsOf,
  type EdgeRole,
  findRelation as findIn,
  isTable,
  keyOf,
  lookUp,
  partsOf,
  type State,
} from "./state.ts";
import { emptyTrie, getFrom, removeFrom, setIn, type Trie } from "./trie.ts";

/** A state that one statement is changing: the maps stay persistent, only what points at them moves. */
export interface Draft extends Mutable<State> {
  readonly context: FoldContext;
  readonly path: readonly string[];
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** PostgreSQL's own limit; also keeps a hostile ALTER TABLE linear. */
export const MAX_COLUMNS = 1600;
/** Not PostgreSQL's: beyond it a table counts as not completely known. */
export const MAX_PARTS = 4000;

export function openDraft(state: State, context: FoldContext): Draft {
  return { ...state, context, path: pathOf(context) };
}

const defaultPath: readonly string[] = ["public"];

/** Where new things go, and where names are looked up. */
export function pathOf({ searchPath }: FoldContext): readonly string[] {
  if (searchPath.length === 1 && searchPath[0] === "public") return defaultPath;
  const path = searchPath.filter((name) => name !== "$user" && name !== "pg_catalog");
  return path.length === 0 ? defaultPath : path;
}

/**
 * The state that the draft has come to: the very same one where nothing changed. Field by field: this runs for every
 * statement, and taking objects apart by their keys is slow.
 */
export function closeDraft(draft: Draft, before: State): State {
  if (
    draft.isComplete === before.isComplete &&
    draft.hasTemporary === before.hasTemporary &&
    draft.relations === before.relations &&
    draft.relationNames === before.relationNames &&
    draft.types === before.types &&
    draft.typeNames === before.typeNames &&
    draft.functions === before.functions &&
    draft.constraintNames === before.constraintNames &&
    draft.assumed === before.assumed &&
    draft.edges === before.edges
  )
    return before;
  return {
    isComplete: draft.isComplete,
    hasTemporary: draft.hasTemporary,
    nextId: draft.nextId,
    relations: draft.relations,
    relationNames: draft.relationNames,
    types: draft.types,
    typeNames: draft.typeNames,
    functions: draft.functions,
    constraintNames: draft.constraintNames,
    assumed: draft.assumed,
    edges: draft.edges,
  };
}

export function takeId(draft: Draft): number {
  draft.nextId += 1;
  return draft.nextId - 1;
}

/** Where a new object of this name goes. */
export function placeOf(
  draft: Draft,
  name: NameLike,
  isTemporary = false,
): { readonly schema: string; readonly name: string } {
  const parts = partsOf(name);
  if (isTemporary) return { schema: "pg_temp", name: parts.name };
  return { schema: parts.schema ?? draft.path[0] ?? "public", name: parts.name };
}

export function findRelation(draft: Draft, name: NameLike): Relation | undefined {
  return findIn(draft, draft.path, name);
}

export function findTable(draft: Draft, name: NameLike): Table | undefined {
  const found = findRelation(draft, name);
  return found !== undefined && isTable(found) ? found : undefined;
}

export function relationById(draft: Draft, id: number): Relation | undefined {
  return getFrom(draft.relations, id);
}

export function tableById(draft: Draft, id: number): Table | undefined {
  const found = getFrom(draft.relations, id);
  return found !== undefined && isTable(found) ? found : undefined;
}

export function findType(draft: Draft, name: NameLike): UserType | undefined {
  const id = lookUp(draft.typeNames, draft.path, name);
  return id === undefined ? undefined : getFrom(draft.types, id);
}

export function dependents(draft: Draft, role: EdgeRole, id: number): readonly Relation[] {
  return dependentsOf(draft, role, id).flatMap((dependent) => {
    const relation = getFrom(draft.relations, dependent);
    return relation === undefined ? [] : [relation];
  });
}

/** Adds the relation or puts it in the place of the one with its id; names and edges follow. */
export function putRelation<Kind extends Relation>(draft: Draft, relation: Kind): Kind {
  const before = getFrom(draft.relations, relation.id);
  if (before === relation) return relation;
  draft.relations = setIn(draft.relations, relation.id, relation as Relation);
  if (before?.origin === null) countAssumed(draft, before.schema, -1);
  if (relation.origin === null) countAssumed(draft, relation.schema, 1);
  if (before === undefined || before.name !== relation.name || before.schema !== relation.schema) {
    if (before !== undefined) forgetName(draft, before);
    if (relation.schema === "pg_temp") draft.hasTemporary = true;
    draft.relationNames = setIn(draft.relationNames, keyOf(relation.schema, relation.name), relation.id);
  }
  if (!hasSameEdges(before, relation)) {
    moveEdges(draft, relation.id, edgesOf(draft, before, relation), edgesOf(draft, relation, before));
    moveConstraintNames(draft, before, relation);
  }
  return relation;
}

/** Puts a table in its own place where only words changed: same name, same dependencies, same constraint names. */
export function rewordTable(draft: Draft, table: Table): void {
  draft.relations = setIn(draft.relations, table.id, table as Relation);
}

/** Takes the relation out, and nothing else: what depends on it is the caller's. */
export function removeRelation(draft: Draft, id: number): void {
  const before = getFrom(draft.relations, id);
  if (before === undefined) return;
  draft.relations = removeFrom(draft.relations, id);
  if (before.origin === null) countAssumed(draft, before.schema, -1);
  forgetName(draft, before);
  moveEdges(draft, id, edgesOf(draft, before, undefined), []);
  moveConstraintNames(draft, before, undefined);
}

export function putType(draft: Draft, type: UserType): UserType {
  const before = getFrom(draft.types, type.id);
  if (before === type) return type;
  draft.types = setIn(draft.types, type.id, type);
  if (before !== undefined) removeTypeName(draft, before);
  draft.typeNames = setIn(draft.typeNames, keyOf(type.schema, type.name), type.id);
  moveEdges(draft, type.id, edgesOfType(draft, before), edgesOfType(draft, type));
  for (const { name } of before?.constraints ?? []) countConstraint(draft, before?.schema ?? "", name, -1);
  for (const { name } of type.constraints) countConstraint(draft, type.schema, name, 1);
  return type;
}

export function removeType(draft: Draft, id: number): void {
  const before = getFrom(draft.types, id);
  if (before === undefined) return;
  draft.types = removeFrom(draft.types, id);
  removeTypeName(draft, before);
  moveEdges(draft, id, edgesOfType(draft, before), []);
  for (const { name } of before.constraints) countConstraint(draft, before.schema, name, -1);
}

/** A name of the server's choice for a relation. Keys avoid the names of constraints too. */
export function chooseRelationName(
  draft: Draft,
  schema: string,
  parts: readonly [string, string | null, string],
  isConstraint: boolean,
): string {
  return chooseName(...parts, (name) => {
    const key = keyOf(schema, name);
    if (getFrom(draft.relationNames, key) !== undefined) return true;
    return isConstraint && getFrom(draft.constraintNames, key) !== undefined;
  });
}

/** A name of the server's choice for a constraint without an index: unique among the constraints of the schema. */
export function chooseConstraintName(
  draft: Draft,
  schema: string,
  parts: readonly [string, string | null, string],
): string {
  return chooseName(...parts, (name) => getFrom(draft.constraintNames, keyOf(schema, name)) !== undefined);
}

export function originOf(draft: Draft): Origin {
  return draft.context.origin;
}

const noIds: Trie<number, true> = emptyTrie();

/** Spares wide tables the work where nothing moved that others look up. */
function hasSameEdges(before: Relation | undefined, after: Relation): boolean {
  if (before === undefined || !isTable(before) || !isTable(after)) return false;
  return (
    before.schema === after.schema &&
    before.columns === after.columns &&
    before.constraints === after.constraints &&
    before.partitionOf === after.partitionOf &&
    before.inherits === after.inherits
  );
}

function forgetName(draft: Draft, relation: Relation): void {
  const key = keyOf(relation.schema, relation.name);
  if (getFrom(draft.relationNames, key) === relation.id) {
    draft.relationNames = removeFrom(draft.relationNames, key);
  }
}

function removeTypeName(draft: Draft, type: UserType): void {
  const key = keyOf(type.schema, type.name);
  if (getFrom(draft.typeNames, key) === type.id) draft.typeNames = removeFrom(draft.typeNames, key);
}

function moveEdges(draft: Draft, id: number, before: readonly string[], after: readonly string[]): void {
  if (before === after) return;
  const wanted = new Set(after);
  const had = new Set(before);
  for (const edge of had) {
    if (wanted.has(edge)) continue;
    const rest = removeFrom(getFrom(draft.edges, edge) ?? noIds, id);
    draft.edges = rest.size === 0 ? removeFrom(draft.edges, edge) : setIn(draft.edges, edge, rest);
  }
  for (const edge of wanted) {
    if (had.has(edge)) continue;
    draft.edges = setIn(draft.edges, edge, setIn(getFrom(draft.edges, edge) ?? noIds, id, true));
  }
}

function moveConstraintNames(draft: Draft, before: Relation | undefined, after: Relation | undefined): void {
  const old = before !== undefined && isTable(before) ? before : undefined;
  const now = after !== undefined && isTable(after) ? after : undefined;
  if (old?.constraints === now?.constraints && old?.schema === now?.schema) return;
  const kept = new Set(old?.schema === now?.schema ? now?.constraints : []);
  const had = new Set(old?.schema === now?.schema ? old?.constraints : []);
  for (const constraint of old?.constraints ?? []) {
    if (!kept.has(constraint)) countConstraint(draft, old?.schema ?? "", constraint.name, -1);
  }
  for (const constraint of now?.constraints ?? []) {
    if (!had.has(constraint)) countConstraint(draft, now?.schema ?? "", constraint.name, 1);
  }
}

function countConstraint(draft: Draft, schema: string, name: string, step: 1 | -1): void {
  draft.constraintNames = count(draft.constraintNames, keyOf(schema, name), step);
}

function countAssumed(draft: Draft, schema: string, step: 1 | -1): void {
  draft.assumed = count(draft.assumed, schema, step);
}

function count(counts: Trie<string, number>, key: string, step: 1 | -1): Trie<string, number> {
  const sum = (getFrom(counts, key) ?? 0) + step;
  return sum <= 0 ? removeFrom(counts, key) : setIn(counts, key, sum);
}
