import type { Action } from "../../model/action.ts";
import type { Call, Expression } from "../../model/expression.ts";
import type { Statement } from "../../model/statement.ts";
import { isTable } from "../entities.ts";
import { findBuiltIn } from "../facts/built-ins.ts";
import { isKnownType } from "../facts/casts.ts";
import { itemNamed } from "../schema/places.ts";
import { boundRelation } from "../sequence-uses.ts";
import { goneFunction } from "./gone-functions.ts";
import { failNowhere, goneRelation, spell } from "./gone-lookup.ts";
import { refuseGoneType } from "./gone-types.ts";
import { failGone, type Ledger } from "./ledger.ts";
import { visitValues } from "./needed-values.ts";

/** Refuses what expressions call, cast to, or name in a literal of type regclass, and what the history has taken away. */
export function refuseGoneValues(ledger: Ledger, statement: Statement, only: Action | null): void {
  // What a body names may as well be one of its own.
  if (ledger.world.isInBody === true) return;
  visitValues(ledger, statement, only, (node) => {
    if (node.kind === "cast" && !node.type.isReference) refuseGoneType(ledger, node.type);
    if (node.kind === "call") refuseGoneCall(ledger, node);
    refuseGoneLiteral(ledger, node);
  });
}

function refuseGoneCall(ledger: Ledger, call: Call): void {
  const { schema, name } = call;
  if (schema === null && (findBuiltIn(name) !== undefined || isOtherwiseRead(ledger, call))) return;
  const gone = goneFunction(ledger, { schema, name });
  if (gone !== undefined && !failNowhere(ledger, { schema, name }, "3F000"))
    failGone(ledger, "42883", `${spell({ schema, name })}()`, gone);
}

/** `name(x)` is also a cast to a type of that name, and the column `name` of the row x. */
function isOtherwiseRead({ world }: Ledger, { name, arguments: [argument, ...others] }: Call): boolean {
  if (argument === undefined || others.length > 0) return false;
  if (isKnownType(name) || world.schema.findType({ schema: null, name }) !== undefined) return true;
  if (!world.schema.hasGone || argument.kind === "constant") return false;
  for (const one of world.schema.relations())
    if (isTable(one) && itemNamed(one.columns, name) !== undefined) return true;
  return false;
}

/** `nextval('s')`, `'t'::regclass`: looked up when the statement is read, whether it runs or not. */
function refuseGoneLiteral(ledger: Ledger, node: Expression): void {
  const name = boundRelation(node);
  const gone = name === null ? undefined : goneRelation(ledger, name);
  if (
    name !== null &&
    gone !== undefined &&
    !failNowhere(ledger, name, ledger.world.version >= 16 ? "42P01" : "3F000")
  )
    failGone(ledger, "42P01", spell(name), gone);
}
