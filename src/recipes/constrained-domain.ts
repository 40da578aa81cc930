import type { Domain } from "../analysis/effects/domains.ts";
import { volatilityOf } from "../analysis/volatility.ts";
import type { Context, Migration } from "../rule.ts";
import { type AddColumn, addColumnWithout, addRemainder } from "./add-column.ts";
import { alterHead, isNameTaken, notValidRecipe } from "./alter-table.ts";
import { typeSql } from "./names.ts";
import { afterOldColumn } from "./own-columns.ts";
import { freshName } from "./text.ts";
import { worldOf } from "./world.ts";

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
  const { table: statement } = context;
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
  const isTaken = isNameTaken(statement, context);
  const constraint = freshName([statement.table.name.name, column.name.name, "domain"], isTaken);
  // True of all types, also those that know no equality; what counts is that the cast succeeds.
  const definition = `CHECK ((${name}::${type} IS NULL) = (${name} IS NULL))`;
  const [first, ...rest] = notValidRecipe(alterHead(statement, context), constraint, definition, {
    add: `Add the column with the base type, and a CHECK that asks ${type}; no row is read`,
    validate: "Check the older rows while others read and write",
  });
  if (first === undefined) return null;
  return [
    { ...first, sql: `${add}\n${first.sql}`, ...afterOldColumn(action, context) },
    ...rest.map((step) => ({ ...step, after: `what older rows have in ${name} is what ${type} allows` })),
    ...addRemainder(action, { isRequired: isEmpty && column.notNull !== null, constraints: later }, context),
  ];
}
