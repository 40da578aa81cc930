import type { Action } from "../../model/action.ts";
import type { QualifiedName, TypeDescription } from "../../model/name.ts";
import type { AlterTable, Statement } from "../../model/statement.ts";
import { qualifyName, quoteName } from "../../sql/names.ts";
import { isTable } from "../entities.ts";
import { isKnownType } from "../facts/casts.ts";
import type { Gone } from "../schema/gone-names.ts";
import { itemNamed } from "../schema/places.ts";
import type { NameLike } from "../schema.ts";
import { refuseGoneParts } from "./gone-parts.ts";
import { failGone, findRelation, type Ledger, nameParts } from "./ledger.ts";
import { actionsOf, neededRelations } from "./needed-relations.ts";

/** Refuses what the history itself has dropped or given another name: the first name that the server looks for counts. */
export function refuseGone(ledger: Ledger, statement: Statement, only: Action | null = null): void {
  const { schema } = ledger.world;
  if (!schema.hasGone) return;
  refuseGoneSchemas(ledger, statement);
  for (const { name, isInQuery } of neededRelations(statement, ledger.world, only)) {
    const gone = goneRelation(ledger, name);
    if (gone === undefined || failNowhere(ledger, name, isInQuery ? "42P01" : "3F000")) continue;
    failGone(ledger, codeOf(statement, name), spell(name), gone);
  }
  for (const type of neededTypes(statement, only, ledger)) refuseGoneType(ledger, type);
  refuseGoneFunctions(ledger, statement);
  refuseGoneParts(ledger, statement, only);
}

/** Where the schema of a name is gone, that is what the server says, and the reader wants to know. */
function failNowhere(ledger: Ledger, name: NameLike, sqlstate: string): boolean {
  const { schema } = nameParts(name);
  const gone =
    schema === null ? undefined : ledger.world.schema.findGone("schema", { schema: null, name: schema });
  if (schema === null || gone === undefined) return false;
  failGone(ledger, sqlstate, `schema ${quoteName(schema)}`, gone);
  return true;
}

/** DROP INDEX and DROP FOREIGN TABLE have a code of their own. */
function codeOf(statement: Statement, name: NameLike): string {
  const isOwn =
    statement.kind === "drop" &&
    (statement.object === "index" || statement.object === "foreign table") &&
    statement.names.some((one) => one === name);
  return isOwn ? "42704" : "42P01";
}

/** What the history says of a relation that is not there any more. */
export function goneRelation({ world }: Ledger, name: NameLike): Gone | undefined {
  if (!world.schema.hasGone || findRelation(world, name) !== undefined) return undefined;
  // A composite type is a relation too.
  if (world.schema.findType(name) !== undefined) return undefined;
  return world.schema.findGone("relation", name, world.searchPath);
}

/** The schema of what is to be made, and schemas that a statement names. */
function refuseGoneSchemas(ledger: Ledger, statement: Statement): void {
  for (const name of neededSchemas(statement)) {
    const gone = ledger.world.schema.findGone("schema", { schema: null, name });
    if (gone !== undefined) failGone(ledger, "3F000", `schema ${quoteName(name)}`, gone);
  }
}

