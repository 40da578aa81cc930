import type { Action } from "../../model/action.ts";
import type { Statement, StatementOf } from "../../model/statement.ts";
import type { ColumnDefinition, Constraint } from "../../model/table.ts";
import { isWord, tokenize } from "../../sql/tokens.ts";
import type { Ledger } from "./ledger.ts";
import { needVersion } from "./ledger.ts";
import { checkWords } from "./new-words.ts";
import { hasMark, hasWords } from "./words.ts";

/** Refuses what only newer servers than the target understand (measured: 42601). */
export function checkVersion(ledger: Ledger, statement: Statement): void {
  checkWords(ledger, statement);
  switch (statement.kind) {
    case "create table":
      for (const column of statement.columns) checkColumn(ledger, column);
      for (const constraint of statement.constraints) checkConstraint(ledger, constraint);
      return;
    case "create index":
      if (statement.nullsNotDistinct) needVersion(ledger, 15, "NULLS NOT DISTINCT");
      return;
    case "explain":
    case "prepare":
      checkVersion(ledger, statement.statement);
      return;
    case "create statistics":
      if (ledger.world.version < 14 && hasExpressions(ledger, statement))
        needVersion(ledger, 14, "CREATE STATISTICS on an expression", "0A000");
      return;
    case "alter object depends":
      if (hasWords(ledger, statement.span, "no", "depends"))
        needVersion(ledger, 13, "NO DEPENDS ON EXTENSION");
      return;
    case "create sequence":
      if (statement.persistence === "unlogged") needVersion(ledger, 15, "CREATE UNLOGGED SEQUENCE", "0A000");
      return;
    case "other":
      if (statement.command === "alter statistics" && hasWords(ledger, statement.span, "set", "statistics"))
        needVersion(ledger, 13, "ALTER STATISTICS ... SET STATISTICS");
      if (
        statement.command === "alter statistics" &&
        hasWords(ledger, statement.span, "statistics", "default")
      )
        needVersion(ledger, 17, "ALTER STATISTICS ... SET STATISTICS DEFAULT");
      return;
    default:
      return;
  }
}

/** Parentheses behind ON belong to an expression. */
function hasExpressions(ledger: Ledger, statement: StatementOf<"create statistics">): boolean {
  const start = statement.name?.span.end ?? statement.span.start;
  const kinds = tokenize(ledger.world.text, start, statement.span.end);
  const on = kinds.find((token) => isWord(ledger.world.text, token, "on"));
  const from = statement.table?.span.start ?? statement.span.end;
  return on !== undefined && hasMark(ledger, { start: on.end, end: from }, "(");
}

/** The same for one action of ALTER TABLE. */
export function checkActionVersion(ledger: Ledger, action: Action): void {
  if (action.kind === "add column") checkColumn(ledger, action.column);
  else if (action.kind === "add constraint") checkConstraint(ledger, action.constraint, true);
}

function checkColumn(ledger: Ledger, column: ColumnDefinition): void {
  if (column.generated !== null && !column.generated.stored)
    needVersion(ledger, 18, "a virtual generated column");
  if (column.notNull?.notValid === true) needVersion(ledger, 18, "NOT NULL NOT VALID");
  for (const constraint of column.constraints) checkConstraint(ledger, constraint);
}

function checkConstraint(ledger: Ledger, constraint: Constraint, isTableForm = false): void {
  if (constraint.notEnforced) needVersion(ledger, 18, "NOT ENFORCED");
  if (constraint.kind === "not null" && isTableForm)
    needVersion(ledger, 18, "NOT NULL as a table constraint");
  if (constraint.kind === "unique" || constraint.kind === "primary key") {
    if (constraint.nullsNotDistinct) needVersion(ledger, 15, "NULLS NOT DISTINCT");
    if (constraint.withoutOverlaps) needVersion(ledger, 18, "WITHOUT OVERLAPS");
  }
  if (constraint.kind === "foreign key" && constraint.onDeleteColumns.length > 0)
    needVersion(ledger, 15, "a list of columns of ON DELETE SET");
}
