import type { Action } from "../../model/action.ts";
import type { QualifiedName } from "../../model/name.ts";
import type { Statement } from "../../model/statement.ts";
import { qualifyName, quoteName } from "../../sql/names.ts";
import { hidesAll } from "../session.ts";
import { failEvident, findRelation, type Ledger, nameParts } from "./ledger.ts";
import { neededRelations } from "./needed-relations.ts";

/**
 * Refuses names without a schema where `search_path` is empty, as dumps and functions set it: nothing is found under them but
 * temporary tables and the server's own relations, and nothing can be made.
 */
export function refuseHidden(ledger: Ledger, statement: Statement, only: Action | null): void {
  const { world } = ledger;
  if (!hidesAll(world.searchPath)) return;
  const made = newName(statement);
  if (made !== null && made.schema === null && world.searchPath.length === 0)
    failEvident(
      ledger,
      "3F000",
      `search_path is empty here, and ${quoteName(made.name.name)} is given no schema to be made in`,
    );
  for (const { name } of neededRelations(statement, world, only)) {
    const parts = nameParts(name);
    if (parts.schema !== null || findRelation(world, name) !== undefined) continue;
    const hidden = world.schema.findRelation(name, ["public"]);
    if (hidden === undefined) continue;
    const whole = qualifyName(hidden.schema, hidden.name);
    failEvident(
      ledger,
      "42P01",
      `search_path leads to no schema here, and ${whole} is not found as ${quoteName(parts.name)}`,
    );
  }
}

/** What the statement makes, where that goes into a schema. */
function newName(statement: Statement): QualifiedName | null {
  switch (statement.kind) {
    case "create table":
    case "create table as":
      return statement.persistence === "temporary" ? null : statement.table;
    case "create view":
      return statement.persistence === "temporary" ? null : statement.view;
    case "create sequence":
      return statement.persistence === "temporary" ? null : statement.sequence;
    case "create type":
      return statement.type;
    case "create domain":
      return statement.domain;
    case "create function":
      return statement.function;
    default:
      return null;
  }
}
