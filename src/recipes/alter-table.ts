import { nameParts } from "../analysis/effects/ledger.ts";
import type { Table } from "../analysis/entities.ts";
import { actionsOn } from "../analysis/same-statement.ts";
import { isWholeRow } from "../analysis/schema/expressions.ts";
import { chooseName, joinColumnNames, nameIndexColumns } from "../analysis/schema/naming.ts";
import { itemNamed } from "../analysis/schema/places.ts";
import type { NameLike } from "../analysis/schema.ts";
import type { Action } from "../model/action.ts";
import { walkExpression } from "../model/expression.ts";
import type { AlterTable, Statement } from "../model/statement.ts";
import type { Constraint } from "../model/table.ts";
import type { Context, Migration } from "../rule.ts";
import { quoteName } from "../sql/names.ts";
import { freshName } from "./text.ts";

/** `ALTER TABLE IF EXISTS ONLY shop."Orders"`, as the user wrote it. */
export function alterHead(statement: AlterTable, context: Context): string {
  return context.sourceText.slice(statement.span.start, statement.table.span.end);
}

/** Whether the history has a constraint or a relation of that name beside the table. */
export function isNameTaken(statement: AlterTable, context: Context): (name: string) => boolean {
  return isTakenOn(statement.table, context);
}

function isTakenOn(target: NameLike, context: Context): (name: string) => boolean {
  const table = context.schema.findTable(target);
  const schema = table?.schema ?? nameParts(target).schema;
  return (name) =>
    (table !== undefined && itemNamed(table.constraints, name) !== undefined) ||
    context.schema.findRelation({ schema, name }) !== undefined;
}

/**
 * A name for a constraint that stands in for the user's own words on the way, as SQL: the same for the same parts, and free on
 * the table. Those of one statement are not the same when they are cut, since they may be there together.
 */
export function freshConstraint(parts: readonly string[], target: NameLike, context: Context): string {
  const made = madeNames.get(context.statement) ?? new Map<string, string>();
  madeNames.set(context.statement, made);
  const key = parts.join("\n");
  const before = made.get(key);
  if (before !== undefined) return before;
  const isTaken = isTakenOn(target, context);
  const given = new Set(made.values());
  const name = freshName(parts, (one) => given.has(quoteName(one)) || isTaken(one));
  made.set(key, name);
  return name;
}

const madeNames = new WeakMap<Statement, Map<string, string>>();

/** The constraint's name as SQL: the user's, or the one that the server would choose. */
export function constraintName(constraint: Constraint, statement: AlterTable, context: Context): string {
  if (constraint.name !== null) return context.text(constraint.name.span);
  const names = chosenNames.get(statement) ?? chooseNames(statement, context);
  chosenNames.set(statement, names);
  return quoteName(names.get(constraint) ?? constraint.kind);
}

/** Two constraints of one statement must not get the same name; so all of them are named at once. */
const chosenNames = new WeakMap<AlterTable, ReadonlyMap<Constraint, string>>();

const labels: Readonly<Record<Constraint["kind"], string>> = {
  check: "check",
  "not null": "not_null",
  unique: "key",
  "primary key": "pkey",
  "foreign key": "fkey",
  exclusion: "excl",
};

function chooseNames(statement: AlterTable, context: Context): ReadonlyMap<Constraint, string> {
  const chosen = new Map<Constraint, string>();
  const table = context.schema.findTable(statement.table);
  const used = new Set<string>();
  // What goes with a column leaves its name, too: drops run first.
  const dropped = new Set(
    statement.actions.flatMap((action) => {
      if (action.kind === "drop constraint") return [action.constraint.name];
      if (action.kind !== "drop column") return [];
      const { name } = action.column;
      return (table?.constraints ?? [])
        .filter(({ columns }) => columns.includes(name))
        .map((one) => one.name);
    }),
  );
  const isThere = isNameTaken(statement, context);
  const isTaken = (name: string) => !dropped.has(name) && isThere(name);
  for (const action of statement.actions) {
    const constraints =
      action.kind === "add constraint"
        ? [action.constraint]
        : action.kind === "add column"
          ? action.column.constraints
          : [];
    for (const constraint of constraints) {
      const columns = namingColumns(constraint, table);
      const middle = columns.length === 0 ? null : joinColumnNames(columns);
      const label = labels[constraint.kind];
      const name =
        constraint.name?.name ??
        chooseName(statement.table.name.name, middle, label, (one) => used.has(one) || isTaken(one));
      used.add(name);
      chosen.set(constraint, name);
    }
  }
  return chosen;
}

