import type { Action } from "../../model/action.ts";
import type { Expression } from "../../model/expression.ts";
import type { QualifiedName } from "../../model/name.ts";
import type { Query } from "../../model/query.ts";
import type { AlterTable, Statement } from "../../model/statement.ts";
import type { Constraint } from "../../model/table.ts";
import { nameOf } from "../../sql/names.ts";
import { isMark, tokenize } from "../../sql/tokens.ts";
import { append } from "../../text/append.ts";
import { hasActionOn } from "../same-statement.ts";
import { actionsOf } from "./needed-relations.ts";

/** What a statement needs of a relation: parts by name, and the columns of expressions over it. */
export interface NeededParts {
  readonly table: QualifiedName;
  readonly part: "column" | "constraint" | "trigger" | "policy" | "rule";
  readonly names: readonly string[];
}

/** An expression over the rows of one table, by the name that they have in it. */
export interface NeededExpression {
  readonly table: QualifiedName;
  readonly alias: string | null;
  readonly value: Expression;
}

/** The parts of relations that a statement names in a list or by themselves. */
export function neededParts(statement: Statement, text: string, only: Action | null): readonly NeededParts[] {
  switch (statement.kind) {
    case "alter table":
      return actionsOf(statement, only).flatMap((action) => neededByAction(statement, action));
    case "create table":
      return [...statement.columns.flatMap((one) => one.constraints), ...statement.constraints].flatMap(
        (one) => referred(one, statement.table),
      );
    case "create index": {
      const keys = statement.elements.flatMap(({ column }) => column?.name ?? []);
      const names = [...keys, ...statement.including.map(({ name }) => name)];
      return [{ table: statement.table, part: "column", names }];
    }
    case "insert":
    case "copy":
      if (statement.table === null) return [];
      return [{ table: statement.table, part: "column", names: statement.columns.map(({ name }) => name) }];
    case "update": {
      const names = statement.assignments.map(({ column }) => column.name);
      return [{ table: statement.table, part: "column", names }];
    }
    case "create trigger":
      return [{ table: statement.table, part: "column", names: statement.columns.map(({ name }) => name) }];
    case "alter policy":
      return [{ table: statement.table, part: "policy", names: [statement.name.name] }];
    case "drop": {
      const { object, on, ifExists } = statement;
      if (on === null || ifExists || !isPart(object)) return [];
      return [{ table: on, part: object, names: statement.names.map(({ name }) => name.name) }];
    }
    case "rename":
      if (statement.part === null || !isPart(statement.object)) return [];
      return [{ table: statement.target, part: statement.object, names: [statement.part.name] }];
    case "comment": {
      if (statement.target === null || statement.object !== "column") return [];
      const [dot, token] = tokenize(text, statement.target.span.end, statement.span.end);
      if (!isMark(text, dot, ".") || token === undefined) return [];
      return [{ table: statement.target, part: "column", names: [nameOf(text, token)] }];
    }
    case "create sequence":
    case "alter sequence": {
      const owner = statement.ownedBy;
      if (owner === null || owner === "none") return [];
      return [{ table: owner.table, part: "column", names: [owner.column] }];
    }
    default:
      return [];
  }
}

function isPart(object: string): object is NeededParts["part"] {
  return ["column", "constraint", "trigger", "policy", "rule"].includes(object);
}

function neededByAction(statement: AlterTable, action: Action): readonly NeededParts[] {
  const { table } = statement;
  // What the same statement adds is there for all but the drops, and what those say is told elsewhere.
  const columns = (names: readonly string[]): NeededParts => ({
    table,
    part: "column",
    names: names.filter((name) => !hasActionOn(statement, "add column", name)),
  });
  switch (action.kind) {
    case "add column":
      return action.column.constraints.flatMap((one) => referred(one, table));
    case "drop column":
      return action.ifExists ? [] : [columns([action.column.name])];
    case "add constraint":
      return [columns(keyOf(action.constraint)), ...referred(action.constraint, table)];
    case "drop constraint":
    case "validate constraint":
    case "alter constraint": {
      const isSkipped = action.kind === "drop constraint" && action.ifExists;
      const { name } = action.constraint;
      if (isSkipped || hasActionOn(statement, "add constraint", name)) return [];
      return [{ table, part: "constraint", names: [name] }];
    }
    case "enable trigger":
    case "disable trigger":
      return typeof action.trigger === "string"
        ? []
        : [{ table, part: "trigger", names: [action.trigger.name] }];
    default:
      return "column" in action && "name" in action.column ? [columns([String(action.column.name)])] : [];
  }
}

function keyOf(constraint: Constraint): readonly string[] {
  if (constraint.kind === "not null") return [constraint.column.name];
  if (constraint.kind === "check" || constraint.kind === "exclusion") return [];
  return constraint.columns.map(({ name }) => name);
}

/** The columns that a foreign key points at, but for those of its own table. */
function referred(constraint: Constraint, own: QualifiedName): readonly NeededParts[] {
  if (constraint.kind !== "foreign key" || constraint.references.name.name === own.name.name) return [];
  const names = constraint.referencedColumns.map(({ name }) => name);
  return [{ table: constraint.references, part: "column", names }];
}

/** The expressions of a statement over the rows of one table. */
export function neededExpressions(statement: Statement, only: Action | null): readonly NeededExpression[] {
  switch (statement.kind) {
    case "alter table": {
      const { table } = statement;
      return actionsOf(statement, only)
        .flatMap(expressionsOf)
        .map((value) => ({ table, alias: null, value }));
    }
    case "create index": {
      const { table } = statement;
      const values = statement.elements.flatMap(({ expression }) => expression ?? []);
      if (statement.where !== null) values.push(statement.where.value);
      return values.map((value) => ({ table, alias: null, value }));
    }
    case "create policy":
    case "alter policy": {
      const { table } = statement;
      const values = [statement.using, statement.withCheck].flatMap((one) => one ?? []);
      return values.map((value) => ({ table, alias: null, value }));
    }
    case "create trigger": {
      const { table, when } = statement;
      if (when === null) return [];
      return ["new", "old"].map((alias) => ({ table, alias, value: when }));
    }
    case "update":
    case "delete": {
      const { table, alias, where } = statement;
      // What else is read may have a column of that name.
      const isAlone = statement.kind === "update" ? statement.from : statement.using;
      if (isAlone.length > 0 || statement.with.length > 0) return [];
      const values = where === null ? [] : [where.value];
      if (statement.kind === "update")
        append(
          values,
          statement.assignments.flatMap(({ value }) => value ?? []),
        );
      return values.map((value) => ({ table, alias, value }));
    }
    default:
      return [];
  }
}

function expressionsOf(action: Action): readonly Expression[] {
  switch (action.kind) {
    case "add constraint":
      return action.constraint.kind === "check" ? [action.constraint.expression.value] : [];
    case "add column": {
      const { generated, constraints } = action.column;
      const checks = constraints.flatMap((one) => (one.kind === "check" ? [one.expression.value] : []));
      return generated === null ? checks : [generated.value, ...checks];
    }
    case "set expression":
      return [action.expression.value];
    case "alter column type":
      return action.using === null ? [] : [action.using.value];
    default:
      return [];
  }
}

/** The queries of a statement. */
export function neededQueries(statement: Statement): readonly Query[] {
  switch (statement.kind) {
    case "create view":
    case "select":
    case "declare cursor":
      return [statement.query];
    case "create table as":
      return statement.query === null ? [] : [statement.query];
    case "insert":
      return statement.source === null || statement.with.length > 0 ? [] : [statement.source];
    default:
      return [];
  }
}
