import type { CheckConstraint } from "../model/table.ts";
import type { Context, Migration } from "../rule.ts";
import { alterHead, constraintName, definitionOf, dropsBefore, notValidRecipe } from "./alter-table.ts";

/** A CHECK whose rows are read by VALIDATE, which lets others read and write. */
export function checkRecipe(check: CheckConstraint, context: Context): Migration[] {
  const { table } = context;
  const name = constraintName(check, table, context);
  const drops = dropsBefore(check, name, context);
  return notValidRecipe(alterHead(table, context), name, definitionOf(check, context), {
    drops,
    add: "Check new and changed rows from now on; older rows are not read",
    validate: "Check the older rows while others read and write",
  });
}