/** The columns that the server puts into the name: of a CHECK only where it reads a single one. */
function namingColumns(constraint: Constraint, table: Table | undefined): readonly string[] {
  if (constraint.kind === "foreign key") return constraint.columns.map(({ name }) => name);
  if (constraint.kind === "unique")
    return nameIndexColumns([...constraint.columns, ...constraint.including].map(({ name }) => name));
  if (constraint.kind === "not null") return [constraint.column.name];
  if (constraint.kind !== "check") return [];
  const columns = new Set<string>();
  walkExpression(constraint.expression.value, (node) => {
    const column = node.kind === "column" ? node.path.at(-1) : undefined;
    if (column !== undefined) columns.add(column);
  });
  const [first, ...others] = columns;
  // The whole row has no name: `CHECK (orders IS NOT NULL)`, `CHECK (good(orders.*))`.
  if (first === undefined || others.length > 0 || first === "*" || isWholeRow(table, first)) return [];
  return [first];
}

/**
 * `DROP CONSTRAINT orders_fk, `: what the same statement drops so that the constraint can take its place, namely one of the
 * same name or the primary key before. It has to go in the same statement here, too.
 */
export function dropsBefore(constraint: Constraint, name: string, context: Context): string {
  const { table: statement } = context;
  const bare = constraint.name?.name ?? chosenNames.get(statement)?.get(constraint) ?? name;
  const table = context.schema.findTable(statement.table);
  return replacedBy(constraint, bare, statement, table)
    .map((action) => `${context.text(action.span)}, `)
    .join("");
}

/** The actions that drop what a constraint called `name` takes the place of. `table` is it before the statement. */
export function replacedBy(
  constraint: Constraint,
  name: string,
  statement: AlterTable,
  table: Table | undefined,
): readonly Action[] {
  return constraint.kind === "primary key"
    ? statement.actions.filter((action) => isBeforeKey(action, name, table))
    : actionsOn(statement, "drop constraint", name);
}

/** Whether the action drops what has the name of the primary key to be, or the one before it. */
function isBeforeKey(action: Action, name: string, table: Table | undefined): boolean {
  if (action.kind === "drop constraint") {
    const dropped = table === undefined ? undefined : itemNamed(table.constraints, action.constraint.name);
    return action.constraint.name === name || dropped === undefined || dropped.kind === "primary key";
  }
  if (action.kind !== "drop column" || table === undefined) return false;
  return table.constraints.some(
    (one) => one.kind === "primary key" && one.columns.includes(action.column.name),
  );
}

/** A constraint that is first promised and then checked: two migrations, of which neither keeps others out for long. */
export function notValidRecipe(
  head: string,
  name: string,
  definition: string,
  words: { readonly drops?: string; readonly add: string; readonly validate: string },
): Migration[] {
  return [
    {
      title: words.add,
      sql: `${head} ${words.drops ?? ""}ADD CONSTRAINT ${name} ${definition} NOT VALID;`,
      transaction: true,
    },
    {
      title: words.validate,
      sql: `${head} VALIDATE CONSTRAINT ${name};`,
      transaction: true,
      after: "the step before is committed",
    },
  ];
}

/** What of a constraint stands behind `CONSTRAINT name`. */
export function definitionOf(constraint: Constraint, context: Context): string {
  const start = constraint.name === null ? constraint.span.start : constraint.name.span.end;
  return context.sourceText.slice(start, constraint.span.end).trim();
}
