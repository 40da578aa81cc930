import type { Action } from "../model/action.ts";
import type { Statement } from "../model/statement.ts";
import { nameOf } from "../sql/names.ts";
import { tokenize } from "../sql/tokens.ts";

/** Whether a statement names something that an earlier one makes, changes or takes away: then it has to stay behind it. */
export function needsStatement(statement: Statement, earlier: Statement, text: string): boolean {
  const names = new Set(touchedNames(earlier));
  if (names.size === 0) return false;
  return tokenize(text, statement.span.start, statement.span.end).some(
    (token) => (token.kind === "word" || token.kind === "quoted") && names.has(nameOf(text, token)),
  );
}

/** Names of columns, constraints, indexes and tables; the table that is altered is none of them. */
function touchedNames(statement: Statement): readonly string[] {
  switch (statement.kind) {
    case "alter table":
      return statement.actions.flatMap(namesOfAction);
    case "create index":
      return statement.index === null ? [] : [statement.index.name];
    case "create table":
      return [statement.table.name.name];
    case "rename":
      return [statement.to.name, statement.part?.name ?? statement.target.name.name];
    case "set schema":
      return [statement.target.name.name];
    case "drop":
      return statement.names.map(({ name }) => name.name);
    case "alter enum":
      return [statement.type.name.name];
    default:
      return [];
  }
}

function namesOfAction(action: Action): readonly string[] {
  switch (action.kind) {
    case "add column":
      return [action.column.name.name, ...action.column.constraints.flatMap(({ name }) => name?.name ?? [])];
    case "add constraint":
      return action.constraint.name === null ? [] : [action.constraint.name.name];
    case "drop constraint":
    case "validate constraint":
      return [action.constraint.name];
    case "attach partition":
    case "detach partition":
      return [action.partition.name.name];
    case "alter column type":
    case "drop column":
    case "set expression":
    case "set default":
    case "set not null":
    case "drop default":
      return [action.column.name];
    default:
      return [];
  }
}
