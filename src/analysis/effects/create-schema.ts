import type { CreateSchema, Statement } from "../../model/statement.ts";
import { quoteName, truncateName } from "../../sql/names.ts";
import { inServersOrder } from "../schema/elements.ts";
import { foldSchema, withSearchPath } from "../schema.ts";
import { fail, type Ledger } from "./ledger.ts";

/** CREATE SCHEMA, with the statements that it holds. */
export function createSchema(
  ledger: Ledger,
  { schema, ifNotExists, elements }: CreateSchema,
  collect: (ledger: Ledger, statement: Statement) => void,
): void {
  const name = schema?.name;
  const isThere = name !== undefined && ledger.world.schema.usersOf("in", name, 1).length > 0;
  if (isThere && !ifNotExists) fail(ledger, "42P06", `schema ${quoteName(name)} already exists`);
  if (name?.startsWith("pg_")) fail(ledger, "42939", "the server keeps schemas named pg_... for itself");
  // Names are looked for in the new schema first, and what is made is made there.
  const { world } = ledger;
  const path = [...(name === undefined ? [] : [truncateName(name)]), ...world.searchPath];
  const inner = { ...ledger };
  let made = withSearchPath(world.schema, path);
  for (const element of inServersOrder(elements)) {
    inner.world = { ...world, searchPath: path, schema: made };
    collect(inner, element);
    made = foldSchema(made, element, {
      origin: { unit: 0, transaction: 0, release: 0 },
      searchPath: path,
      version: world.version,
      text: world.text,
    });
  }
  Object.assign(ledger, inner, { world });
  forgetMade(ledger);
}

/** What a later element of CREATE SCHEMA uses may be what an earlier one made. */
function forgetMade({ locks, world }: Ledger): void {
  for (const [label, { id }] of locks)
    if (id !== null && world.schema.relationById(id) === undefined) locks.delete(label);
}
