import type { Index, Origin, Relation, Sequence, Table, UserFunction, UserType, View } from "../entities.ts";
import type { Gone, GonePart, GoneThing } from "./gone-names.ts";
import type { Made } from "./made-names.ts";
import type { NameLike } from "./name-parts.ts";

/**
 * What the history says is there, at one point of it. Immutable: a fold gives a new one that shares what did not change.
 * Names are looked up as the server does, through the search path of the last fold or of `withSearchPath`.
 */
export interface Schema {
  /** Whether the history is complete: every relation that it uses was created in it. */
  readonly isComplete: boolean;
  /** Whether the history made casts of its own. */
  readonly hasCasts: boolean;
  /** Whether something ran that nobody reads: what is older may have changed since. */
  readonly hasGap: boolean;
  /** Whether it knows no relation at all. */
  readonly isEmpty: boolean;
  /** Whether it says something of what it does not know: it has made relations, or nothing ran before it. */
  readonly isTelling: boolean;
  /** Whether the history uses a relation of that schema which it did not create. */
  hasAssumed(schema: string): boolean;
  /** Whether something that nobody could read may have dropped a policy or rule, or may never have created it. */
  mayBeGone(part: { readonly since?: number }): boolean;
  /** Whether something that nobody could read may have dropped a view. */
  mayViewBeGone(view: { readonly id: number }): boolean;
  /** Whether something that nobody could read may have given a relation keys and indexes. */
  mayHaveMore(relation: { readonly id: number }): boolean;
  /** `path`: looked up through another search path than the schema's own. */
  findRelation(name: NameLike, path?: readonly string[]): Relation | undefined;
  findTable(name: NameLike): Table | undefined;
  findIndex(name: NameLike): Index | undefined;
  findView(name: NameLike): View | undefined;
  findSequence(name: NameLike): Sequence | undefined;
  findType(name: NameLike): UserType | undefined;
  /** Whether it ever dropped or renamed anything. */
  readonly hasGone: boolean;
  /**
   * How a name went away that the history dropped or gave away: undefined where something bears it, or may have got it
   * since. `path`: looked up through another search path than the schema's own.
   */
  findGone(thing: GoneThing, name: NameLike, path?: readonly string[]): Gone | undefined;
  /** The same of a part of the relation or type with that id; whether the part is back is for the caller to see. */
  findGonePart(part: GonePart, owner: number, name: string): Gone | undefined;
  /** Whether the history made the role, extension or the like that `keyOfThing` gives this key. */
  hasMade(key: string): boolean;
  /** The user that the history made a mapping for on the server; undefined: none is known. */
  mappedOn(server: string): string | undefined;
  /** The publication FOR ALL TABLES that sends on what is done. */
  publicationOfAll(change: "update" | "delete"): string | undefined;
  /** What a role is known to hold, and what is still there: a relation, by id, or a schema. */
  heldBy(role: string): Made | undefined;
  /** Whether something ran that nobody could read: it may have made, or taken away, what the history does not say. */
  readonly hasUnread: boolean;
  /** All functions of that name. */
  findFunctions(name: NameLike): readonly UserFunction[];
  /** Functions that take or give a type of that bare name, or read a relation of it in a body without quotes. */
  functionsUsing(name: string): readonly UserFunction[];
  /** The names of the functions of a schema. */
  functionsIn(schema: string): readonly string[];
  relationById(id: number): Relation | undefined;
  tableById(id: number): Table | undefined;
  /** In the order in which they came to be. */
  relations(): Iterable<Relation>;
  /**
   * Those that use a function, sequence or schema of that bare name, or are partitions of the table of that id, in the
   * order in which they came to be; with `last` only so many of the newest. What is asked for is looked up: the price is
   * that of the answer, not that of the schema.
   */
  usersOf(use: Use, of: string | number, last?: number): readonly Relation[];
  types(): Iterable<UserType>;
  /** Of a table or a materialized view. */
  indexesOf(table: number): readonly Index[];
  /** Of those, the ones that are parts of no index of a partitioned table. */
  freeIndexesOf(table: number): readonly Index[];
  partitionsOf(table: number): readonly Table[];
  /** Tables that inherit from it without partitioning. */
  childrenOf(table: number): readonly Table[];
  /** Views and materialized views that read it, directly. */
  viewsOf(relation: number): readonly View[];
  /** Tables whose foreign keys point at it (itself included where it points at itself). */
  referencingTables(table: number): readonly Table[];
  /** Tables with a column of this user type, of an array of it, or of a domain over it. */
  tablesUsingType(type: number): readonly Table[];
  /** Domains over it, and composites with an attribute of it, directly. */
  typesMadeOf(type: number): readonly UserType[];
  /** Tables with a column of the row type of this table, of an array of it, or of a type made of it. */
  tablesUsingRow(table: number): readonly Table[];
  /** Tables made OF a composite type. */
  typedTables(type: number): readonly Table[];
  /** Sequences that go when the table goes. */
  sequencesOf(table: number): readonly Sequence[];
  /** The indexes attached to an index of a partitioned table. */
  partitionIndexesOf(index: number): readonly Index[];
}

/** What a fold needs to know besides the statement. */
export interface FoldContext {
  readonly origin: Origin;
  /** Where unqualified names are looked up and created; the first is where they are created. */
  readonly searchPath: readonly string[];
  readonly version: number;
  /** Whether the statement stands where it may never run: in a branch of a DO block. */
  readonly mayBeSkipped?: boolean;
  /** Whether what it does may be taken back, or may never be done: in a branch, or where a handler goes on. */
  readonly mayBeUndone?: boolean;
  /** Where it stands, for people: `0007_drop.sql:3`. */
  readonly where?: () => string;
  /** The text that spans refer to: function bodies are taken from it. */
  readonly text: string;
}

/**
 * How a relation uses what it names: `reads` a table in a rule or policy; `calls` a function in a default, a CHECK, a
 * trigger or an index; `draws from` a sequence in a default; `casts to` a type there; lies `in` a schema; is a partition, or
 * the default partition, of a table; is `published in` a publication; lies `on server`; `has statistics` of a name.
 */
export type Use =
  | "has statistics"
  | "published in"
  | "reads"
  | "calls"
  | "draws from"
  | "casts to"
  | "in"
  | "on server"
  | "partition of"
  | "default partition of";
