import type { QualifiedName } from "../../model/name.ts";
import { isRoutineType } from "../../model/object-types.ts";
import type {
  AlterOwner,
  CreateSchema,
  Grant,
  OtherStatement,
  Owned,
  Policy,
} from "../../model/statement.ts";
import { nameOf, truncateName } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { isNameToken, isWord, tokensIn } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import { isTable } from "../entities.ts";
import { rolesIn } from "../named-things.ts";
import { type Draft, findRelation, findType, takeId } from "./draft.ts";
import { findGone } from "./gone.ts";
import { add, findMade, put } from "./made.ts";
import type { Made } from "./made-names.ts";
import { keyOf } from "./name-parts.ts";
import { lookUp, type State } from "./state.ts";
import { getFrom, removeFrom } from "./trie.ts";

/** What a role holds: it stays as long as the thing does. */
type Held = Pick<Made, "relation" | "schema" | "type" | "function">;

/** GRANT gives roles something to hold; after any REVOKE nobody knows whether they hold anything. */
export function noteRights(draft: Draft, statement: Grant): void {
  const { text } = draft.context;
  const { kind, object, names, span } = statement;
  const end = names.at(-1)?.span.end;
  if (end === undefined) return;
  // A function is named with its arguments.
  const behind = tokensIn(text, end, span.end);
  const at = behind.findIndex((token) => isWord(text, token, kind === "grant" ? "to" : "from"));
  const roles = rolesIn(text, behind.slice(at + 1));
  if (kind === "revoke") {
    for (const role of roles) draft.made = removeFrom(draft.made, `rights\0${role}`);
    return;
  }
  const held = heldBy(draft, object, names);
  if (held !== undefined) for (const role of roles) add(draft, `rights\0${role}`, held);
}

function heldBy(draft: Draft, object: string, names: Grant["names"]): Held | undefined {
  for (const name of names) {
    const held = thingNamed(draft, object, name);
    if (held !== undefined) return held;
  }
  return undefined;
}

function thingNamed(draft: Draft, object: string, name: QualifiedName): Held | undefined {
  // A database stays while its migrations run.
  if (object === "database") return {};
  if (object === "schema") return { schema: truncateName(name.name.name) };
  if (object === "table" || object === "sequence") {
    const relation = findRelation(draft, name)?.id;
    return relation === undefined ? undefined : { relation };
  }
  if (object === "type" || object === "domain") {
    const type = findType(draft, name)?.id;
    return type === undefined ? undefined : { type };
  }
  if (!isRoutineType(object)) return undefined;
  const [own, ...others] = lookUp(draft.functions, draft.path, name) ?? [];
  if (own === undefined || others.length > 0) return undefined;
  return { function: { key: keyOf(own.schema, own.name), id: own.id } };
}

/** OWNER TO: the role, which is the last word, holds the relation until another one gets it. */
export function noteOwner(draft: Draft, relation: number, { start, end }: Span): void {
  const { text } = draft.context;
  const last = tokensIn(text, start, end).at(-1);
  if (isNameToken(last)) own(draft, truncateName(nameOf(text, last)), { relation });
}

/** The same of types, functions and schemas. */
export function foldAlterOwner(draft: Draft, { object, target, span }: AlterOwner): void {
  const { text } = draft.context;
  const last = tokensIn(text, span.start, span.end).at(-1);
  const held = thingNamed(draft, object, target);
  if (held !== undefined && isNameToken(last)) own(draft, truncateName(nameOf(text, last)), held);
}

function own(draft: Draft, role: string, held: Held): void {
  put(draft, `owned\0${role}`, held);
  draft.made = removeFrom(draft.made, `emptied\0${role}`);
  put(draft, ownerKey(held), { owner: role });
}

function ownerKey(held: Held): string {
  return `owner\0${held.relation ?? ""}\0${held.type ?? ""}\0${held.schema ?? ""}\0${held.function?.id ?? ""}`;
}

/** CREATE and ALTER POLICY ... TO: a role that a policy names stays with it. */
export function notePolicyRoles(draft: Draft, { kind, name, table, span }: Policy): void {
  const { text } = draft.context;
  const relation = findRelation(draft, table)?.id;
  if (relation === undefined) return;
  const tokens = tokensIn(text, table.span.end, span.end);
  const at = clauseAt(text, tokens, "to");
  if (at === -1 && kind === "alter policy") return;
  const policy = truncateName(name.name);
  const roles = at === -1 ? [] : rolesIn(text, tokens.slice(at + 1));
  put(draft, `named\0${relation}\0${policy}`, { roles });
  for (const role of roles) add(draft, `policies\0${role}`, { relation, policy });
}

