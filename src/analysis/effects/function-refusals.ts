import type { Call } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import type { CreateFunction, Drop } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { argumentsDropped, mayMean } from "../drop-arguments.ts";
import type { UserFunction } from "../entities.ts";
import { isKnownType } from "../facts/casts.ts";
import type { Ledger } from "./ledger.ts";
import { fail, failEvident } from "./ledger.ts";

/** CREATE OR REPLACE keeps what a function returns, and the names of its arguments. Only one that nobody can mistake counts. */
export function refuseReplacement(ledger: Ledger, statement: CreateFunction): void {
  const { world } = ledger;
  const { schema, name } = statement.function;
  const home = schema?.name ?? world.searchPath[0] ?? "public";
  const known = world.schema.findFunctions({ schema: home, name: name.name });
  const takes = (one: UserFunction) =>
    one.argumentTypes.length === statement.argumentTypes.length &&
    one.argumentTypes.every((type, k) => isEqual(type, statement.argumentTypes[k]) && isThere(ledger, type));
  if (!statement.orReplace && known.some((one) => takes(one) && isSurelyThere(ledger, one)))
    fail(ledger, "42723", `function ${quoteName(name.name)} with these arguments already exists`);
  const [own, ...others] = known;
  if (!statement.orReplace || own === undefined || others.length > 0) return;
  const isSame =
    own.argumentTypes.length === statement.argumentTypes.length &&
    own.argumentTypes.every((type, k) => isEqual(type, statement.argumentTypes[k]));
  if (!isSame) return;
  if ((own.kind === "procedure") !== statement.isProcedure)
    fail(ledger, "42809", `${quoteName(name.name)} is a ${own.kind}`);
  const [before, returns] = [resultOf(own), resultOf(statement)];
  if (before !== null && returns !== null && !isEqual(before, returns) && isThere(ledger, before))
    fail(ledger, "42P13", `the type that ${name.name}() returns cannot be changed by replacing it`);
  if (givesOthers(ledger, own, statement))
    fail(ledger, "42P13", `what ${name.name}() gives back cannot be changed by replacing it`);
  const optional = (parameters: CreateFunction["parameters"]) =>
    parameters.filter(({ isOptional }) => isOptional).length;
  for (const [k, parameter] of own.parameters.entries()) {
    const next = statement.parameters[k];
    if (parameter.name !== null && next !== undefined && next.name !== parameter.name)
      fail(
        ledger,
        "42P13",
        `argument ${quoteName(parameter.name)} of ${name.name}() cannot be renamed by replacing it`,
      );
  }
  if (optional(own.parameters) > optional(statement.parameters))
    fail(ledger, "42P13", `a default of ${name.name}() cannot be removed by replacing it`);
}

/** The type that it returns: of one column that is given back, that of the column. */
function resultOf({
  returns,
  outputs = [],
}: Pick<UserFunction, "returns" | "outputs">): TypeDescription | null {
  const [only] = outputs;
  if (only === undefined || outputs.length > 1) return returns;
  return { ...only.type, isSetOf: returns?.isSetOf === true };
}

/** Whether it has other columns than before: of several their names count as well. */
function givesOthers(
  ledger: Ledger,
  own: UserFunction,
  { outputs: next, isProcedure }: CreateFunction,
): boolean {
  const { outputs: before = [] } = own;
  if (isProcedure || before.length === 0 || next.length === 0) return false;
  if (before.length !== next.length) return true;
  return before.some(({ name, type }, k) => {
    const other = next[k];
    if (other === undefined || !isThere(ledger, type)) return false;
    return !isEqual(type, other.type) || (before.length > 1 && name !== other.name);
  });
}

/** One that was made for the first time, and that nothing which nobody could read may have taken away. */
function isSurelyThere({ world }: Ledger, one: UserFunction): boolean {
  return one.isCertainlyNew && !world.schema.mayBeGone({ since: one.id });
}

/** DROP of a name alone, or by the word of another kind. */
export function refuseDropOfFunction(ledger: Ledger, statement: Drop): void {
  const { schema, text } = ledger.world;
  for (const [k, name] of statement.names.entries()) {
    const known = schema.findFunctions(name);
    if (known.length === 0 || !known.every((one) => isSurelyThere(ledger, one))) continue;
    const listed = argumentsDropped(text, statement, k);
    if (known.length > 1 && listed === null)
      fail(
        ledger,
        "42725",
        `there are ${known.length} functions ${quoteName(name.name.name)}: say which by its arguments`,
      );
    const [own] = known;
    const isAll = known.every(({ hasTwin }) => hasTwin !== true) && schema.isComplete && !schema.hasGap;
    if (isAll && !statement.ifExists && !known.some((one) => mayMean(listed, one))) {
      const isCounted = known.length === 1 && own !== undefined && own.argumentCount !== listed?.length;
      const count = own?.argumentCount ?? 0;
      failEvident(
        ledger,
        "42883",
        isCounted
          ? `function ${quoteName(name.name.name)} takes ${count} ${count === 1 ? "argument" : "arguments"}, and ${listed?.length} are named`
          : `no function ${quoteName(name.name.name)} takes arguments of these types`,
      );
    }
    const { object } = statement;
    // By its name alone, from 14 on it is just not found.
    const code = listed === null && ledger.world.version >= 14 ? "42883" : "42809";
    if (object !== "routine" && known.every(({ kind }) => kind !== object))
      fail(ledger, code, `${quoteName(name.name.name)} is not a ${object}`);
  }
}

/** CALL is for procedures, and a query for functions. */
export function refuseCallOf(ledger: Ledger, call: Call, kind: UserFunction["kind"]): void {
  const known = ledger.world.schema.findFunctions({ schema: call.schema, name: call.name });
  if (known.length === 0 || !known.every((one) => one.kind !== kind && isSurelyThere(ledger, one))) return;
  fail(
    ledger,
    "42809",
    kind === "procedure"
      ? `${quoteName(call.name)} is a function: a query calls it`
      : `${quoteName(call.name)} is a procedure: CALL runs it`,
  );
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
