import type { CreateSchema, Statement } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
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
  for (const element of elements) collect(ledger, element);
  forgetMade(ledger, elements);
}

/** What a later element of CREATE SCHEMA uses may be what an earlier one made. */
function forgetMade(ledger: Ledger, elements: readonly Statement[]): void {
  const made = new Set(
    elements.flatMap((one) =>
      one.kind === "create table"
        ? [one.table.name.name]
        : one.kind === "create view"
          ? [one.view.name.name]
          : [],
    ),
  );
  for (const [label, { id }] of ledger.locks)
    if (id === null && made.has(label.slice(label.indexOf(".") + 1))) ledger.locks.delete(label);
}
