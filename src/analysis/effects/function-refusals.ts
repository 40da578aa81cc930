import type { TypeDescription } from "../../model/name.ts";
import type { CreateFunction } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { isKnownType } from "../facts/casts.ts";
import type { Ledger } from "./ledger.ts";
import { fail } from "./ledger.ts";

/** CREATE OR REPLACE keeps what a function returns, and the names of its arguments. Only one that nobody can mistake counts. */
export function refuseReplacement(ledger: Ledger, statement: CreateFunction): void {
  const { world } = ledger;
  const { schema, name } = statement.function;
  const home = schema?.name ?? world.searchPath[0] ?? "public";
  const [own, ...others] = world.schema.findFunctions({ schema: home, name: name.name });
  if (!statement.orReplace || own === undefined || others.length > 0) return;
  const isSame =
    own.argumentTypes.length === statement.argumentTypes.length &&
    own.argumentTypes.every((type, k) => isEqual(type, statement.argumentTypes[k]));
  if (!isSame) return;
  if ((own.kind === "procedure") !== statement.isProcedure)
    fail(ledger, "42809", `${quoteName(name.name)} is a ${own.kind}`);
  const { returns } = statement;
  if (
    own.returns !== null &&
    returns !== null &&
    !isEqual(own.returns, returns) &&
    isThere(ledger, own.returns)
  )
    fail(ledger, "42P13", `the type that ${name.name}() returns cannot be changed by replacing it`);
  for (const [k, parameter] of own.parameters.entries()) {
    const next = statement.parameters[k];
    if (parameter.name !== null && next !== undefined && next.name !== parameter.name)
      fail(
        ledger,
        "42P13",
        `argument ${quoteName(parameter.name)} of ${name.name}() cannot be renamed by replacing it`,
      );
  }
}

/** Pseudo-types that functions return. */
const pseudoTypes = new Set(["void", "trigger", "event_trigger", "record"]);

/** Whether the type still has the name by which the history knows it: the function keeps one that was renamed since. */
function isThere({ world }: Ledger, type: TypeDescription): boolean {
  return (
    isKnownType(type.name) ||
    pseudoTypes.has(type.name) ||
    world.schema.findType(type) !== undefined ||
    world.schema.findRelation(type, world.searchPath) !== undefined
  );
}

/** Types of one name in different schemas are taken for the same: whether they are is up to the search path. */
function isEqual(left: TypeDescription, right: TypeDescription | undefined): boolean {
  return (
    left.name === right?.name &&
    left.dimensions === right.dimensions &&
    left.isSetOf === right.isSetOf &&
    left.isReference === right.isReference
  );
}
