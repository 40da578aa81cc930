import type { Action } from "../../model/action.ts";
import type { Expression } from "../../model/expression.ts";
import type { QualifiedName } from "../../model/name.ts";
import { isPartType, type PartType } from "../../model/object-types.ts";
import type { AlterTable, CommentOn, Statement } from "../../model/statement.ts";
import type { Constraint } from "../../model/table.ts";
import { nameOf } from "../../sql/names.ts";
import { isMark, isWord, tokenize, tokensIn } from "../../sql/tokens.ts";
import { hasActionOn } from "../same-statement.ts";
import { conflictColumns, conflictConstraint } from "./conflict.ts";
import { actionValues, indexValues, policyValues } from "./definition-values.ts";
import type { Ledger } from "./ledger.ts";
import { actionsOf } from "./needed-relations.ts";

/** What a statement needs of a relation: parts by name, and the columns of expressions over it. */
export interface NeededParts {
  readonly table: QualifiedName;
  readonly part: PartType;
  readonly names: readonly string[];
}

/** An expression over the rows of one table, by the name that they have in it. */
interface NeededExpression {
  readonly table: QualifiedName;
  readonly alias: string | null;
  readonly value: Expression;
}

/** The parts of relations that a statement names in a list or by themselves. */
export function neededParts(
  ledger: Ledger,
  statement: Statement,
  only: Action | null,
): readonly NeededParts[] {
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
    case "insert": {
      // A conflict may be looked for by columns, or by a constraint.
      const conflict = conflictColumns(ledger, statement);
      const constraint = conflictConstraint(ledger, statement);
      const set = statement.assignments.map(({ column }) => column.name);
      const names = [...statement.columns.map(({ name }) => name), ...conflict, ...set];
      return [
        { table: statement.table, part: "column", names },
        { table: statement.table, part: "constraint", names: constraint === null ? [] : [constraint] },
      ];
    }
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
      if (on === null || ifExists || !isPartType(object)) return [];
      return [{ table: on, part: object, names: statement.names.map(({ name }) => name.name) }];
    }
    case "rename":
      if (statement.part === null || !isPartType(statement.object)) return [];
      return [{ table: statement.target, part: statement.object, names: [statement.part.name] }];
    case "comment":
      return toldOf(statement, ledger.world.text);
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

/** COMMENT ON COLUMN table.column, and on what stands before ON table. That on a constraint may be one of a domain. */
function toldOf({ object, target, head, span }: CommentOn, text: string): readonly NeededParts[] {
  if (target === null || !isPartType(object)) return [];
  if (object === "column") {
    const [dot, token] = tokenize(text, target.span.end, span.end);
    if (!isMark(text, dot, ".") || token === undefined) return [];
    return [{ table: target, part: "column", names: [nameOf(text, token)] }];
  }
  const words = tokensIn(text, head.start, target.span.start);
  const at = words.findIndex((token) => isWord(text, token, object));
  const token = words[at + 1];
  if (at === -1 || token === undefined || !isWord(text, words[at + 2], "on")) return [];
  return [{ table: target, part: object, names: [nameOf(text, token)] }];
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
  if (constraint.kind === "check") return [];
  if (constraint.kind === "exclusion") return constraint.elements.flatMap(({ column }) => column?.name ?? []);
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
        .flatMap(actionValues)
        .map((value) => ({ table, alias: null, value }));
    }
    case "create index": {
      const { table } = statement;
      return indexValues(statement).map((value) => ({ table, alias: null, value }));
    }
    case "create policy":
    case "alter policy": {
      const { table } = statement;
      return policyValues(statement).map((value) => ({ table, alias: null, value }));
    }
    case "create trigger": {
      const { table, when } = statement;
      if (when === null) return [];
      return ["new", "old"].map((alias) => ({ table, alias, value: when }));
    }
    default:
      return [];
  }
}
