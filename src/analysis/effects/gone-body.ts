import type { CreateFunction } from "../../model/statement.ts";
import { withSearchPath } from "../schema.ts";
import { hidesAll, parseSearchPath } from "../session.ts";
import { refuseGone } from "./gone.ts";
import { type EffectsWorld, type Ledger, openLedger } from "./ledger.ts";
import { ofRows } from "./routines.ts";

/** Refuses a function in SQL whose body needs what the history has taken away, or what its search_path hides. */
export function refuseGoneBody(ledger: Ledger, statement: CreateFunction): void {
  const { world } = ledger;
  if (ledger.fails !== null || world.readBody === undefined) return;
  // A body for any type is not looked at closely.
  if (statement.body === null || isPolymorphic(statement)) return;
  const along = ownPath(statement, world);
  if (along === null || (!world.schema.hasGone && !hidesAll(along.searchPath))) return;
  const parameters = new Set(statement.parameters.flatMap(({ name }) => name ?? []));
  for (const { statement: inner, text } of world.readBody(statement.body)) {
    // Of all else in a body the server reads the grammar alone when the function is made.
    if (!ofRows.has(inner.kind)) continue;
    const own = openLedger({ ...world, ...along, text, parameters });
    refuseGone(own, inner);
    if (own.fails === null) continue;
    ledger.fails = own.fails;
    return;
  }
}

/** Where the body's names are looked up: along a path of the function's own, if it has one. Null where nobody can tell. */
function ownPath({ settings }: CreateFunction, { schema, searchPath }: EffectsWorld) {
  const own = settings.find(({ name }) => name === "search_path");
  if (own === undefined) return { schema, searchPath };
  if (own.value === null) return null;
  const path = parseSearchPath(own.value);
  return { schema: withSearchPath(schema, path), searchPath: path };
}

function isPolymorphic({ argumentTypes }: CreateFunction): boolean {
  return argumentTypes.some(({ name }) => name.startsWith("any"));
}
