import { isPartType } from "../../model/object-types.ts";
import { isStandIn } from "../../model/stand-in.ts";
import { quoteName } from "../../sql/names.ts";
import type { Draft } from "./draft.ts";
import type { Databased, Gone, GonePart, GoneThing } from "./gone-names.ts";
import { isSystemName, keyOf, type NameLike, partsOf } from "./name-parts.ts";
import type { State } from "./state.ts";
import { entriesOf, getFrom, removeFrom, setIn } from "./trie.ts";

/*
 * A name that the history never made may be there all the same: nobody has to write all of a database's history down. But a
 * name of which the history itself says that it went away is free, until something makes it anew or may have.
 */

interface Place {
  readonly schema: string;
  readonly name: string;
}

/** What a thing that goes on under another name is said to have become. */
export function newName(before: Place, after: Place): string {
  if (before.schema === after.schema) return `renamed to ${quoteName(after.name)}`;
  const moved = `moved to ${quoteName(after.schema)}`;
  return before.name === after.name ? moved : `${moved} as ${quoteName(after.name)}`;
}

/** Remembers that the name is free now; where that may not have happened, that nobody knows any more. */
export function noteGone(
  draft: Draft,
  thing: GoneThing,
  place: Place & { readonly argumentCount?: number },
  became: string | null = null,
): void {
  // A temporary object hides others: which of them its name means from now on, nobody knows.
  if (place.schema === "pg_temp") return;
  note(draft, thing, thingKey(thing, place.schema, place.name), became, place.argumentCount);
}

/** The same of a part of the relation, or of the type, with that id. */
export function noteGonePart(
  draft: Draft,
  part: GonePart,
  owner: number,
  name: string,
  became: string | null = null,
): void {
  note(draft, part, partKey(part, owner, name), became);
}

/** The same of a thing that the history never made: with IF EXISTS it is gone from wherever the name is looked up. */
export function noteGoneUnknown(
  draft: Draft,
  thing: GoneThing,
  name: NameLike,
  ifExists: boolean,
  became: string | null = null,
): void {
  const { schema, name: bare } = partsOf(name);
  if (schema !== null) noteGone(draft, thing, { schema, name: bare }, became);
  else if (ifExists || draft.path.length === 1)
    for (const place of draft.path) noteGone(draft, thing, { schema: place, name: bare }, became);
}

/**
 * As of now. Where the drop may be undone, or may never have run, nothing is known of the name any more, not even that an
 * earlier one freed it: what was made in between may be there.
 */
function note(
  draft: Draft,
  of: Gone["of"],
  key: string,
  became: string | null,
  argumentCount?: number,
): void {
  const { mayBeUndone, mayBeSkipped, where } = draft.context;
  if (isStandIn(key)) return;
  if (mayBeUndone === true || mayBeSkipped === true) {
    draft.gone = removeFrom(draft.gone, key);
    return;
  }
  const since = draft.nextId;
  const gone = { of, since, where: where?.() ?? null, became };
  draft.gone = setIn(draft.gone, key, argumentCount === undefined ? gone : { argumentCount, ...gone });
}

/** Remembers that something bears the name. */
export function noteMade(draft: Draft, thing: GoneThing, { schema, name }: Place): void {
  if (draft.gone.root === null) return;
  // Made under a name that only the server knows: it may be any.
  if (isStandIn(name) || isStandIn(schema)) forgetThings(draft, thing);
  else draft.gone = removeFrom(draft.gone, thingKey(thing, schema, name));
}

/** After something that makes things which it does not name, such as CREATE EXTENSION. */
export function forgetThings(draft: Draft, thing?: GoneThing): void {
  for (const [key, { of }] of entriesOf(draft.gone))
    if (thing === undefined ? !isPart(of) : of === thing) draft.gone = removeFrom(draft.gone, key);
}

function isPart(of: Gone["of"]): of is GonePart {
  return of === "value" || isPartType(of);
}

/** What became of the object that bore this name last; undefined where none is known to be gone. */
export function findGone(
  state: State,
  path: readonly string[],
  thing: GoneThing,
  name: NameLike,
): Gone | undefined {
  if (state.gone.root === null) return undefined;
  const { schema, name: bare } = partsOf(name);
  if (isDatabased(thing)) return look(state, thingKey(thing, "", bare));
  if (schema !== null) {
    // With its schema, all that lay in it.
    return look(state, thingKey(thing, schema, bare)) ?? look(state, thingKey("schema", "", schema));
  }
  if (isSystemName(name)) return undefined;
  let first: Gone | undefined;
  for (const place of path) {
    const found = look(state, thingKey(thing, place, bare));
    // In a schema that holds what the history did not make, it may lie as well.
    if (found === undefined && getFrom(state.assumed, place) !== undefined) return undefined;
    first ??= found;
  }
  return first;
}

const ofDatabase: ReadonlySet<string> = new Set([
  "schema",
  "publication",
  "extension",
  "role",
  "server",
  "subscription",
  "event trigger",
] satisfies Databased[]);

/** Whether the word stands for what lies in no schema. */
export function isDatabased(thing: string): thing is Databased {
  return ofDatabase.has(thing);
}

/** The same for a part of a table or type: a column, constraint, trigger, ... of the owner with this id. */
export function findGonePart(state: State, part: GonePart, owner: number, name: string): Gone | undefined {
  return state.gone.root === null ? undefined : look(state, partKey(part, owner, name));
}

function look({ gone, doubtedAt, unreadAt, gapAt }: State, key: string): Gone | undefined {
  const found = getFrom(gone, key);
  return found === undefined || found.since <= Math.max(doubtedAt, unreadAt, gapAt) ? undefined : found;
}

function thingKey(thing: GoneThing, schema: string, name: string): string {
  return `${thing} ${keyOf(schema, name)}`;
}

function partKey(part: GonePart, owner: number, name: string): string {
  return `${part} ${owner}\0${name}`;
}
