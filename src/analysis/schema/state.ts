import { effort } from "../effort.ts";
import type { Relation, UserFunction, UserType } from "../entities.ts";
import type { Gone } from "./gone-names.ts";
import type { Made } from "./made-names.ts";
import { keyOf, type NameLike, namePartOf, schemaPartOf } from "./name-parts.ts";
import { emptyTrie, getFrom, keysOf, type Trie } from "./trie.ts";

/** What a dependent is to what it depends on. */
export type EdgeRole =
  | "free index"
  | "attached index"
  | "partition"
  | "child"
  | "view"
  | "reference"
  | "sequence"
  | "type user"
  | "domain"
  | "row user"
  | "row type"
  | "typed table"
  | "partition index";

/** Everything that a schema knows, in persistent maps. Names are keyed as `schema`, NUL, `name`. */
export interface State {
  readonly isComplete: boolean;
  /** Whether it is known that nothing ran before. */
  readonly hasBeginning: boolean;
  /** Whether there ever was a temporary relation: else nobody needs to look for one before all others. */
  readonly hasTemporary: boolean;
  readonly hasCasts: boolean;
  readonly nextId: number;
  /** When something last ran that nobody could read: what is older may have lost parts, or may have got more. 0: never. */
  readonly doubtedAt: number;
  readonly viewsDoubtedAt: number;
  readonly unreadAt: number;
  /** When something last ran that may have changed all that is older. 0: never. */
  readonly gapAt: number;
  readonly relations: Trie<number, Relation>;
  readonly relationNames: Trie<string, number>;
  readonly types: Trie<number, UserType>;
  readonly typeNames: Trie<string, number>;
  readonly functions: Trie<string, readonly UserFunction[]>;
  /** How many constraints bear a name: the server avoids the names of all constraints of a schema. */
  readonly constraintNames: Trie<string, number>;
  /** How many relations of a schema the history uses and did not create. */
  readonly assumed: Trie<string, number>;
  /** Names of which the history says that they went away, by kind and key: what bears such a name all the same counts more. */
  readonly gone: Trie<string, Gone>;
  /** Roles, extensions and what else bears a name of its own: what the history made, and what roles hold. */
  readonly made: Trie<string, Made>;
  /** Who depends on whom: `role:id` of what is depended on, to the ids of the dependents. */
  readonly edges: Trie<string, Trie<number, true>>;
}

/** What is known before the first migration. */
export const emptyState: State = {
  isComplete: true,
  hasBeginning: false,
  hasTemporary: false,
  hasCasts: false,
  nextId: 1,
  doubtedAt: 0,
  viewsDoubtedAt: 0,
  unreadAt: 0,
  gapAt: 0,
  relations: emptyTrie(),
  relationNames: emptyTrie(),
  types: emptyTrie(),
  typeNames: emptyTrie(),
  functions: emptyTrie(),
  constraintNames: emptyTrie(),
  assumed: emptyTrie(),
  gone: emptyTrie(),
  made: emptyTrie(),
  edges: emptyTrie(),
};

/** What a name stands for: in its schema, or in the first schema of the path that has it; temporary objects come first. */
export function lookUp<Value>(
  names: Trie<string, Value>,
  path: readonly string[],
  name: NameLike,
  hasTemporary = true,
): Value | undefined {
  const schema = schemaPartOf(name);
  const bare = namePartOf(name);
  if (schema !== null) return getFrom(names, keyOf(schema, bare));
  const temporary = hasTemporary ? getFrom(names, keyOf("pg_temp", bare)) : undefined;
  if (temporary !== undefined) return temporary;
  for (const place of path) {
    const found = getFrom(names, keyOf(place, bare));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The relation that a name stands for on the search path. */
export function findRelation(state: State, path: readonly string[], name: NameLike): Relation | undefined {
  const id = lookUp(state.relationNames, path, name, state.hasTemporary);
  return id === undefined ? undefined : getFrom(state.relations, id);
}

const noIds: readonly number[] = [];

/** The ids of what depends on the thing of this id, oldest first. */
export function dependentsOf(state: State, role: EdgeRole, id: number): readonly number[] {
  const set = getFrom(state.edges, `${role}:${id}`);
  if (set === undefined) return noIds;
  effort.spent += set.size;
  const ids = keysOf(set);
  return ids.length < 2 ? ids : ids.sort((a, b) => a - b);
}

/** How many depend on it. */
export function countOf(state: State, role: EdgeRole, id: number): number {
  return getFrom(state.edges, `${role}:${id}`)?.size ?? 0;
}
