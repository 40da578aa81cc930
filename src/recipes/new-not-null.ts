import type { Identifier } from "../model/name.ts";
import type { Context, Migration, NodeOf } from "../rule.ts";
import { quoteName } from "../sql/names.ts";
import { freshConstraint } from "./alter-table.ts";
import { notNullRecipe } from "./not-null.ts";

/** What an action makes NOT NULL. */
interface NewNotNull {
  readonly column: Identifier;
  /** The constraint's own name, as SQL. */
  readonly name: string | null;
  readonly noInherit: boolean;
  readonly isNotValid: boolean;
}

/** PostgreSQL 18 adds the constraint by itself as well, under a name or without one: ADD CONSTRAINT n NOT NULL c. */
export function notNullTarget(action: NodeOf<"set not null" | "add constraint">): NewNotNull | null {
  if (action.kind === "set not null")
    return { column: action.column, name: null, noInherit: false, isNotValid: false };
  const { constraint } = action;
  if (constraint.kind !== "not null") return null;
  const { column, name, noInherit, notValid } = constraint;
  return { column, name: name === null ? null : quoteName(name.name), noInherit, isNotValid: notValid };
}

/** The way there that makes nobody wait, on the target. */
export function notNullSteps(target: NewNotNull, context: Context): Migration[] {
  const { schema, table, version } = context;
  const known = schema.findTable(table.table);
  const stem = [table.table.name.name, target.column.name, "not_null"];
  return notNullRecipe({
    table: context.nameOf(table.table),
    column: context.text(target.column.span),
    constraint: target.name ?? freshConstraint(stem, table.table, context),
    version,
    only: table.only && known !== undefined && schema.childrenOf(known.id).length > 0,
    noInherit: target.noInherit,
  });
}
