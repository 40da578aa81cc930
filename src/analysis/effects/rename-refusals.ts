import type { Rename } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import type { Table } from "../entities.ts";
import { isSystemColumn } from "./expression-refusals.ts";
import { ancestorsOf, familyOf, hasChildren } from "./family.ts";
import type { Ledger } from "./ledger.ts";
import { fail, failEvident } from "./ledger.ts";
import { isOnly } from "./words.ts";

/** A constraint is renamed where it comes from, with all that inherit it, and to a name that is free. */
export function refuseConstraintName(ledger: Ledger, statement: Rename, table: Table, name: string): void {
  const { schema } = ledger.world;
  if (table.ofType !== undefined)
    fail(ledger, "42809", `${quoteName(table.name)} is made of a type: its constraints keep their names`);
  const constraint = table.constraints.find((one) => one.name === name);
  if (constraint === undefined) return;
  const isShared = constraint.kind === "check" && !constraint.noInherit;
  const isInherited = ancestorsOf(schema, table).some((parent) =>
    parent.constraints.some((one) => one.name === name && one.kind === "check" && !one.noInherit),
  );
  if (isShared && isInherited) fail(ledger, "42P16", `constraint ${quoteName(name)} is inherited`);
  if (isShared && isOnly(ledger, statement.span, statement.target) && hasChildren(schema, table))
    fail(ledger, "42P16", `constraint ${quoteName(name)} must be renamed in the child tables too`);
  const to = statement.to.name;
  // That of a key is its index's as well.
  const isOfIndex = ["primary key", "unique", "exclusion"].includes(constraint.kind);
  if (isOfIndex && schema.findRelation({ schema: table.schema, name: to }) !== undefined)
    fail(ledger, "42P07", `relation ${quoteName(to)} already exists`);
  if (table.constraints.some((one) => one.name === to))
    fail(ledger, "42710", `constraint ${quoteName(to)} already exists`);
}

/** A column's new name is free, and the server keeps some for itself. */
export function refuseColumnName(ledger: Ledger, statement: Rename, table: Table): void {
  const to = statement.to.name;
  if (isSystemColumn(to))
    failEvident(ledger, "42701", `the server keeps the name ${quoteName(to)} for itself`);
  if (table.ofType !== undefined)
    fail(ledger, "42809", `${quoteName(table.name)} is made of a type: its columns are those of the type`);
  if (statement.part?.name === to)
    failEvident(ledger, "42701", `the column is called ${quoteName(to)} already`);
  const members = familyOf(ledger.world.schema, table, isOnly(ledger, statement.span, statement.target));
  for (const { name, columns } of members)
    if (columns.some((one) => one.name === to))
      fail(ledger, "42701", `${quoteName(name)} has a column ${quoteName(to)} already`);
}
