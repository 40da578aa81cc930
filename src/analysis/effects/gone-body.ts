import type { CreateFunction } from "../../model/statement.ts";
import { refuseGone } from "./gone.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { ofRows } from "./routines.ts";

/** Refuses a function in SQL whose body needs what the history has taken away. */
export function refuseGoneBody(ledger: Ledger, statement: CreateFunction): void {
  const { world } = ledger;
  if (ledger.fails !== null || !world.schema.hasGone || world.readBody === undefined) return;
  // A path of its own finds other things, and a body for any type is not looked at closely.
  if (statement.body === null || statement.settings.length > 0 || isPolymorphic(statement)) return;
  const parameters = new Set(statement.parameters.flatMap(({ name }) => name ?? []));
  for (const { statement: inner, text } of world.readBody(statement.body)) {
    // Of all else in a body the server reads the grammar alone when the function is made.
    if (!ofRows.has(inner.kind)) continue;
    const own = openLedger({ ...world, text, parameters });
    refuseGone(own, inner);
    if (own.fails === null) continue;
    ledger.fails = own.fails;
    return;
  }
}

function isPolymorphic({ argumentTypes }: CreateFunction): boolean {
  return argumentTypes.some(({ name }) => name.startsWith("any"));
}
