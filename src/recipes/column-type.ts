import type { Action } from "../model/action.ts";
import type { Context, Migration } from "../rule.ts";
import { quoteName } from "../sql/names.ts";
import { backfillBatch, keyOf } from "./backfill.ts";
import { notNullRecipe } from "./not-null.ts";
import { freshName } from "./text.ts";

type AlterType = Extract<Action, { kind: "alter column type" }>;

/** A new column beside the old one, kept in step by a trigger, filled in batches, then swapped. */
export function columnTypeRecipe(action: AlterType, context: Context): Migration[] {
  const { table } = context.table;
  const tableSql = context.nameOf(table);
  const columnSql = context.text(action.column.span);
  const tableName = table.name.name;
  const columnName = action.column.name;
  const typeSql = context.text(action.type.span);
  const known = context.schema.findTable(table);
  const column = known?.columns.find(({ name }) => name === columnName);
  const isTaken = (name: string) => known?.columns.some((other) => other.name === name) === true;
  const fresh = freshName([columnName, "new"], isTaken);
  const old = freshName([columnName, "old"], isTaken);
  const sync = freshName([tableName, columnName, "sync"]);
  const value = action.using === null ? `${columnSql}::${typeSql}` : context.text(action.using.span);
  const steps: Migration[] = [
    {
      title: "Add a column of the new type and a trigger that keeps it in step",
      sql: `ALTER TABLE ${tableSql} ADD COLUMN ${fresh} ${typeSql};
CREATE FUNCTION ${sync}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.${fresh} := (SELECT ${value} FROM (SELECT NEW.*) AS ${quoteName(tableName)});
  RETURN NEW;
END
$$;
CREATE TRIGGER ${sync} BEFORE INSERT OR UPDATE ON ${tableSql}
  FOR EACH ROW EXECUTE FUNCTION ${sync}();`,
      transaction: true,
    },
    backfillBatch({
      title: "Fill the older rows",
      table: tableSql,
      key: keyOf(table, context),
      set: `${fresh} = ${value}`,
      where: `${fresh} IS DISTINCT FROM (${value})`,
    }),
  ];
  if (column?.notNull === "valid") {
    const constraint = freshName([tableName, columnName, "new", "not_null"]);
    steps.push(...notNullRecipe({ table: tableSql, column: fresh, constraint, version: context.version }));
  }
  steps.push(
    {
      title: "Swap the columns",
      sql: `DROP TRIGGER ${sync} ON ${tableSql};
DROP FUNCTION ${sync}();
ALTER TABLE ${tableSql} RENAME COLUMN ${columnSql} TO ${old};
ALTER TABLE ${tableSql} RENAME COLUMN ${fresh} TO ${columnSql};`,
      transaction: true,
      after: `${fresh} has the default, the indexes and the constraints that ${columnSql} has, and the application copes with either type`,
    },
    {
      title: "Drop the old column",
      sql: `ALTER TABLE ${tableSql} DROP COLUMN ${old};`,
      transaction: true,
      after: "nothing reads the old column any more",
    },
  );
  return steps;
}
