import type { Expression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import { serialBase, spokenName } from "../../model/type-names.ts";
import { shorten } from "../../text/shorten.ts";
import { type ColumnTypes, typeOf } from "../expression-type.ts";
import { isKnownType } from "../facts/casts.ts";
import { isOwnFunction } from "../own-functions.ts";
import { domainOf, findUserType } from "./domains.ts";
import type { Ledger } from "./ledger.ts";
import { fail } from "./ledger.ts";
import { isLiteralOf } from "./literals.ts";
import { changeOfType } from "./type-change.ts";

/**
 * A value that a column of the type cannot take: 0 for a boolean, a word that is no value of an enum. `columns`: those that it
 * can read, with their types.
 */
export function refuseValue(
  ledger: Ledger,
  value: Expression,
  type: TypeDescription,
  what: string,
  columns: ColumnTypes | null = null,
): void {
  const { world } = ledger;
  if (type.isReference || type.isSetOf || serialBase(type) !== null) return;
  if (value.kind === "constant" && value.type === "string") {
    refuseLiteral(ledger, value.value, type, what);
    return;
  }
  const own = typeOf(value, columns, (name) => isOwnFunction(world.schema, name));
  // A cast of the user's may do it by itself.
  if (own === null || own.isReference || world.schema.hasCasts) return;
  const change = changeOfType(world, own, type);
  if (change === "explicit" || change === "refused")
    fail(ledger, "42804", `${what} is of type ${nameOf(type)}, and the value is ${nameOf(own)}`);
}

/** What stands in quotes is read as the type when the statement is parsed, whether or not a row is written. */
function refuseLiteral(ledger: Ledger, literal: string, type: TypeDescription, what: string): void {
  const { world } = ledger;
  if (type.dimensions === 0) {
    const found = findUserType(world, type);
    if (found?.kind === "enum" && found.origin !== null) {
      if (!found.labels.some(({ name }) => name === literal))
        fail(ledger, "22P02", `'${shorten(literal)}' is not a value of ${found.name}`);
      return;
    }
  }
  const base = domainOf(world, type)?.base ?? type;
  if (base.schema !== null || !isKnownType(base.name)) return;
  const name = base.dimensions > 0 ? "array" : base.name;
  if (!isLiteralOf(name, literal))
    fail(
      ledger,
      datesAndTimes.has(name) ? (literal.trim() === "" ? "22007" : "22008") : "22P02",
      `${what} is of type ${nameOf(type)}, and '${shorten(literal)}' is not`,
    );
}

const datesAndTimes = new Set(["timestamp", "timestamptz", "date"]);

function nameOf({ name, dimensions }: TypeDescription): string {
  return `${spokenName(name)}${"[]".repeat(Math.min(dimensions, 1))}`;
}

/** A condition is true or false: numbers and text are not taken for either. */
export function refuseCondition(
  ledger: Ledger,
  condition: Expression,
  columns: ColumnTypes | null,
  what: string,
): void {
  const { world } = ledger;
  if (world.schema.hasCasts) return;
  const parts = condition.kind === "and" || condition.kind === "or" ? condition.arguments : [condition];
  for (const part of parts) {
    const node = part.kind === "not" ? part.argument : part;
    const type = typeOf(node, columns, (name) => isOwnFunction(world.schema, name));
    if (type === null || type.isReference) continue;
    const base = domainOf(world, type)?.base ?? type;
    if (base.schema !== null || !isKnownType(base.name)) continue;
    if (base.name !== "bool" || base.dimensions > 0) fail(ledger, "42804", `${what} must be of type boolean`);
  }
}
