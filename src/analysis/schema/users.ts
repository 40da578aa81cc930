import { callersIn } from "../callers.ts";
import { isTable, type Relation } from "../entities.ts";
import { sequenceUses } from "../sequence-uses.ts";
import { castTypes } from "./expressions.ts";
import type { Use } from "./known-schema.ts";
import { emptyTrie, getFrom, type Trie } from "./trie.ts";
import { diffTries } from "./trie-diff.ts";

type Relations = Trie<number, Relation>;

interface UseIndex {
  relations: Relations;
  /** Ids, ascending. */
  readonly users: Map<string, number[]>;
}

/**
 * The index of the relations that were asked about last. Hardly any history asks, and one that drops ten thousand
 * functions must not look through all of its tables for each: the index follows the relations by what has changed.
 */
const known: UseIndex = { relations: emptyTrie(), users: new Map() };

/** The relations that use a function, sequence or schema of that bare name or the table of that id; oldest first. */
export function usersOf(
  relations: Relations,
  use: Use,
  of: string | number,
  last?: number,
): readonly Relation[] {
  follow(relations);
  const ids = known.users.get(useKey(use, of)) ?? [];
  const wanted = last === undefined ? ids : ids.slice(-last);
  return wanted.flatMap((id) => getFrom(relations, id) ?? []);
}

function follow(relations: Relations): void {
  if (known.relations === relations) return;
  const { users } = known;
  for (const [before, after] of diffTries(known.relations, relations)) {
    const had = before === undefined ? noUses : usesOf(before);
    const has = after === undefined ? noUses : usesOf(after);
    for (const key of had) if (before !== undefined && !has.has(key)) forgetUser(users, key, before.id);
    for (const key of has) if (after !== undefined && !had.has(key)) noteUser(users, key, after.id);
  }
  known.relations = relations;
}

const noUses: ReadonlySet<string> = new Set();

function forgetUser(users: Map<string, number[]>, key: string, id: number): void {
  const ids = users.get(key) ?? [];
  const place = placeIn(ids, id);
  if (ids[place] === id) ids.splice(place, 1);
  if (ids.length === 0) users.delete(key);
}

function noteUser(users: Map<string, number[]>, key: string, id: number): void {
  const ids = users.get(key);
  if (ids === undefined) users.set(key, [id]);
  else ids.splice(placeIn(ids, id), 0, id);
}

/** Where the id stands, or would stand. */
function placeIn(ids: readonly number[], id: number): number {
  let [from, to] = [0, ids.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((ids[middle] ?? 0) < id) from = middle + 1;
    else to = middle;
  }
  return from;
}

function useKey(use: Use, of: string | number): string {
  return `${use}\0${of}`;
}

function usesOf(relation: Relation): ReadonlySet<string> {
  const uses = new Set([useKey("in", relation.schema)]);
  for (const { calls } of callersIn(relation)) for (const { name } of calls) uses.add(useKey("calls", name));
  if (isTable(relation)) {
    if (relation.server !== undefined) uses.add(useKey("on server", relation.server));
    for (const use of relation.uses ?? [])
      if (use.table !== relation.id) uses.add(useKey("reads", use.table));
    for (const { name } of relation.statistics ?? []) uses.add(useKey("has statistics", name));
    for (const { name } of relation.publications ?? []) uses.add(useKey("published in", name));
    if (relation.partitionOf !== null) {
      const { parent, bound } = relation.partitionOf;
      uses.add(useKey("partition of", parent));
      if (bound?.kind === "default") uses.add(useKey("default partition of", parent));
    }
    for (const column of relation.columns) {
      if (column.default === null) continue;
      for (const { name } of castTypes(column.default)) uses.add(useKey("casts to", name));
      for (const { name } of sequenceUses(column.default)) uses.add(useKey("draws from", name));
    }
  }
  return uses;
}
