import type { Context } from "../rule.ts";

/** Whether a table of that name in the history has a constraint of the name asked for. */
export function isConstraintOn(table: string, context: Context): (name: string) => boolean {
  const known = context.schema.findTable({ schema: null, name: table });
  return (name) => known?.constraints.some((one) => one.name === name) === true;
}
