import { effort } from "../effort.ts";
import type { Index, Relation, Sequence, Table, UserFunction, UserType, View } from "../entities.ts";
import type { NameLike, Schema } from "../schema.ts";
import type { EdgeRole } from "./edges.ts";
import { namesBySchema } from "./function-names.ts";
import { keyOf, namePartOf, schemaPartOf } from "./name-parts.ts";
import { emptyTrie, getFrom, keysOf, type Trie, valuesOf } from "./trie.ts";
import { type Use, usersOf } from "./users.ts";

/** Everything that a schema knows, in persistent maps. Names are keyed as `schema`, NUL, `name`. */
export interface State {
  readonly isComplete: boolean;
  /** Whether there ever was a temporary relation: else nobody needs to look for one before all others. */
  readonly hasTemporary: boolean;
  readonly hasCasts: boolean;
  readonly nextId: number;
  /** When something last ran that nobody could read: what is older may have lost parts, or may have got more. 0: never. */
  readonly doubtedAt: number;
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
  /** Who depends on whom: `role:id` of what is depended on, to the ids of the dependents. */
  readonly edges: Trie<string, Trie<number, true>>;
}

const emptyState: State = {
  isComplete: true,
  hasTemporary: false,
  hasCasts: false,
  nextId: 1,
  doubtedAt: 0,
  unreadAt: 0,
  gapAt: 0,
  relations: emptyTrie(),
  relationNames: emptyTrie(),
  types: emptyTrie(),
  typeNames: emptyTrie(),
  functions: emptyTrie(),
  constraintNames: emptyTrie(),
  assumed: emptyTrie(),
  edges: emptyTrie(),
};

export function emptySchema(): Schema {
  return new FoldedSchema(emptyState, ["public"]);
}

/** The same schema with names looked up through another search path: for what comes after SET search_path. */
export function withSearchPath(schema: Schema, searchPath: readonly string[]): Schema {
  const { state, path } = internalsOf(schema);
  return isSamePath(path, searchPath) ? schema : new FoldedSchema(state, searchPath);
}

export function schemaOf(state: State, path: readonly string[]): Schema {
  return new FoldedSchema(state, path);
}

/** @throws TypeError if the schema does not come from this fold. */
export function internalsOf(schema: Schema): { readonly state: State; readonly path: readonly string[] } {
  if (schema instanceof FoldedSchema) return schema;
  throw new TypeError("not a schema of foldSchema");
}

export function isSamePath(first: readonly string[], second: readonly string[]): boolean {
  return first === second || (first.length === second.length && first.every((name, k) => name === second[k]));
}

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

export function findRelation(state: State, path: readonly string[], name: NameLike): Relation | undefined {
  const id = lookUp(state.relationNames, path, name, state.hasTemporary);
  return id === undefined ? undefined : getFrom(state.relations, id);
}

const noIds: readonly number[] = [];

export function dependentsOf(state: State, role: EdgeRole, id: number): readonly number[] {
  const set = getFrom(state.edges, `${role}:${id}`);
  if (set === undefined) return noIds;
  effort.spent += set.size;
  const ids = keysOf(set);
  return ids.length < 2 ? ids : ids.sort((a, b) => a - b);
}

export function countOf(state: State, role: EdgeRole, id: number): number {
  return getFrom(state.edges, `${role}:${id}`)?.size ?? 0;
}

/** A class for once: thousands of snapshots share these methods. */
class FoldedSchema implements Schema {
  readonly state: State;
  readonly path: readonly string[];
  private sorted: readonly Relation[] | null = null;
  /** Rules and effects ask for the same name of a statement again and again: the last answer is kept. */
  private asked: NameLike | null = null;
  private found: Relation | undefined = undefined;

  constructor(state: State, path: readonly string[]) {
    this.state = state;
    this.path = path;
  }

  get isComplete(): boolean {
    return this.state.isComplete;
  }

  get hasCasts(): boolean {
    return this.state.hasCasts;
  }

  get hasGap(): boolean {
    return this.state.gapAt > 0;
  }

  get isEmpty(): boolean {
    return this.state.relations.root === null;
  }

  hasAssumed(schema: string): boolean {
    return getFrom(this.state.assumed, schema) !== undefined;
  }

  mayBeGone({ since }: { readonly since?: number }): boolean {
    return since === undefined || since <= this.state.doubtedAt;
  }

  mayHaveMore({ id }: { readonly id: number }): boolean {
    return id <= this.state.unreadAt;
  }