/** The clause that the word begins, before any expression. */
function clauseAt(text: string, tokens: readonly Token[], word: string): number {
  for (const [k, token] of tokens.entries()) {
    if (isWord(text, token, "using") || isWord(text, token, "with")) return -1;
    if (isWord(text, token, word)) return k;
  }
  return -1;
}

/** ALTER DEFAULT PRIVILEGES: roles that it is for, and that it gives something to, stay until it is taken back. */
export function noteDefaultRights(draft: Draft, { span }: OtherStatement): void {
  const { text } = draft.context;
  const tokens = tokensIn(text, span.start, span.end).slice(3);
  const [schemaAt, grantAt] = ["in", "grant"].map((word) => clauseAt(text, tokens, word));
  const isFor = isWord(text, tokens[0], "for");
  const owners = isFor ? rolesIn(text, tokens.slice(2, endOfList(text, tokens))) : [];
  const to = tokens.findLastIndex((token) => isWord(text, token, "to") || isWord(text, token, "from"));
  const roles = rolesIn(text, tokens.slice(to + 1));
  if (grantAt === -1) {
    for (const role of [...owners, ...roles]) draft.made = removeFrom(draft.made, `defaults\0${role}`);
    return;
  }
  const name = schemaAt === -1 ? undefined : tokens[(schemaAt ?? 0) + 2];
  const held: Held = isNameToken(name) ? { schema: truncateName(nameOf(text, name)) } : {};
  // What an owner may do anyway is no default of its own.
  const given = schemaAt === -1 ? roles.filter((role) => role !== "public" && !owners.includes(role)) : roles;
  if (given.length > 0) for (const role of [...owners, ...given]) add(draft, `defaults\0${role}`, held);
}

/** Where the list of roles behind FOR ROLE ends. */
function endOfList(text: string, tokens: readonly Token[]): number {
  return tokens.findIndex((token) => ["in", "grant", "revoke"].some((word) => isWord(text, token, word)));
}

/** CREATE SCHEMA ... AUTHORIZATION: the role holds the schema. */
export function noteSchemaOwner(draft: Draft, schema: string, { span }: CreateSchema): void {
  const { text } = draft.context;
  const tokens = tokensIn(text, span.start, span.end).slice(0, 8);
  const at = tokens.findIndex((token) => isWord(text, token, "authorization"));
  const role = tokens[at + 1];
  if (at !== -1 && isNameToken(role)) put(draft, `rights\0${truncateName(nameOf(text, role))}`, { schema });
}

/**
 * DROP OWNED and REASSIGN OWNED: roles that hold nothing any more. What the role owned is gone with the first, and the policies
 * that were for it alone: which that were, the server knows. Behind REASSIGN OWNED it owned nothing.
 */
export function foldOwned(draft: Draft, { kind, span }: Owned): void {
  const { text } = draft.context;
  for (const role of rolesIn(text, tokensIn(text, span.start, span.end).slice(3))) {
    draft.made = removeFrom(draft.made, `owned\0${role}`);
    if (kind === "reassign owned") {
      put(draft, `emptied\0${role}`, {});
      continue;
    }
    for (const use of ["rights", "policies", "defaults"])
      draft.made = removeFrom(draft.made, `${use}\0${role}`);
    if (findMade(draft, `emptied\0${role}`) === undefined) {
      draft.isComplete = false;
      draft.gapAt = takeId(draft);
    }
    draft.doubtedAt = takeId(draft);
  }
}

/** What a role holds that is still there: it cannot be dropped. */
export function findHeld(state: State, role: string): Made | undefined {
  const owned = findMade(state, `owned\0${role}`);
  if (owned !== undefined && isThere(state, owned) && findMade(state, ownerKey(owned))?.owner === role)
    return owned;
  for (const use of ["rights", "defaults"]) {
    const found = findMade(state, `${use}\0${role}`);
    if (found !== undefined && isThere(state, found)) return found;
  }
  const named = findMade(state, `policies\0${role}`);
  const { relation = -1, policy = "" } = named ?? {};
  const table = getFrom(state.relations, relation);
  const isNamed = isTable(table) && table.policies.some((one) => one.name === policy);
  const last = getFrom(state.made, `named\0${relation}\0${policy}`);
  return isNamed && last?.roles?.includes(role) === true ? named : undefined;
}

function isThere(state: State, held: Held): boolean {
  const { relation, schema, type, function: routine } = held;
  return (
    (relation === undefined || getFrom(state.relations, relation) !== undefined) &&
    (schema === undefined || findGone(state, [], "schema", { schema: null, name: schema }) === undefined) &&
    (type === undefined || getFrom(state.types, type) !== undefined) &&
    (routine === undefined ||
      getFrom(state.functions, routine.key)?.some(({ id }) => id === routine.id) === true)
  );
}
