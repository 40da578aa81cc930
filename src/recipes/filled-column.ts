import type { Constraint } from "../model/table.ts";
import type { Context, Migration } from "../rule.ts";
import { type AddColumn, addColumnWithout, addRemainder, type Omission } from "./add-column.ts";
import { backfillBatch, batchKey } from "./backfill.ts";
import { afterOldColumn } from "./own-columns.ts";

/** A column whose rows get their values in batches instead of by a table rewrite. All parts are SQL. */
interface FilledColumn {
  readonly title: string;
  /** What of the user's column waits besides NOT NULL and constraints. */
  readonly omission: Omission;
  /** Statements before and behind ADD COLUMN in the same migration. */
  readonly before?: string;
  readonly behind: string;
  readonly value: string;
  /** Which rows are to do; default: those with null. */
  readonly where?: string;
  readonly isRequired: boolean;
  /** Constraints of the column beyond what the user wrote. */
  readonly more?: readonly Migration[];
}

/** Adds the column bare, gives new rows their value, fills the older ones in batches, then adds what it left out. */
export function filledColumnRecipe(action: AddColumn, filled: FilledColumn, context: Context): Migration[] {
  const { column } = action;
  const name = context.text(column.name.span);
  const table = context.nameOf(context.table.table);
  // A foreign key over nulls reads no row: it can stay where it is.
  const isLater = ({ kind }: Constraint) => kind !== "foreign key";
  const later = column.constraints.filter(isLater);
  const add = addColumnWithout(action, { ...filled.omission, notNull: true, constraints: isLater }, context);
  const isKey = later.some(({ kind }) => kind === "primary key");
  return [
    {
      title: filled.title,
      sql: [filled.before, add, filled.behind].filter((sql) => sql !== undefined && sql !== "").join("\n"),
      transaction: true,
      ...afterOldColumn(action, context),
    },
    backfillBatch(
      {
        title: "Fill the older rows",
        table,
        key: batchKey(context.table.table, context),
        set: `${name} = ${filled.value}`,
        where: filled.where ?? `${name} IS NULL`,
      },
      context,
    ),
    ...addRemainder(
      action,
      { isRequired: filled.isRequired || column.notNull !== null || isKey, constraints: later },
      context,
    ),
    ...(filled.more ?? []),
  ];
}