function neededSchemas(statement: Statement): readonly string[] {
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
      return [statement.to.name];
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

/** The types that a statement names where a type has to stand, or that it is about. */
function neededTypes(statement: Statement, only: Action | null, ledger: Ledger): readonly NameLike[] {
  switch (statement.kind) {
    case "create table":
      return [...(statement.ofType === null ? [] : [statement.ofType]), ...columnTypes(statement.columns)];
    case "create type":
      return columnTypes(statement.attributes);
    case "create domain":
      return [statement.type].filter(isNamed);
    case "create function":
      return [...statement.argumentTypes, ...(statement.returns === null ? [] : [statement.returns])].filter(
        isNamed,
      );
    case "alter table":
      return statement.ifExists
        ? []
        : actionsOf(statement, only).flatMap((action) =>
            action.kind === "add column"
              ? isTaken(ledger, statement, action.column.name.name)
                ? []
                : columnTypes([action.column])
              : action.kind === "alter column type"
                ? [action.type].filter(isNamed)
                : [],
          );
    case "alter enum":
      return [statement.type];
    case "alter domain":
      return [statement.domain];
    case "drop": {
      const isType = statement.object === "type" || statement.object === "domain";
      return isType && !statement.ifExists ? statement.names : [];
    }
    case "rename":
    case "set schema": {
      const isType = ["type", "domain", "enum value", "domain constraint"].includes(statement.object);
      return isType ? [statement.target] : [];
    }
    case "comment":
      return statement.target !== null && (statement.object === "type" || statement.object === "domain")
        ? [statement.target]
        : [];
    case "grant":
    case "revoke":
      return statement.object === "type" || statement.object === "domain" ? statement.names : [];
    default:
      return [];
  }
}

/** From 13 ADD COLUMN looks for the column before it looks for the type. */
function isTaken({ world }: Ledger, statement: AlterTable, column: string): boolean {
  const table = findRelation(world, statement.table);
  return world.version >= 13 && isTable(table) && itemNamed(table.columns, column) !== undefined;
}

function columnTypes(
  columns: readonly { readonly type: TypeDescription | null }[],
): readonly TypeDescription[] {
  return columns.flatMap(({ type }) => (type !== null && isNamed(type) ? [type] : []));
}

/** The type of a column is told by the column. */
function isNamed({ isReference }: TypeDescription): boolean {
  return !isReference;
}

function refuseGoneType(ledger: Ledger, name: NameLike): void {
  const { world } = ledger;
  const parts = nameParts(name);
  if (parts.schema === null && isKnownType(parts.name)) return;
  if (world.schema.findType(name) !== undefined || findRelation(world, name) !== undefined) return;
  const gone =
    world.schema.findGone("type", name, world.searchPath) ??
    world.schema.findGone("relation", name, world.searchPath);
  if (gone !== undefined && !failNowhere(ledger, name, "3F000"))
    failGone(ledger, "42704", `type ${spell(name)}`, gone);
}

/** DROP, ALTER and the triggers that run one: 42883. */
function refuseGoneFunctions(ledger: Ledger, statement: Statement): void {
  for (const name of neededFunctions(statement)) {
    const gone = goneFunction(ledger, name);
    if (gone !== undefined && !failNowhere(ledger, name, "3F000"))
      failGone(ledger, "42883", `${spell(name)}()`, gone);
  }
}

/** The function that bore the name last, where none bears it now. */
export function goneFunction({ world }: Ledger, name: NameLike): Gone | undefined {
  if (!world.schema.hasGone || world.schema.findFunctions(name).length > 0) return undefined;
  return world.schema.findGone("function", name, world.searchPath);
}

const routines: ReadonlySet<string> = new Set(["function", "procedure", "routine"]);

function neededFunctions(statement: Statement): readonly NameLike[] {
  switch (statement.kind) {
    case "create trigger": {
      const [name, schema] = [statement.function.at(-1), statement.function.at(-2) ?? null];
      return name === undefined ? [] : [{ schema, name }];
    }
    case "drop":
      return routines.has(statement.object) && !statement.ifExists ? statement.names : [];
    case "rename":
    case "set schema":
      return routines.has(statement.object) ? [statement.target] : [];
    case "comment":
      return routines.has(statement.object) && statement.target !== null ? [statement.target] : [];
    case "grant":
    case "revoke":
      return routines.has(statement.object) ? statement.names : [];
    default:
      return [];
  }
}

/** As a person would write it in SQL. */
function spell(name: NameLike): string {
  const { schema, name: bare } = nameParts(name);
  return schema === null ? quoteName(bare) : qualifyName(schema, bare);
}
