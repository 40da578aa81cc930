import { isStandIn } from "../../model/stand-in.ts";
import type { Drop, OtherStatement, Rename, Statement } from "../../model/statement.ts";
import { nameOf, quoteName, truncateName } from "../../sql/names.ts";
import { isNameToken, tokensIn } from "../../sql/tokens.ts";
import { keyOfThing, type NamedKind, thingMadeBy } from "../named-things.ts";
import type { Draft } from "./draft.ts";
import { isDatabased, noteGone, noteMade } from "./gone.ts";
import type { Made } from "./made-names.ts";
import type { State } from "./state.ts";
import { getFrom, keysOf, removeFrom, setIn } from "./trie.ts";

/** Remembers what the statement makes. */
export function noteThing(draft: Draft, statement: Statement): void {
  const thing = thingMadeBy(statement, draft.context.text);
  if (thing === null) return;
  add(draft, keyOfThing(thing, draft.path), {});
  if (isDatabased(thing.kind)) noteMade(draft, thing.kind, { schema: "", name: thing.name });
}

/** Where it may never have happened, or may be undone, nothing more is known than before. */
export function add(draft: Draft, key: string, made: Omit<Made, "since">): void {
  if (!isUnsure(draft) && !isStandIn(key))
    draft.made = setIn(draft.made, key, { since: draft.nextId, ...made });
}

function isUnsure({ context: { mayBeSkipped, mayBeUndone } }: Draft): boolean {
  return mayBeSkipped === true || mayBeUndone === true;
}

/** The same of what takes the place of something: then nothing is known of it any more. */
export function put(draft: Draft, key: string, made: Omit<Made, "since">): void {
  draft.made =
    isUnsure(draft) || isStandIn(key)
      ? removeFrom(draft.made, key)
      : setIn(draft.made, key, { since: draft.nextId, ...made });
}

/** What is known of a role by its name: that it has rights, owns something, is named by a policy or by default privileges. */
const uses = ["rights", "owned", "policies", "defaults"] as const;

/** DROP of one of them. */
export function dropThing(draft: Draft, { object }: Drop, name: string, schema: string | null): void {
  // Of kinds whose word the model does not hold, such as FOREIGN DATA WRAPPER, it may be any.
  const kinds: readonly NamedKind[] =
    object === "other" ? ["foreign data wrapper", "access method"] : [object as NamedKind];
  for (const kind of kinds) {
    draft.made = removeFrom(draft.made, keyOfThing({ kind, schema, name, ifNotExists: false }, draft.path));
    if (isDatabased(kind)) noteGone(draft, kind, { schema: "", name });
    if (kind === "role") for (const use of uses) draft.made = removeFrom(draft.made, `${use}\0${name}`);
  }
  if (draft.cascades && (object === "other" || object === "server")) forgetServers(draft, object);
}

/** CASCADE takes along the user mappings of a server, and with a foreign data wrapper its servers: of none it is known any more. */
function forgetServers(draft: Draft, object: "other" | "server"): void {
  const taken: readonly NamedKind[] = object === "other" ? ["user mapping", "server"] : ["user mapping"];
  for (const kind of taken) draft.made = setIn(draft.made, `${forgotten}\0${kind}`, { since: draft.nextId });
}

/** In front of the kinds of which nothing that was made before is known. */
const forgotten = "forgotten";

/** ALTER ... RENAME TO of a role, server, subscription or event trigger. */
export function renameThing(draft: Draft, { object, target }: Rename, to: string): void {
  const kind = object as NamedKind;
  const name = truncateName(target.name.name);
  const plain = { schema: null, ifNotExists: false };
  draft.made = removeFrom(draft.made, keyOfThing({ kind, name, ...plain }, draft.path));
  for (const use of uses) draft.made = removeFrom(draft.made, `${use}\0${name}`);
  put(draft, keyOfThing({ kind, name: to, ...plain }, draft.path), {});
  if (!isDatabased(kind)) return;
  noteGone(draft, kind, { schema: "", name }, `renamed to ${quoteName(to)}`);
  noteMade(draft, kind, { schema: "", name: to });
}

/** FOR ALL TABLES: what is done to any table is sent on. */
export function noteAllTables(draft: Draft, name: string, changes: readonly string[]): void {
  put(draft, `all tables\0${name}`, {});
  for (const change of changes) put(draft, `all\0${change}`, { publication: name });
}

/** The publication is gone, or bears another name, or sends on something else. */
export function forgetAllTables(draft: Draft, name: string): void {
  if (getFrom(draft.made, `all tables\0${name}`) === undefined) return;
  draft.made = removeFrom(draft.made, `all tables\0${name}`);
  for (const change of ["update", "delete"])
    if (getFrom(draft.made, `all\0${change}`)?.publication === name)
      draft.made = removeFrom(draft.made, `all\0${change}`);
}

/** DROP USER MAPPING FOR user SERVER name. */
export function dropMapping(draft: Draft, { span }: OtherStatement): void {
  const { text } = draft.context;
  const words = tokensIn(text, span.start, span.end).filter(isNameToken);
  const [user, , name] = words.slice(-3).map((token) => truncateName(nameOf(text, token)));
  if (user === undefined || name === undefined) return;
  const mapping = { kind: "user mapping" as const, schema: null, name, of: user, ifNotExists: false };
  draft.made = removeFrom(draft.made, keyOfThing(mapping, draft.path));
}

/** The user of a mapping on the server. */
export function findMapped(state: State, server: string): string | undefined {
  const start = `user mapping\0\0${server}\0`;
  const key = keysOf(state.made).find((one) => one.startsWith(start) && findMade(state, one) !== undefined);
  return key?.slice(start.length);
}

/** What the history says of the name, unless something that nobody could read ran since. */
export function findMade({ made, doubtedAt, unreadAt, gapAt }: State, key: string): Made | undefined {
  const found = made.root === null ? undefined : getFrom(made, key);
  if (found === undefined) return undefined;
  const forgottenAt = getFrom(made, `${forgotten}\0${key.slice(0, key.indexOf("\0"))}`)?.since ?? -1;
  return found.since <= Math.max(doubtedAt, unreadAt, gapAt, forgottenAt) ? undefined : found;
}
