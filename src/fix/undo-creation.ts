import type { TriedStatement } from "../engine/rehearsal.ts";
import type { AlterSequence, CreateIndex } from "../model/statement.ts";
import { quoteName } from "../sql/names.ts";

/** The text that a span refers to. */
export type At = (span: { readonly start: number; readonly end: number }) => string;

/**
 * The way back from what makes something. Empty where it was there before, so that the statement did nothing. Null where something
 * else was there, which a DROP does not bring back, and for what makes nothing.
 */
export function undoCreation(tried: TriedStatement, at: At): readonly string[] | null {
  const { statement, schema } = tried;
  switch (statement.kind) {
    case "create index":
      return dropIndex(statement, tried, at);
    case "create table":
      if (statement.ifNotExists && schema.findRelation(statement.table) !== undefined) return [];
      return [`DROP ${statement.isForeign ? "FOREIGN TABLE" : "TABLE"} ${at(statement.table.span)};`];
    case "create table as":
      if (statement.ifNotExists && schema.findRelation(statement.table) !== undefined) return [];
      return [`DROP ${statement.object.toUpperCase()} ${at(statement.table.span)};`];
    case "create view":
      return schema.findRelation(statement.view) === undefined
        ? [`DROP VIEW ${at(statement.view.span)};`]
        : null;
    case "create sequence":
      if (schema.findRelation(statement.sequence) !== undefined) return [];
      return [`DROP SEQUENCE ${at(statement.sequence.span)};`];
    case "alter sequence":
      return undoOwner(statement, schema, at);
    case "create function":
      // The bare name means one function only where there is no other.
      if (schema.findFunctions(statement.function).length > 0) return null;
      return [`DROP ${statement.isProcedure ? "PROCEDURE" : "FUNCTION"} ${at(statement.function.span)};`];
    case "create trigger":
      if (statement.orReplace) return null;
      return [`DROP TRIGGER ${at(statement.name.span)} ON ${at(statement.table.span)};`];
    case "create policy":
      return [`DROP POLICY ${at(statement.name.span)} ON ${at(statement.table.span)};`];
    case "create type":
      return [`DROP TYPE ${at(statement.type.span)};`];
    case "create domain":
      return [`DROP DOMAIN ${at(statement.domain.span)};`];
    default:
      return null;
  }
}

function dropIndex(
  { index, table, ifNotExists, concurrently }: CreateIndex,
  { schema, effects }: TriedStatement,
  at: At,
): readonly string[] | null {
  if (
    ifNotExists &&
    index !== null &&
    schema.findIndex({ schema: table.schema?.name ?? null, name: index.name })
  )
    return [];
  const name = index === null ? effects.buildsIndexes[0] : at(index.span);
  if (name === undefined) return null;
  const where = table.schema === null ? "" : `${at(table.schema.span)}.`;
  return [`DROP INDEX ${concurrently ? "CONCURRENTLY " : ""}IF EXISTS ${where}${name};`];
}

function undoOwner(
  { sequence, options, ownedBy }: AlterSequence,
  schema: TriedStatement["schema"],
  at: At,
): readonly string[] | null {
  const before = schema.findSequence(sequence)?.ownedBy;
  if (ownedBy === null || options.length > 1 || before === undefined) return null;
  const table = before === null ? undefined : schema.tableById(before.table);
  const owner =
    before === null || table === undefined
      ? "NONE"
      : [table.schema, table.name, before.column].map(quoteName).join(".");
  return [`ALTER SEQUENCE ${at(sequence.span)} OWNED BY ${owner};`];
}
