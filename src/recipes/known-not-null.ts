import { constraintsInForce } from "../analysis/effects/family.ts";
import { impliesNotNull } from "../analysis/implication.ts";
import { actionsOn, hasActionOn } from "../analysis/same-statement.ts";
import { serialBase } from "../model/type-names.ts";
import type { Context } from "../rule.ts";

/** Whether the history proves that the column of the table being altered holds no null. */
export function provesNotNull(column: string, context: Context): boolean {
  const { schema, table } = context;
  const known = schema.findTable(table.table);
  if (known === undefined) return false;
  if (known.columns.some(({ name, notNull }) => name === column && notNull === "valid")) return true;
  return constraintsInForce(schema, known).some((one) => {
    if (!one.validated || !one.enforced) return false;
    if (one.kind === "check") return impliesNotNull(one.expression, column);
    return (one.kind === "not null" || one.kind === "primary key") && one.columns.includes(column);
  });
}

/** Whether the history knows the column and does not know it to be NOT NULL: the opposite of a proof, not its absence. */
export function isNullable(column: string, context: Context): boolean {
  const known = context.schema.findTable(context.table.table);
  const own = known?.columns.find(({ name }) => name === column);
  return known?.isComplete === true && own?.notNull === "no" && !provesNotNull(column, context);
}

/**
 * Whether the same statement sets it NOT NULL: then that is what reads the rows, and not-null-scan speaks. Or it adds the
 * column so.
 */
export function isMadeNotNull(column: string, { table }: Context): boolean {
  return (
    hasActionOn(table, "set not null", column) ||
    actionsOn(table, "add column", column).some(
      ({ column: { notNull, identity, type } }) =>
        notNull !== null || identity !== null || serialBase(type) !== null,
    )
  );
}
