import {
  type Index,
  isTable,
  type Relation,
  type Sequence,
  type Table,
  type UserFunction,
  type UserType,
  type View,
} from "../entities.ts";
import { namesBySchema } from "./function-names.ts";
import { functionsUsing } from "./function-users.ts";
import { findGone, findGonePart } from "./gone.ts";
import type { Gone, GonePart, GoneThing } from "./gone-names.ts";
import { findHeld } from "./held.ts";
import type { Schema, Use } from "./known-schema.ts";
import { findMade, findMapped } from "./made.ts";
import type { Made } from "./made-names.ts";
import type { NameLike } from "./name-parts.ts";
import { dependentsOf, type EdgeRole, emptyState, findRelation, lookUp, type State } from "./state.ts";
import { getFrom, valuesOf } from "./trie.ts";
import { usersOf } from "./users.ts";

/** The schema before the first migration. */
export function emptySchema(): Schema {
  return new FoldedSchema(emptyState, ["public"]);
}

/** The same schema with names looked up through another search path: for what comes after SET search_path. */
export function withSearchPath(schema: Schema, searchPath: readonly string[]): Schema {
  const { state, path } = internalsOf(schema);
  return isSamePath(path, searchPath) ? schema : new FoldedSchema(state, searchPath);
}

/** A state as all others see it, with names looked up through a search path. */
export function schemaOf(state: State, path: readonly string[]): Schema {
  return new FoldedSchema(state, path);
}

/** @throws TypeError if the schema does not come from this fold. */
export function internalsOf(schema: Schema): { readonly state: State; readonly path: readonly string[] } {
  if (schema instanceof FoldedSchema) return schema;
  throw new TypeError("not a schema of foldSchema");
}

/** Whether two search paths look the same places up in the same order. */
export function isSamePath(first: readonly string[], second: readonly string[]): boolean {
  return first === second || (first.length === second.length && first.every((name, k) => name === second[k]));
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

  get hasGone(): boolean {
    return this.state.gone.root !== null;
  }

  get isEmpty(): boolean {
    return this.state.relations.root === null;
  }

  get isTelling(): boolean {
    return this.state.hasBeginning || !this.isEmpty;
  }

  hasAssumed(schema: string): boolean {
    return getFrom(this.state.assumed, schema) !== undefined;
  }

  mayBeGone({ since }: { readonly since?: number }): boolean {
    return since === undefined || since <= this.state.doubtedAt;
  }

  mayViewBeGone({ id }: { readonly id: number }): boolean {
    return id <= this.state.viewsDoubtedAt;
  }

  get hasUnread(): boolean {
    return this.state.unreadAt > 0;
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

  hasMade(key: string): boolean {
    return findMade(this.state, key) !== undefined;
  }

  mappedOn(server: string): string | undefined {
    return findMapped(this.state, server);
  }

  publicationOfAll(change: "update" | "delete"): string | undefined {
    return findMade(this.state, `all\0${change}`)?.publication;
  }

  heldBy(role: string): Made | undefined {
    return findHeld(this.state, role);
  }

  findGone(thing: GoneThing, name: NameLike, path = this.path): Gone | undefined {
    return findGone(this.state, path, thing, name);
  }

  findGonePart(part: GonePart, owner: number, name: string): Gone | undefined {
    return findGonePart(this.state, part, owner, name);
  }

  functionsUsing(name: string): readonly UserFunction[] {
    return functionsUsing(this.state.functions, name);
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
    const free = this.freeIndexesOf(table);
    const attached = this.indexes("attached index", table);
    return attached.length === 0 ? free : [...free, ...attached].sort((a, b) => a.id - b.id);
  }

  freeIndexesOf(table: number): readonly Index[] {
    return this.indexes("free index", table);
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
    return this.indexes("partition index", index);
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

  typesMadeOf(type: number): readonly UserType[] {
    return [...dependentsOf(this.state, "domain", type)].flatMap((id) => getFrom(this.state.types, id) ?? []);
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

  private indexes(role: EdgeRole, id: number): readonly Index[] {
    return this.dependents(role, id).filter((relation) => relation.kind === "index");
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

function asTable(relation: Relation | undefined): Table | undefined {
  return relation !== undefined && isTable(relation) ? relation : undefined;
}

function asView(relation: Relation | undefined): View | undefined {
  return relation?.kind === "view" || relation?.kind === "materialized view" ? relation : undefined;
}
