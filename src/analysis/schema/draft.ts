import { isTable, type Origin, type Relation, type Table, type UserType } from "../entities.ts";
import type { FoldContext } from "./known-schema.ts";
import { type NameLike, partsOf } from "./name-parts.ts";
import { lookUp, type State } from "./state.ts";
import { getFrom } from "./trie.ts";

/** A state that one statement is changing: the maps stay persistent, only what points at them moves. */
export interface Draft extends Mutable<State> {
  readonly context: FoldContext;
  readonly path: readonly string[];
  /** Whether what the statement drops takes along what depends on it. */
  cascades: boolean;
  /** Relations that the statement has put, by id: they are ahead of those in `relations`. Null: none yet. */
  written: Map<number, Relation> | null;
  /** As what the edges and the names of constraints still know those of them whose own have changed. */
  unsettled: Map<number, Relation | undefined> | null;
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** PostgreSQL's own limit; also keeps a hostile ALTER TABLE linear. */
export const MAX_COLUMNS = 1600;
/** Not PostgreSQL's: beyond it a table counts as not completely known. */
export const MAX_PARTS = 4000;

/** A copy of the state that a statement may change; what it does not touch stays shared. */
export function openDraft(state: State, context: FoldContext): Draft {
  // Field by field, as in closeDraft: objects of one shape.
  return {
    isComplete: state.isComplete,
    hasBeginning: state.hasBeginning,
    hasTemporary: state.hasTemporary,
    hasCasts: state.hasCasts,
    nextId: state.nextId,
    doubtedAt: state.doubtedAt,
    viewsDoubtedAt: state.viewsDoubtedAt,
    unreadAt: state.unreadAt,
    gapAt: state.gapAt,
    relations: state.relations,
    relationNames: state.relationNames,
    types: state.types,
    typeNames: state.typeNames,
    functions: state.functions,
    constraintNames: state.constraintNames,
    assumed: state.assumed,
    gone: state.gone,
    made: state.made,
    edges: state.edges,
    context,
    path: pathOf(context),
    cascades: false,
    written: null,
    unsettled: null,
  };
}

const defaultPath: readonly string[] = ["public"];

/** Where new things go, and where names are looked up. */
export function pathOf({ searchPath }: FoldContext): readonly string[] {
  if (searchPath.length === 1 && searchPath[0] === "public") return defaultPath;
  const path = searchPath.filter((name) => name !== "$user" && name !== "pg_catalog");
  return path.length === 0 ? defaultPath : path;
}

/** A number that no other object of this history bears. */
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

/** The relation that a name stands for on the search path, with what the statement has changed so far. */
export function findRelation(draft: Draft, name: NameLike): Relation | undefined {
  const id = lookUp(draft.relationNames, draft.path, name, draft.hasTemporary);
  return id === undefined ? undefined : relationById(draft, id);
}

/** The same, where it is a table. */
export function findTable(draft: Draft, name: NameLike): Table | undefined {
  const found = findRelation(draft, name);
  return found !== undefined && isTable(found) ? found : undefined;
}

/** The relation of an id, with what the statement has changed so far. */
export function relationById(draft: Draft, id: number): Relation | undefined {
  return draft.written?.get(id) ?? getFrom(draft.relations, id);
}

/** The table of an id; undefined for an id of something else. */
export function tableById(draft: Draft, id: number): Table | undefined {
  const found = relationById(draft, id);
  return found !== undefined && isTable(found) ? found : undefined;
}

/** The user's own type that a name stands for on the search path. */
export function findType(draft: Draft, name: NameLike): UserType | undefined {
  const id = lookUp(draft.typeNames, draft.path, name);
  return id === undefined ? undefined : getFrom(draft.types, id);
}

/** Which unit, transaction and release make what is made now. */
export function originOf(draft: Draft): Origin {
  return draft.context.origin;
}
