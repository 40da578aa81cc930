import { narrowingOf } from "../src/recipes/narrowing.ts";
import { findColumn, isNewColumn } from "../src/recipes/new-columns.ts";
import { defineRule, type Migration } from "../src/rule.ts";

export default defineRule({
  id: "narrowed-type",
  severity: "warning",
  category: "compatibility",
  summary: "A type change that existing values may not survive",
  why: `
A value that does not fit into the new type stops the migration; which values there are, only the production database
knows. Some changes stop nothing and lose something instead: decimals and fractions of a second are rounded, and a
date forgets the time of day.

The running application goes on writing values of the old kind, and is refused.`,
  instead:
    "Look for rows that do not fit, and deploy an application that writes only what fits, before the type changes.",
  references: ["sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DATA-TYPE", "datatype.html"],
  on: ["alter column type"],

  *check(action, context) {
    const { table } = context.table;
    const column = findColumn(table, action.column.name, context);
    if (column === undefined || column.type === null) return;
    if (isNewColumn(table, action.column.name, context)) return;
    const using = action.using?.value ?? null;
    const cast = using?.kind === "cast" && using.argument.kind === "column" ? using.type : null;
    // Any other USING says itself what becomes of a value: left(code, 5), or CASE.
    if (using !== null && using.kind !== "column" && cast === null) return;
    const name = context.text(action.column.span);
    const to = action.type;
    const type = context.schema.findType({ schema: to.schema, name: to.name });
    const narrowing = narrowingOf({
      from: column.type,
      to,
      column: name,
      version: context.version,
      cast,
      labels: type?.kind === "enum" ? type.labels.map((label) => label.name) : null,
    });
    if (narrowing === null) return;
    const tableName = context.nameOf(table);
    yield {
      at: action.head,
      message:
        narrowing.outcome === "fails"
          ? `The migration stops if a row of ${tableName} holds ${narrowing.what} in ${name}`
          : `${narrowing.what} in ${name} of ${tableName} ${narrowing.loss}, ${ending(narrowing.stops)}`,
      showsImpact: false,
      ...(narrowing.query === null
        ? { advice: "Look for rows that do not fit before anything else" }
        : { rewrite: [lookFor(tableName, narrowing.query)] }),
    };
  },
});

function ending(stops: string | null): string {
  return stops === null ? "without a word" : `and the migration stops at ${stops}`;
}

function lookFor(table: string, query: string): Migration {
  return {
    title: "Look for rows that do not fit before anything else",
    sql: `SELECT count(*) FROM ${table} WHERE ${query};`,
    transaction: true,
  };
}
