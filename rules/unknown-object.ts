import { hasActionOn } from "../src/analysis/same-statement.ts";
import type { QualifiedName } from "../src/model/name.ts";
import { isRelationType } from "../src/model/object-types.ts";
import { isStandIn } from "../src/model/stand-in.ts";
import type { Statement } from "../src/model/statement.ts";
import { isBookkeeping } from "../src/recipes/bookkeeping.ts";
import { namedColumns, referencedTables } from "../src/recipes/named-columns.ts";
import { type Context, defineRule, type Finding } from "../src/rule.ts";
import { quoteName, truncateName } from "../src/sql/names.ts";

export default defineRule({
  id: "unknown-object",
  severity: "off",
  category: "error",
  summary: "A table or column that the history never made, or a name that is taken",
  why: `
The history is complete as far as it has been read: every table that a migration used, an earlier one created. So a
name that nobody created is most likely misspelt, or the migration runs before the one that it needs, or an earlier
one dropped or renamed the table.

It is off by default because tables also come from elsewhere: extensions, other repositories, the hands of an
administrator.`,
  instead: "Correct the name, or the order of the migrations.",
  references: ["errcodes-appendix.html"],
  on: ["statement"],

  *check(statement, context): Iterable<Finding> {
    const { schema } = context;
    if (!schema.isComplete || schema.isEmpty) return;
    for (const name of [...usedTables(statement), ...referencedTables(statement)]) {
      // What an earlier one dropped or renamed, impossible-statement tells.
      const isGone = schema.findGone("relation", name) !== undefined;
      if (schema.findRelation(name) !== undefined || isElsewhere(name) || isGone) continue;
      yield {
        at: name.span,
        message: `No migration before this one created ${context.nameOf(name)}`,
        showsImpact: false,
      };
      return;
    }
    yield* checkTaken(statement, context);
    if (statement.kind === "alter table") yield* checkColumns(statement, context);
    yield* checkLists(statement, context);
  },
});

/** Relations that have to be there for the statement to work. */
function usedTables(statement: Statement): readonly QualifiedName[] {
  switch (statement.kind) {
    case "alter table":
      return statement.ifExists ? [] : [statement.table];
    case "create index":
    case "create trigger":
    case "create policy":
    case "alter policy":
      return [statement.table];
    case "drop":
      return isRelationType(statement.object) && !statement.ifExists ? statement.names : [];
    case "rename":
      return statement.object === "table" && !statement.ifExists ? [statement.target] : [];
    case "truncate":
    case "lock":
      return statement.tables;
    case "insert":
    case "update":
    case "delete":
      return statement.with.length === 0 ? [statement.table] : [];
    default:
      return [];
  }
}

function* checkTaken(statement: Statement, context: Context): Iterable<Finding> {
  if (
    statement.kind !== "create table" &&
    statement.kind !== "create table as" &&
    statement.kind !== "create sequence"
  )
    return;
  if (statement.ifNotExists || statement.persistence === "temporary") return;
  const name = statement.kind === "create sequence" ? statement.sequence : statement.table;
  const found = context.schema.findRelation(name);
  if (
    found === undefined ||
    isStandIn(name.name.name) ||
    (name.schema === null && found.schema === "pg_temp")
  )
    return;
  // What nobody could read may have dropped it.
  if (context.schema.mayBeGone({ since: found.id })) return;
  yield {
    at: name.span,
    message: `${context.nameOf(name)} is there already: an earlier statement created a ${found.kind} of that name`,
    showsImpact: false,
  };
}

/** Actions that the server runs before it adds columns, whatever their order; all others find what is added behind them. */
const beforeColumnsAreAdded: ReadonlySet<string> = new Set([
  "drop column",
  "drop default",
  "drop expression",
  "drop identity",
  "drop not null",
  "alter column type",
]);

function* checkColumns(
  statement: Extract<Statement, { kind: "alter table" }>,
  context: Context,
): Iterable<Finding> {
  const table = context.schema.findTable(statement.table);
  if (table === undefined || !table.isComplete) return;
  const columns = new Set(table.columns.map(({ name }) => name));
  // Drops run first, whatever the order in which they are written.
  const dropped = new Set(
    statement.actions.flatMap((action) => (action.kind === "drop column" ? [action.column.name] : [])),
  );
  const added = new Set<string>();
  for (const action of statement.actions) {
    if (action.kind === "add column") {
      const { name } = action.column;
      if (
        !action.ifNotExists &&
        (added.has(name.name) || (columns.has(name.name) && !dropped.has(name.name)))
      )
        yield {
          at: name.span,
          message: `${context.nameOf(statement.table)} has a column ${quoteName(name.name)} already`,
          showsImpact: false,
        };
      added.add(name.name);
      continue;
    }
    if (!("column" in action) || columns.has(action.column.name)) continue;
    if (action.kind === "drop column" && action.ifExists) continue;
    if (!beforeColumnsAreAdded.has(action.kind) && hasActionOn(statement, "add column", action.column.name))
      continue;
    yield {
      at: action.column.span,
      message: `${context.nameOf(statement.table)} has no column ${quoteName(action.column.name)} at this point`,
      showsImpact: false,
    };
  }
}

/** Columns in the lists of indexes, keys, INSERT and UPDATE. */
function* checkLists(statement: Statement, context: Context): Iterable<Finding> {
  for (const { table, columns } of namedColumns(statement)) {
    const known = context.schema.findTable(table);
    if (known === undefined || !known.isComplete) continue;
    const names = new Set(known.columns.map(({ name }) => name));
    for (const { name, span } of columns) {
      if (names.has(truncateName(name))) continue;
      yield {
        at: span,
        message: `${context.nameOf(table)} has no column ${quoteName(name)} at this point`,
        showsImpact: false,
      };
    }
  }
}

/** Whether no migration makes it: the server's own, what only that can name, and the tables in which tools keep their books. */
function isElsewhere({ schema, name: { name } }: QualifiedName): boolean {
  const isSystem =
    schema?.name === "pg_catalog" || schema?.name === "information_schema" || name.startsWith("pg_");
  return isSystem || isBookkeeping(name) || isStandIn(name);
}
