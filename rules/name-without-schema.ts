import type { Schema } from "../src/analysis/schema.ts";
import type { QualifiedName } from "../src/model/name.ts";
import { isPartType, isRelationType, isRoutineType } from "../src/model/object-types.ts";
import type { Statement } from "../src/model/statement.ts";
import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "name-without-schema",
  severity: "off",
  category: "style",
  summary: "A table, view, sequence, type, function or index without its schema",
  why: `
Where a table, a type or a function without a schema is found, or made, search_path decides: a setting of the role, the database, the
session or the pooler. Under another setting the migration works on another one, or puts the new one where nobody
looks.`,
  instead: "Write the schema, or set search_path at the top of the migration.",
  references: ["ddl-schemas.html#DDL-SCHEMAS-PATH"],
  aliases: ["require-table-schema"],
  on: [
    "create table",
    "create table as",
    "create view",
    "create index",
    "create sequence",
    "create type",
    "create domain",
    "create function",
    "create trigger",
    "create policy",
    "alter policy",
    "create rule",
    "alter table",
    "alter sequence",
    "alter enum",
    "alter type",
    "alter domain",
    "refresh materialized view",
    "drop",
    "truncate",
    "rename",
    "set schema",
  ],

  *check(statement, context) {
    const path = context.session.settings.get("search_path");
    if (path !== undefined && path.scope !== "configured") return;
    for (const name of namesOf(statement)) {
      if (name.schema !== null) continue;
      const known = knownAs(statement, name, context.schema);
      if (known?.schema === "pg_temp") continue;
      yield {
        at: name.span,
        message: `Which ${context.nameOf(name)} is meant, search_path decides`,
        showsImpact: false,
        advice: `Write the schema: ${known?.schema ?? "public"}.${context.nameOf(name)}`,
      };
    }
  },
});

/** Whose names lie in a schema of their own choice; those of columns, triggers and the like go with a table. */
function hasSchema(object: string): boolean {
  return isRelationType(object) || isCallable(object) || object === "type" || object === "domain";
}

function isCallable(object: string): boolean {
  return isRoutineType(object) || object === "aggregate";
}

/** Renamed as a part of the relation or type that the statement names. */
function isPart(object: string): boolean {
  return isPartType(object) || ["attribute", "enum value", "domain constraint"].includes(object);
}

function namesOf(statement: Statement): readonly QualifiedName[] {
  switch (statement.kind) {
    case "create table":
    case "create table as":
      return statement.persistence === "temporary" ? [] : [statement.table];
    case "create view":
      return statement.persistence === "temporary" ? [] : [statement.view];
    case "create sequence":
      return statement.persistence === "temporary" ? [] : [statement.sequence];
    case "alter sequence":
      return [statement.sequence];
    case "create index":
    case "create trigger":
    case "create policy":
    case "alter policy":
    case "create rule":
    case "alter table":
      return [statement.table];
    case "create type":
    case "alter type":
    case "alter enum":
      return [statement.type];
    case "create domain":
    case "alter domain":
      return [statement.domain];
    case "create function":
      return [statement.function];
    case "refresh materialized view":
      return [statement.view];
    case "truncate":
      return statement.tables;
    case "drop":
      return hasSchema(statement.object) ? statement.names : [];
    case "set schema":
      return hasSchema(statement.object) ? [statement.target] : [];
    case "rename":
      return hasSchema(statement.object) || isPart(statement.object) ? [statement.target] : [];
    default:
      return [];
  }
}

const types: ReadonlySet<string> = new Set(
  ["type", "domain", "domain constraint", "attribute", "enum value"].concat(
    ["create", "alter"].flatMap((verb) => [`${verb} type`, `${verb} domain`, `${verb} enum`]),
  ),
);

/** What the name stands for, where the history tells. */
function knownAs(statement: Statement, name: QualifiedName, schema: Schema) {
  const object = "object" in statement ? statement.object : statement.kind;
  if (isCallable(object) || object === "create function") return schema.findFunctions(name).at(0);
  if (types.has(object)) return schema.findType(name);
  return schema.findRelation(name);
}
