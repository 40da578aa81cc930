import { findNewWords } from "../analysis/facts/new-words.ts";
import { isOwnCall } from "../analysis/own-functions.ts";
import type { Action } from "../model/action.ts";
import type { Statement } from "../model/statement.ts";
import type { ColumnDefinition, Constraint } from "../model/table.ts";
import type { Context } from "../rule.ts";
import { append } from "../text/append.ts";
import { type NewSyntax, newFunctions } from "./new-functions.ts";

export type { NewSyntax };

/** Everything in a statement that came after PostgreSQL 12, each with its version. */
export function newSyntax(statement: Statement, context: Context): readonly NewSyntax[] {
  const found: NewSyntax[] = [];
  addOfStatement(statement, context, found);
  if (statement.kind === "alter table") {
    for (const action of statement.actions) addOfAction(action, found);
  }
  append(
    found,
    findNewWords(statement, context.sourceText, context.version).filter(
      ({ called }) => !isOwnCall(context.schema, called),
    ),
  );
  append(found, newFunctions(statement, context));
  return found;
}

function addOfStatement(statement: Statement, context: Context, found: NewSyntax[]): void {
  const at = statement.head;
  switch (statement.kind) {
    case "create table":
      for (const column of statement.columns) addOfColumn(column, found);
      for (const constraint of statement.constraints) addOfConstraint(constraint, found);
      return;
    case "create index":
      if (statement.nullsNotDistinct) found.push({ at, what: "NULLS NOT DISTINCT", since: 15 });
      return;
    case "merge":
      if (statement.isReturning) found.push({ at, what: "MERGE ... RETURNING", since: 17 });
      else found.push({ at, what: "MERGE", since: 15 });
      return;
    case "create trigger":
      if (statement.orReplace) found.push({ at, what: "CREATE OR REPLACE TRIGGER", since: 14 });
      return;
    case "create function":
      if (statement.body === null && statement.language === "sql")
        found.push({ at, what: "a function body without quotes", since: 14 });
      return;
    case "reindex":
      if (statement.target === null && (statement.object === "database" || statement.object === "system"))
        found.push({ at, what: `${context.text(at).toUpperCase()} without a name`, since: 16 });
      return;
  }
}

function addOfAction(action: Action, found: NewSyntax[]): void {
  const at = action.head;
  switch (action.kind) {
    case "add column":
      addOfColumn(action.column, found);
      return;
    case "add constraint":
      addOfConstraint(action.constraint, found);
      return;
    case "alter constraint":
      if (action.enforced !== null)
        found.push({ at, what: "ALTER CONSTRAINT ... [NOT] ENFORCED", since: 18 });
      if (action.inherit !== null) found.push({ at, what: "ALTER CONSTRAINT ... [NO] INHERIT", since: 18 });
      return;
    case "drop expression":
      found.push({ at, what: "DROP EXPRESSION", since: 13 });
      return;
    case "set expression":
      found.push({ at, what: "SET EXPRESSION", since: 17 });
      return;
    case "set compression":
      found.push({ at, what: "SET COMPRESSION", since: 14 });
      return;
    case "set access method":
      if (action.method === null) found.push({ at, what: "SET ACCESS METHOD DEFAULT", since: 17 });
      else found.push({ at, what: "SET ACCESS METHOD", since: 15 });
      return;
    case "detach partition":
      if (action.concurrently) found.push({ at, what: "DETACH PARTITION ... CONCURRENTLY", since: 14 });
      if (action.finalize) found.push({ at, what: "DETACH PARTITION ... FINALIZE", since: 14 });
      return;
  }
}

function addOfColumn(column: ColumnDefinition, found: NewSyntax[]): void {
  if (column.generated !== null && !column.generated.stored)
    found.push({ at: column.span, what: "generated columns that are not STORED", since: 18 });
  if (column.notNull?.notValid === true)
    found.push({ at: column.notNull.span, what: "NOT NULL ... NOT VALID", since: 18 });
  for (const constraint of column.constraints) addOfConstraint(constraint, found);
}

function addOfConstraint(constraint: Constraint, found: NewSyntax[]): void {
  const at = constraint.span;
  if (constraint.kind === "not null") found.push({ at, what: "NOT NULL as a table constraint", since: 18 });
  if (constraint.notEnforced) found.push({ at, what: "NOT ENFORCED", since: 18 });
  if (constraint.kind === "unique" || constraint.kind === "primary key") {
    if (constraint.withoutOverlaps) found.push({ at, what: "WITHOUT OVERLAPS", since: 18 });
    if (constraint.nullsNotDistinct) found.push({ at, what: "NULLS NOT DISTINCT", since: 15 });
  }
  if (constraint.kind === "foreign key" && constraint.onDeleteColumns.length > 0)
    found.push({ at, what: "a list of columns behind ON DELETE SET NULL or SET DEFAULT", since: 15 });
}
