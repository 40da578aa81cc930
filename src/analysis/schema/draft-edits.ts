import { effort } from "../effort.ts";
import type { Relation, Table, UserType } from "../entities.ts";
import { type Draft, relationById } from "./draft.ts";
import { edgesOf, edgesOfType, hasSameEdges } from "./edges.ts";
import { newName, noteGone, noteMade } from "./gone.ts";
import type { Use } from "./known-schema.ts";
import { keyOf } from "./name-parts.ts";
import { chooseName } from "./naming.ts";
import {
  countAssumed,
  moveConstraintNames,
  moveEdges,
  recountConstraints,
  settle,
  storeWritten,
} from "./settle.ts";
import { countOf, dependentsOf, type EdgeRole, type State } from "./state.ts";
import { getFrom, removeFrom, setIn } from "./trie.ts";
import { usersOf } from "./users.ts";

/**
 * The state that the draft has come to: the very same one where nothing changed. Field by field: this runs for every
 * statement, and taking objects apart by their keys is slow.
 */
export function closeDraft(draft: Draft, before: State): State {
  settle(draft);
  storeWritten(draft);
  if (
    draft.isComplete === before.isComplete &&
    draft.doubtedAt === before.doubtedAt &&
    draft.hasTemporary === before.hasTemporary &&
    draft.hasCasts === before.hasCasts &&
    draft.relations === before.relations &&
    draft.relationNames === before.relationNames &&
    draft.types === before.types &&
    draft.typeNames === before.typeNames &&
    draft.functions === before.functions &&
    draft.constraintNames === before.constraintNames &&
    draft.assumed === before.assumed &&
    draft.gone === before.gone &&
    draft.made === before.made &&
    draft.edges === before.edges
  )
    return before;
  return {
    isComplete: draft.isComplete,
    hasBeginning: draft.hasBeginning,
    hasTemporary: draft.hasTemporary,
    hasCasts: draft.hasCasts,
    nextId: draft.nextId,
    doubtedAt: draft.doubtedAt,
    viewsDoubtedAt: draft.viewsDoubtedAt,
    unreadAt: draft.unreadAt,
    gapAt: draft.gapAt,
    relations: draft.relations,
    relationNames: draft.relationNames,
    types: draft.types,
    typeNames: draft.typeNames,
    functions: draft.functions,
    constraintNames: draft.constraintNames,
    assumed: draft.assumed,
    gone: draft.gone,
    made: draft.made,
    edges: draft.edges,
  };
}

/** The relations that use what bears the name, oldest first. */
export function usersIn(draft: Draft, use: Use, of: string | number): readonly Relation[] {
  storeWritten(draft);
  return usersOf(draft.relations, use, of);
}

const noRelations: readonly Relation[] = [];

/** What depends on the thing of this id, oldest first. */
export function dependents(draft: Draft, role: EdgeRole, id: number): readonly Relation[] {
  settle(draft);
  const ids = dependentsOf(draft, role, id);
  if (ids.length === 0) return noRelations;
  const found: Relation[] = [];
  for (const dependent of ids) {
    const relation = relationById(draft, dependent);
    if (relation !== undefined) found.push(relation);
  }
  return found;
}

/** How many depend on it. */
export function countDependents(draft: Draft, role: EdgeRole, id: number): number {
  settle(draft);
  return countOf(draft, role, id);
}

/** Adds the relation or puts it in the place of the one with its id; names and edges follow. */
export function putRelation<Kind extends Relation>(draft: Draft, relation: Kind): Kind {
  const before = relationById(draft, relation.id);
  if (before === relation) return relation;
  write(draft, relation);
  if (before?.origin === null) countAssumed(draft, before.schema, -1);
  if (relation.origin === null) countAssumed(draft, relation.schema, 1);
  if (before === undefined || before.name !== relation.name || before.schema !== relation.schema) {
    if (before !== undefined) {
      forgetName(draft, before);
      noteGone(draft, "relation", before, newName(before, relation));
    }
    noteMade(draft, "relation", relation);
    if (relation.schema === "pg_temp") draft.hasTemporary = true;
    draft.relationNames = setIn(draft.relationNames, keyOf(relation.schema, relation.name), relation.id);
  }
  if (!hasSameEdges(before, relation)) {
    draft.unsettled ??= new Map();
    if (!draft.unsettled.has(relation.id)) draft.unsettled.set(relation.id, before);
  }
  return relation;
}

/** A relation is made, kept and looked up by name: as much as to list so many. */
const effortOfRelation = 20;

function write(draft: Draft, relation: Relation): void {
  effort.spent += effortOfRelation;
  draft.written ??= new Map();
  draft.written.set(relation.id, relation);
}

/** Puts a table in its own place where only words changed: same name, same dependencies, same constraint names. */
export function rewordTable(draft: Draft, table: Table): void {
  write(draft, table);
}

/** Takes the relation out, and nothing else: what depends on it is the caller's. `isSure`: the name is free now for certain. */
export function removeRelation(draft: Draft, id: number, isSure = true): void {
  const before = relationById(draft, id);
  if (before === undefined) return;
  settle(draft);
  draft.written?.delete(id);
  draft.relations = removeFrom(draft.relations, id);
  if (before.origin === null) countAssumed(draft, before.schema, -1);
  forgetName(draft, before);
  if (isSure) noteGone(draft, "relation", before);
  moveEdges(draft, id, edgesOf(draft, before, undefined), []);
  moveConstraintNames(draft, before, undefined);
}

/** Adds the type or puts it in the place of the one with its id. */
export function putType(draft: Draft, type: UserType): UserType {
  const before = getFrom(draft.types, type.id);
  if (before === type) return type;
  // What a column's type means is told by the names of types as they are by then.
  settle(draft);
  draft.types = setIn(draft.types, type.id, type);
  if (before !== undefined) removeTypeName(draft, before);
  if (before !== undefined && (before.name !== type.name || before.schema !== type.schema))
    noteGone(draft, "type", before, newName(before, type));
  noteMade(draft, "type", type);
  draft.typeNames = setIn(draft.typeNames, keyOf(type.schema, type.name), type.id);
  moveEdges(draft, type.id, edgesOfType(draft, before), edgesOfType(draft, type));
  recountConstraints(draft, before, type);
  return type;
}

/** Takes the type out, and nothing else. */
export function removeType(draft: Draft, id: number, isSure = true): void {
  const before = getFrom(draft.types, id);
  if (before === undefined) return;
  settle(draft);
  draft.types = removeFrom(draft.types, id);
  removeTypeName(draft, before);
  if (isSure) noteGone(draft, "type", before);
  moveEdges(draft, id, edgesOfType(draft, before), []);
  recountConstraints(draft, before, undefined);
}

/** A name of the server's choice for a relation. Keys avoid the names of constraints too. */
export function chooseRelationName(
  draft: Draft,
  schema: string,
  parts: readonly [string, string | null, string],
  isConstraint: boolean,
): string {
  if (isConstraint) settle(draft);
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
  settle(draft);
  return chooseName(...parts, (name) => getFrom(draft.constraintNames, keyOf(schema, name)) !== undefined);
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