  findRelation(name: NameLike, path = this.path): Relation | undefined {
    if (!isSamePath(path, this.path)) return findRelation(this.state, path, name);
    if (name !== this.asked) {
      this.asked = name;
      this.found = findRelation(this.state, path, name);
    }
    return this.found;
  }

  findTable(name: NameLike): Table | undefined {
    return asTable(this.findRelation(name));
  }

  findIndex(name: NameLike): Index | undefined {
    const found = this.findRelation(name);
    return found?.kind === "index" ? found : undefined;
  }

  findView(name: NameLike): View | undefined {
    return asView(this.findRelation(name));
  }

  findSequence(name: NameLike): Sequence | undefined {
    const found = this.findRelation(name);
    return found?.kind === "sequence" ? found : undefined;
  }

  findType(name: NameLike): UserType | undefined {
    const id = lookUp(this.state.typeNames, this.path, name);
    return id === undefined ? undefined : getFrom(this.state.types, id);
  }

  findFunctions(name: NameLike): readonly UserFunction[] {
    return lookUp(this.state.functions, this.path, name) ?? [];
  }

  functionsIn(schema: string): readonly string[] {
    return namesBySchema(this.state.functions).get(schema) ?? [];
  }

  relationById(id: number): Relation | undefined {
    return getFrom(this.state.relations, id);
  }

  tableById(id: number): Table | undefined {
    return asTable(getFrom(this.state.relations, id));
  }

  relations(): Iterable<Relation> {
    this.sorted ??= valuesOf(this.state.relations).sort((a, b) => a.id - b.id);
    return this.sorted;
  }

  usersOf(use: Use, of: string | number, last?: number): readonly Relation[] {
    return usersOf(this.state.relations, use, of, last);
  }

  types(): Iterable<UserType> {
    return valuesOf(this.state.types).sort((a, b) => a.id - b.id);
  }

  indexesOf(table: number): readonly Index[] {
    return this.dependents("index", table).filter((relation) => relation.kind === "index");
  }

  partitionsOf(table: number): readonly Table[] {
    return this.dependents("partition", table).filter(isTable);
  }

  childrenOf(table: number): readonly Table[] {
    return this.dependents("child", table).filter(isTable);
  }

  viewsOf(relation: number): readonly View[] {
    return this.dependents("view", relation).filter(
      (found) => asView(found) !== undefined,
    ) as readonly View[];
  }

  referencingTables(table: number): readonly Table[] {
    return this.dependents("reference", table).filter(isTable);
  }

  sequencesOf(table: number): readonly Sequence[] {
    return this.dependents("sequence", table).filter((relation) => relation.kind === "sequence");
  }

  partitionIndexesOf(index: number): readonly Index[] {
    return this.dependents("partition index", index).filter((relation) => relation.kind === "index");
  }

  typedTables(type: number): readonly Table[] {
    return this.dependents("typed table", type).filter(isTable);
  }

  tablesUsingRow(table: number): readonly Table[] {
    const direct = this.dependents("row user", table).filter(isTable);
    return [...direct, ...this.tablesUsing(dependentsOf(this.state, "row type", table))];
  }

  tablesUsingType(type: number): readonly Table[] {
    return this.tablesUsing([type]);
  }

  private tablesUsing(types: readonly number[]): readonly Table[] {
    const tables = new Map<number, Table>();
    const seen = new Set<number>(types);
    for (const id of seen) {
      for (const table of this.dependents("type user", id)) if (isTable(table)) tables.set(table.id, table);
      for (const domain of dependentsOf(this.state, "domain", id)) seen.add(domain);
    }
    return [...tables.values()].sort((a, b) => a.id - b.id);
  }

  private dependents(role: EdgeRole, id: number): readonly Relation[] {
    const found: Relation[] = [];
    for (const dependent of dependentsOf(this.state, role, id)) {
      const relation = getFrom(this.state.relations, dependent);
      if (relation !== undefined) found.push(relation);
    }
    return found;
  }
}

export function isTable(relation: Relation): relation is Table {
  return relation.kind === "table" || relation.kind === "foreign table";
}

function asTable(relation: Relation | undefined): Table | undefined {
  return relation !== undefined && isTable(relation) ? relation : undefined;
}

function asView(relation: Relation | undefined): View | undefined {
  return relation?.kind === "view" || relation?.kind === "materialized view" ? relation : undefined;
}
