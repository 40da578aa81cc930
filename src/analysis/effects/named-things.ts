import type { Drop, Rename, Statement } from "../../model/statement.ts";
import { quoteName, truncateName } from "../../sql/names.ts";
import { labelOf } from "../effect.ts";
import { keyOfThing, type NamedKind, type NamedThing, thingMadeBy } from "../named-things.ts";
import { fail, type Ledger, shortName } from "./ledger.ts";

/** Roles, extensions, servers and their like: none is made twice, and no role goes that holds something. */
export function refuseNamedThing(ledger: Ledger, statement: Statement): void {
  const thing = thingMadeBy(statement, ledger.world.text);
  if (thing !== null && !thing.ifNotExists) refuseTaken(ledger, thing);
  if (statement.kind === "rename") refuseTakenName(ledger, statement);
  if (statement.kind === "drop" && statement.object === "role") refuseHolders(ledger, statement);
}

function refuseTaken(ledger: Ledger, thing: NamedThing): void {
  const { schema, searchPath } = ledger.world;
  // Every database is made with this one.
  const isOfServer = thing.kind === "extension" && thing.name === "plpgsql";
  const isThere = isOfServer
    ? schema.findGone("extension", { schema: null, name: thing.name }) === undefined
    : schema.hasMade(keyOfThing(thing, searchPath));
  if (!isThere) return;
  const name =
    thing.of === undefined ? quoteName(thing.name) : `for ${quoteName(thing.of)} on ${quoteName(thing.name)}`;
  fail(ledger, thing.kind === "schema" ? "42P06" : "42710", `${thing.kind} ${name} already exists`);
}

const renamed: readonly string[] = [
  "role",
  "schema",
  "publication",
  "server",
  "subscription",
  "event trigger",
] satisfies NamedKind[];

function refuseTakenName(ledger: Ledger, { object, to }: Rename): void {
  if (renamed.includes(object))
    refuseTaken(ledger, {
      kind: object as NamedKind,
      schema: null,
      name: truncateName(to.name),
      ifNotExists: false,
    });
}

/** A role that owns something, or has rights on it, stays until it does so no more. */
function refuseHolders(ledger: Ledger, { names }: Drop): void {
  const { schema } = ledger.world;
  for (const { name } of names) {
    const role = truncateName(name.name);
    const held = schema.heldBy(role);
    if (held === undefined) continue;
    if (held.policy !== undefined) {
      fail(ledger, "2BP01", `policy ${quoteName(held.policy)} is for role ${quoteName(role)}`);
      continue;
    }
    const relation = held.relation === undefined ? undefined : schema.relationById(held.relation);
    const thing = held.function === undefined ? "something" : "a function";
    const of = held.schema === undefined ? thing : `schema ${quoteName(held.schema)}`;
    const what = relation === undefined ? of : shortName(ledger.world, labelOf(relation));
    fail(ledger, "2BP01", `role ${quoteName(role)} owns ${what} or has rights on it`);
  }
}
