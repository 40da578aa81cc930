import type { Context, Migration } from "../rule.ts";
import { quoteName } from "../sql/names.ts";
import { isNameTaken } from "./alter-table.ts";
import { notNullRecipe } from "./not-null.ts";
import { freshName } from "./text.ts";

/** NOT NULL for the columns of a primary key to come, all in the same three migrations (two from 18 on). */
export function notNullOfKey(columns: readonly string[], context: Context): Migration[] {
  const { table: statement, version } = context;
  const isTaken = isNameTaken(statement, context);
  const recipes = columns.map((name) =>
    notNullRecipe({
      table: context.nameOf(statement.table),
      column: quoteName(name),
      constraint: freshName([statement.table.name.name, name, "not_null"], isTaken),
      version,
    }),
  );
  const [first = [], ...others] = recipes;
  return first.map((step, k) => ({
    ...step,
    sql: [step, ...others.flatMap((other) => other[k] ?? [])].map(({ sql }) => sql).join("\n"),
  }));
}
