import type { Column } from "../analysis/entities.ts";
import type { Rename } from "../model/statement.ts";
import type { Context, Migration } from "../rule.ts";
import { quoteName } from "../sql/names.ts";
import { backfillBatch, keyOf } from "./backfill.ts";
import { typeSql } from "./names.ts";
import { notNullRecipe } from "./not-null.ts";
import { freshName } from "./text.ts";

/** A second column under the new name, kept equal to the first by a trigger until nobody uses the old name. */
export function columnNameRecipe(rename: Rename, column: Column, context: Context): Migration[] | null {
  // What computes itself cannot be written by a trigger.
  if (column.type === null || column.generated !== null || column.identity) return null;
  const table = context.nameOf(rename.target);
  const tableName = rename.target.name.name;
  const from = quoteName(column.name);
  const to = quoteName(rename.to.name);
  const sync = freshName([tableName, rename.to.name, "sync"]);
  const steps: Migration[] = [
    {
      title: "Add a column of the new name and a trigger that keeps both equal",
      sql: `ALTER TABLE ${table} ADD COLUMN ${to} ${typeSql(column.type)};
CREATE FUNCTION ${sync}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.${to} IS NULL THEN
    NEW.${to} := NEW.${from};
  ELSIF TG_OP = 'INSERT' OR NEW.${to} IS DISTINCT FROM OLD.${to} THEN
    NEW.${from} := NEW.${to};
  ELSE
    NEW.${to} := NEW.${from};
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER ${sync} BEFORE INSERT OR UPDATE ON ${table}
  FOR EACH ROW EXECUTE FUNCTION ${sync}();`,
      transaction: true,
    },
    backfillBatch(
      {
        title: "Fill the older rows",
        table,
        key: keyOf(rename.target, context),
        set: `${to} = ${from}`,
        where: `${to} IS DISTINCT FROM ${from}`,
      },
      context,
    ),
  ];
  if (column.notNull === "valid") {
    const constraint = freshName([tableName, rename.to.name, "not_null"]);
    steps.push(...notNullRecipe({ table, column: to, constraint, version: context.version }));
  }
  steps.push({
    title: "Drop the old column",
    sql: `DROP TRIGGER ${sync} ON ${table};
DROP FUNCTION ${sync}();
ALTER TABLE ${table} DROP COLUMN ${from};`,
    transaction: true,
    after: `${to} has the default, the indexes and the constraints of ${from}, and no running version of the application names ${from}`,
  });
  return steps;
}
