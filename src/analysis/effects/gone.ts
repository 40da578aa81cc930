import type { Action } from "../../model/action.ts";
import type { QualifiedName } from "../../model/name.ts";
import type { Statement } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import type { NameLike } from "../schema.ts";
import { refuseForeignTypes } from "./foreign-types.ts";
import { refuseGoneFunctions } from "./gone-functions.ts";
import { refuseGoneIndexes } from "./gone-indexes.ts";
import { refuseGoneLabels } from "./gone-labels.ts";
import { failNowhere, goneRelation, spell } from "./gone-lookup.ts";
import { refuseGoneObjects } from "./gone-objects.ts";
import { refuseGoneParts } from "./gone-parts.ts";
import { refuseGoneTypes } from "./gone-types.ts";
import { refuseGoneValues } from "./gone-values.ts";
import { refuseHidden } from "./hidden-names.ts";
import { failGone, type Ledger } from "./ledger.ts";
import { neededRelations } from "./needed-relations.ts";

/** Refuses what the history itself has dropped or given another name: the first name that the server looks for counts. */
export function refuseGone(ledger: Ledger, statement: Statement, only: Action | null = null): void {
  const { schema } = ledger.world;
  refuseHidden(ledger, statement, only);
  refuseForeignTypes(ledger, statement, only);
  if (!schema.hasGone) return;
  refuseGoneSchemas(ledger, statement);
  for (const { name, isInQuery } of neededRelations(statement, ledger.world, only)) {
    const gone = goneRelation(ledger, name);
    if (gone === undefined || failNowhere(ledger, name, isInQuery ? "42P01" : "3F000")) continue;
    failGone(ledger, codeOf(statement, name), spell(name), gone);
  }
  refuseGoneTypes(ledger, statement, only);
  refuseGoneFunctions(ledger, statement);
  refuseGoneParts(ledger, statement, only);
  refuseGoneIndexes(ledger, statement, only);
  refuseGoneValues(ledger, statement, only);
  refuseGoneLabels(ledger, statement, only);
  refuseGoneObjects(ledger, statement);
}

/** DROP INDEX and DROP FOREIGN TABLE have a code of their own. */
function codeOf(statement: Statement, name: NameLike): string {
  const isOwn =
    statement.kind === "drop" &&
    (statement.object === "index" || statement.object === "foreign table") &&
    statement.names.some((one) => one === name);
  return isOwn ? "42704" : "42P01";
}

/** The schema of what is to be made, and schemas that a statement names. */
function refuseGoneSchemas(ledger: Ledger, statement: Statement): void {
  for (const name of neededSchemas(ledger, statement)) {
    const gone = ledger.world.schema.findGone("schema", { schema: null, name });
    if (gone !== undefined) failGone(ledger, "3F000", `schema ${quoteName(name)}`, gone);
  }
}

function neededSchemas({ world }: Ledger, statement: Statement): readonly string[] {
  switch (statement.kind) {
    case "create table":
    case "create table as":
      return schemaOf(statement.table);
    case "create view":
      return schemaOf(statement.view);
    case "create sequence":
      return schemaOf(statement.sequence);
    case "create type":
      return schemaOf(statement.type);
    case "create domain":
      return schemaOf(statement.domain);
    case "create function":
      return schemaOf(statement.function);
    case "drop":
      return statement.object === "schema" && !statement.ifExists
        ? statement.names.map(({ name }) => name.name)
        : [];
    case "rename":
      return statement.object === "schema" ? [statement.target.name.name] : [];
    case "set schema":
      // Where there is nothing to move, nobody looks for the schema.
      return statement.ifExists && world.schema.findRelation(statement.target) === undefined
        ? []
        : [statement.to.name];
    case "grant":
    case "revoke":
      return statement.object === "schema" || statement.object.startsWith("all ")
        ? statement.names.map(({ name }) => name.name)
        : [];
    case "comment":
      return statement.object === "schema" && statement.target !== null ? [statement.target.name.name] : [];
    default:
      return [];
  }
}

function schemaOf({ schema }: QualifiedName): readonly string[] {
  return schema === null ? [] : [schema.name];
}
