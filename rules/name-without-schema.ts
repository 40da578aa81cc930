import type { QualifiedName } from "../src/model/name.ts";
import type { Statement } from "../src/model/statement.ts";
import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "name-without-schema",
  severity: "off",
  category: "style",
  summary: "A table without its schema",
  why: `
Where a table without a schema is found, or made, search_path decides: a setting of the role, the database, the
session or the pooler. Under another setting the migration works on another table, or puts the new one where nobody
looks.`,
  instead: "Write the schema, or set search_path at the top of the migration.",
  references: ["ddl-schemas.html#DDL-SCHEMAS-PATH"],
  aliases: ["require-table-schema"],
  on: [
    "create table",
    "create table as",
    "create view",
    "create index",
    "alter table",
    "drop",
    "truncate",
    "rename",
  ],

  *check(statement, context) {
    const path = context.session.settings.get("search_path");
    if (path !== undefined && path.scope !== "configured") return;
    for (const name of tablesOf(statement)) {
      if (name.schema !== null) continue;
      const known = context.schema.findRelation(name);
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

function tablesOf(statement: Statement): readonly QualifiedName[] {
  switch (statement.kind) {
    case "create table":
    case "create table as":
      return statement.persistence === "temporary" ? [] : [statement.table];
    case "create view":
      return statement.persistence === "temporary" ? [] : [statement.view];
    case "create index":
    case "alter table":
      return [statement.table];
    case "truncate":
      return statement.tables;
    case "drop":
      return ["table", "view", "materialized view"].includes(statement.object) ? statement.names : [];
    case "rename":
      return ["table", "view", "column"].includes(statement.object) ? [statement.target] : [];
    default:
      return [];
  }
}
