import { isStandIn } from "../../model/stand-in.ts";
import type { Relation, UserFunction, UserType } from "../entities.ts";
import { internalsOf } from "./folded-schema.ts";
import type { Schema } from "./known-schema.ts";
import { keyOf } from "./name-parts.ts";
import { type Part, partOfFunction, partOfType, partsOfRelation } from "./named-parts.ts";
import type { State } from "./state.ts";
import { getFrom, type Trie } from "./trie.ts";
import { diffTries } from "./trie-diff.ts";

/** What becomes of a schema when a migration is taken back, in words. */
export interface WayBack {
  /** Made by the migration, and there still. */
  readonly left: readonly string[];
  /** Dropped by the migration, and not there again. */
  readonly missing: readonly string[];
  /** There before and behind it all, and not as it was. */
  readonly changed: readonly string[];
  /** There before the migration and behind it, and dropped on the way back. */
  readonly dropped: readonly string[];
}

/** What is told of, by the keys of the parts. */
type Told = Map<string, Pick<Part, "words" | "owner">>;

/**
 * Compares what was there before a migration, behind it, and behind its way back. Null where something ran that nobody
 * can read: then anything may have become of it. What the history only assumes is never told of.
 */
export function compareWayBack(before: Schema, after: Schema, back: Schema): WayBack | null {
  const states = { before: stateOf(before), after: stateOf(after), back: stateOf(back) };
  if (states.before.doubtedAt !== states.back.doubtedAt) return null;
  const names = changedNames(states.before, states.after, states.back);
  const was = partsOf(before, names);
  const then = partsOf(after, names);
  const is = partsOf(back, names);
  const [left, missing, changed, dropped]: [Told, Told, Told, Told] = [
    new Map(),
    new Map(),
    new Map(),
    new Map(),
  ];
  // What IF NOT EXISTS and OR REPLACE may have found was made by nobody knows whom, with all that lies in it.
  const isMade = ({ made, owner }: Part) =>
    made !== "never" &&
    (before.isComplete || (made === "surely" && (owner === null || then.get(owner)?.made !== "perhaps")));
  for (const [key, now] of then) if (!was.has(key) && is.has(key) && isMade(now)) left.set(key, now);
  for (const [key, old] of was) {
    const end = is.get(key);
    if (end === undefined) (then.has(key) ? dropped : missing).set(key, old);
    else tellChanges(changed, key, old, end);
  }
  const gone = new Map([...missing, ...dropped]);
  return {
    left: words(left, left),
    missing: words(missing, gone),
    changed: words(changed, gone),
    dropped: words(dropped, gone),
  };
}

function tellChanges(changed: Told, key: string, old: Part, end: Part): void {
  for (const [facet, text] of Object.entries(old.facets)) {
    const now = end.facets[facet] ?? null;
    if (text === null || now === null || text === now) continue;
    const what = facet === "definition" ? old.words : `${facet} of ${old.words}`;
    changed.set(`${key} ${facet}`, { words: what, owner: old.owner });
  }
}

/** What lies in something that is told of goes without saying. */
function words(told: Told, outer: Told): string[] {
  return [...told.values()]
    .filter(({ owner }) => owner === null || !outer.has(owner))
    .map((part) => part.words);
}

function stateOf(schema: Schema): State {
  return internalsOf(schema).state;
}

interface Names {
  readonly relations: ReadonlySet<string>;
  readonly types: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
}

function partsOf(schema: Schema, names: Names): ReadonlyMap<string, Part> {
  const state = stateOf(schema);
  const parts = new Map<string, Part>();
  for (const name of names.relations) {
    const relation = getFrom(state.relations, getFrom(state.relationNames, name) ?? -1);
    if (relation === undefined) continue;
    for (const [key, part] of partsOfRelation(relation, schema)) parts.set(key, part);
  }
  for (const name of names.types) {
    const type = getFrom(state.types, getFrom(state.typeNames, name) ?? -1);
    if (type !== undefined) parts.set(...partOfType(type));
  }
  for (const name of names.functions)
    for (const one of getFrom(state.functions, name) ?? []) parts.set(...partOfFunction(one));
  return parts;
}

/** The names of all that is not the same in all three. */
function changedNames(before: State, after: State, back: State): Names {
  return {
    relations: namesIn(before.relations, after.relations, back.relations),
    types: namesIn(before.types, after.types, back.types),
    functions: namesIn(before.functions, after.functions, back.functions),
  };
}

function namesIn<Key extends string | number, Value extends Relation | UserType | readonly UserFunction[]>(
  ...[before, after, back]: [Trie<Key, Value>, Trie<Key, Value>, Trie<Key, Value>]
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const things of [...diffTries(before, after), ...diffTries(after, back)])
    for (const thing of things)
      for (const one of thing === undefined ? [] : [thing].flat())
        if ("schema" in one && !isPassing(one)) names.add(keyOf(one.schema, one.name));
  return names;
}

/** What goes with the session, and what only the server can name, is nobody's to bring back. */
function isPassing({ schema, name }: { readonly schema: string; readonly name: string }): boolean {
  return schema === "pg_temp" || isStandIn(schema) || isStandIn(name);
}
