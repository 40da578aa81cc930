import type { Domain } from "../analysis/effects/domains.ts";
import { volatilityOf } from "../analysis/volatility.ts";
import type { Action } from "../model/action.ts";
import type { Identifier } from "../model/name.ts";
import type { Context, Migration } from "../rule.ts";
import { type AddColumn, addColumnWithout, addRemainder } from "./add-column.ts";
import { alterHead, freshConstraint, notValidRecipe } from "./alter-table.ts";
import { typeSql } from "./names.ts";
import { afterOldColumn } from "./own-columns.ts";
import { worldOf } from "./world.ts";

type AlterType = Extract<Action, { kind: "alter column type" }>;

/**
 * A column that keeps its type, where that is what the domain is made of, and has a CHECK in place of the domain. Null where
 * it has another type, or gets another value.
 */
export function askedDomainRecipe(action: AlterType, domain: Domain, context: Context): Migration[] | null {
  const known = context.schema.findTable(context.table.table);
  const column = known?.columns.find(({ name }) => name === action.column.name);
  if (!domain.isConstrained || domain.base === null) return null;
  if (column?.type == null || action.using !== null) return null;
  if (typeSql(domain.base) !== typeSql(column.type)) return null;
  const type = context.text(action.type.span);
  const title = `Keep the type of ${context.text(action.column.span)}, and ask ${type} in a CHECK; no row is read`;
  return askDomain(action.column, type, title, context);
}

/** A CHECK that casts to the domain, which fails where its constraints do: first promised, then validated. */
function askDomain(column: Identifier, type: string, add: string, context: Context): Migration[] {
  const { table: statement } = context;
  const { table } = statement;
  const name = context.text(column.span);
  const constraint = freshConstraint([table.name.name, column.name, "domain"], table, context);
  // True of all types, also those that know no equality; what counts is that the cast succeeds.
  const definition = `CHECK ((${name}::${type} IS NULL) = (${name} IS NULL))`;
  return notValidRecipe(alterHead(statement, context), constraint, definition, {
    add,
    validate: "Check the older rows while others read and write",
  });
}

/**
 * A column of the domain's base type and a CHECK that asks the domain itself: a cast to it fails where its constraints do.
 * Null where the domain brings a default or the column a volatile one: then there is more to do than this.
 */
export function constrainedDomainRecipe(
  action: AddColumn,
  domain: Domain | null,
  context: Context,
): Migration[] | null {
  const { column } = action;
  if (domain?.base == null || domain.default !== null || column.type === null) return null;
  if (
    column.default !== null &&
    volatilityOf(column.default.value, worldOf(context)).volatility === "volatile"
  )
    return null;
  const name = context.text(column.name.span);
  const type = context.text(column.type.span);
  const isEmpty = column.default === null;
  // A foreign key over nulls reads no row: it can stay where it is.
  const later = column.constraints.filter(({ kind }) => kind !== "foreign key" || !isEmpty);
  const add = addColumnWithout(
    action,
    { type: typeSql(domain.base), notNull: isEmpty, constraints: (one) => later.includes(one) },
    context,
  );
  const title = `Add the column with the base type, and a CHECK that asks ${type}; no row is read`;
  const [first, ...rest] = askDomain(column.name, type, title, context);
  if (first === undefined) return null;
  return [
    { ...first, sql: `${add}\n${first.sql}`, ...afterOldColumn(action, context) },
    ...rest.map((step) => ({ ...step, after: `what older rows have in ${name} is what ${type} allows` })),
    ...addRemainder(action, { isRequired: isEmpty && column.notNull !== null, constraints: later }, context),
  ];
}
