import type { TriedStatement } from "../engine/rehearsal.ts";
import type { Action } from "../model/action.ts";
import type { QualifiedName } from "../model/name.ts";
import type { Statement } from "../model/statement.ts";
import type { Constraint } from "../model/table.ts";
import { nameOf } from "../sql/names.ts";
import { isNameToken, tokenize } from "../sql/tokens.ts";
import type { Span } from "../text/span.ts";

/** Whether a statement names one of the names: those that an earlier one makes, changes or takes away. */
export function needsAny(statement: Statement, names: ReadonlySet<string>, text: string): boolean {
  if (names.size === 0) return false;
  const { span } = statement;
  if (namesInStrings(statement)) return usedNames(span, text).some((name) => names.has(name));
  return tokenize(text, span.start, span.end).some(
    (token) => isNameToken(token) && names.has(nameOf(text, token)),
  );
}

/**
 * Routines are called with the names of what they look at, the bodies of those in SQL are looked at when they are made, and that
 * of DO runs.
 */
function namesInStrings(statement: Statement): boolean {
  if (statement.kind === "create function") return statement.language === "sql";
  return ["select", "call", "do"].includes(statement.kind);
}

/** All that a statement names, also in strings, as nextval('s') does. */
export function usedNames({ start, end }: Span, text: string): readonly string[] {
  return tokenize(text, start, end).flatMap((token) => {
    if (isNameToken(token)) return [nameOf(text, token)];
    const inside = { start: token.start + 1, end: token.end - 1 };
    return token.kind === "string" && inside.start < inside.end ? usedNames(inside, text) : [];
  });
}

/** Whether a statement looks at rows, or changes them. */
export function isOfRows(statement: Statement): boolean {
  return ["select", "create table as"].includes(statement.kind) || tablesChanged(statement).length > 0;
}

/** The tables whose rows a statement changes. */
export function tablesChanged(statement: Statement): readonly string[] {
  switch (statement.kind) {
    case "insert":
    case "update":
    case "delete":
    case "merge":
      return [statement.table.name.name];
    case "truncate":
      return statement.tables.map(({ name }) => name.name);
    case "copy":
      return statement.direction === "from" && statement.table !== null ? [statement.table.name.name] : [];
    default:
      return [];
  }
}

/** Whether a statement takes away what others use that are to run later: it has to run behind them. */
export function takesAway(statement: Statement, used: ReadonlySet<string>): boolean {
  if (statement.kind === "drop") return statement.names.some(({ name }) => used.has(name.name));
  if (statement.kind === "rename") return used.has(statement.part?.name ?? statement.target.name.name);
  if (statement.kind !== "alter table") return false;
  return statement.actions.some((action) => action.kind === "drop column" && used.has(action.column.name));
}

/**
 * What a statement makes, changes or takes away: columns, constraints, indexes, views, types and whole tables. The table that is
 * altered counts only where it gets a key, which foreign keys and ON CONFLICT need without naming it.
 */
export function touchedNames(tried: TriedStatement): readonly string[] {
  const { statement } = tried;
  switch (statement.kind) {
    case "alter table":
      return statement.actions.flatMap((action) => namesOfAction(action, statement.table, tried));
    case "create index": {
      const own = statement.index === null ? [] : [statement.index.name];
      return statement.unique ? [...own, statement.table.name.name] : own;
    }
    case "create table":
    case "create table as":
      return [statement.table.name.name];
    case "create view":
      return [statement.view.name.name];
    case "create function":
      return [statement.function.name.name];
    case "create sequence":
      return [statement.sequence.name.name];
    case "create trigger":
      return [statement.name.name];
    case "create domain":
      return [statement.domain.name.name];
    case "create type":
      return [statement.type.name.name];
    case "alter enum":
      return [statement.type.name.name];
    case "rename":
      return [statement.to.name, statement.part?.name ?? statement.target.name.name];
    case "set schema":
      return [statement.target.name.name];
    case "drop":
      return statement.names.flatMap((name) => [name.name.name, ...typesOf(name, null, tried)]);
    default:
      return [];
  }
}

function namesOfAction(action: Action, table: QualifiedName, tried: TriedStatement): readonly string[] {
  switch (action.kind) {
    case "add column":
      return [
        action.column.name.name,
        ...action.column.constraints.flatMap((constraint) => namesOfConstraint(constraint, table)),
      ];
    case "add constraint":
      return namesOfConstraint(action.constraint, table);
    case "drop constraint":
    case "validate constraint":
      return [action.constraint.name];
    case "attach partition":
    case "detach partition":
      return [action.partition.name.name];
    // A type that no column has any more may be dropped next.
    case "alter column type":
    case "drop column":
      return [action.column.name, ...typesOf(table, action.column.name, tried)];
    case "set expression":
    case "set default":
    case "set not null":
    case "drop default":
      return [action.column.name];
    default:
      return [];
  }
}

function namesOfConstraint(constraint: Constraint, table: QualifiedName): readonly string[] {
  const own = constraint.name === null ? [] : [constraint.name.name];
  const isKey = constraint.kind === "unique" || constraint.kind === "primary key";
  return isKey ? [...own, table.name.name] : own;
}

/** The types of the history that a column, or all columns of a table, have now. */
function typesOf(table: QualifiedName, column: string | null, { schema }: TriedStatement): readonly string[] {
  const columns = schema.findTable(table)?.columns ?? [];
  return columns
    .filter(({ name }) => column === null || name === column)
    .flatMap(({ type }) => (type === null ? [] : (schema.findType(type)?.name ?? [])));
}
