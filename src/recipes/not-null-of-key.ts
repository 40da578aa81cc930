import type { Context, Migration } from "../rule.ts";
import { quoteName } from "../sql/names.ts";
import { freshConstraint } from "./alter-table.ts";
import { notNullRecipe } from "./not-null.ts";

/** NOT NULL for the columns of a primary key to come, all in the same three migrations (two from 18 on). */
export function notNullOfKey(columns: readonly string[], context: Context): Migration[] {
  const { table: statement, version } = context;
  const recipes = columns.map((name) =>
    notNullRecipe({
      table: context.nameOf(statement.table),
      column: quoteName(name),
      constraint: freshConstraint([statement.table.name.name, name, "not_null"], statement.table, context),
      version,
    }),
  );
  const [first = [], ...others] = recipes;
  return first.map((step, k) => ({
    ...step,
    sql: [step, ...others.flatMap((other) => other[k] ?? [])].map(({ sql }) => sql).join("\n"),
  }));
}
