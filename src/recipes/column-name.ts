import { domainOf, isActive } from "../analysis/effects/domains.ts";
import type { Column, Table, View } from "../analysis/entities.ts";
import { isOwnFunction } from "../analysis/own-functions.ts";
import { renderExpression, typeSql } from "../model/render.ts";
import type { Rename } from "../model/statement.ts";
import type { Context, Migration } from "../rule.ts";
import { quoteName } from "../sql/names.ts";
import { append } from "../text/append.ts";
import { freshConstraint } from "./alter-table.ts";
import { backfillBatch, batchKey } from "./backfill.ts";
import { dollarQuote } from "./batch-loop.ts";
import { type CarriedParts, carryParts } from "./carried-parts.ts";
import { commentSql, settingsSql } from "./comment-sql.ts";
import { notNullRecipe } from "./not-null.ts";
import { freshName } from "./text.ts";
import { worldOf } from "./world.ts";

/**
 * A second column under the new name, kept equal to the first by a trigger until nobody uses the old name. Null where the
 * column computes itself, is named by a view, a policy, a trigger or another column, or has on it what the history does not
 * know well enough.
 */
export function columnNameRecipe(rename: Rename, column: Column, context: Context): Migration[] | null {
  // What computes itself cannot be written by a trigger.
  if (column.type === null || column.generated !== null || column.identity) return null;
  // A domain would check each row of the new column, or fill it with its default.
  if (isActive(domainOf(worldOf(context), column.type))) return null;
  // Refused, as the name of an inherited column is.
  if (context.effects.fails !== null) return null;
  const known = context.schema.findTable(rename.target);
  if (known === undefined || known.partitionBy !== null || known.partitionOf !== null) return null;
  // What inherits from it has indexes and triggers of its own.
  if (context.schema.childrenOf(known.id).length > 0) return null;
  if (isHeldBack(known, column.name, context)) return null;
  const table = context.nameOf(rename.target);
  const schemaSql = rename.target.schema === null ? "" : `${context.text(rename.target.schema.span)}.`;
  const parts = carryParts(
    { table: known, tableSql: table, schemaSql, column, fresh: rename.to.name, final: rename.to.name },
    context,
  );
  const fallback = column.default === null ? null : renderExpression(column.default);
  if (parts === null || (column.default !== null && fallback === null)) return null;
  const from = quoteName(column.name);
  const to = quoteName(rename.to.name);
  const sync = syncBoth(rename, from, to, table, context);
  const collation = column.collation === null ? "" : ` COLLATE ${column.collation}`;
  const steps: Migration[] = [
    {
      title: "Add a column of the new name and a trigger that keeps both equal",
      sql: `ALTER TABLE ${table} ADD COLUMN ${to} ${typeSql(column.type)}${collation};\n${sync.create}`,
      transaction: true,
    },
    backfillBatch(
      {
        title: "Fill the older rows",
        table,
        key: batchKey(rename.target, context),
        set: `${to} = ${from}`,
        where: `${to} IS NULL AND ${from} IS NOT NULL`,
      },
      context,
    ),
  ];
  if (column.notNull === "valid") {
    const constraint = freshConstraint(
      [rename.target.name.name, rename.to.name, "not_null"],
      rename.target,
      context,
    );
    append(steps, notNullRecipe({ table, column: to, constraint, version: context.version }));
  }
  const last = lastStep(
    { rename, column, known, table, schemaSql, parts, fallback, drop: sync.drop },
    context,
  );
  return [...steps, ...parts.steps, last, ...parts.later];
}

/** Whether something names the column that follows a rename, and that the server would not let the column go from under. */
function isHeldBack(table: Table, column: string, { schema }: Context): boolean {
  const reads = ({ columns }: View) =>
    columns === null || columns.some((one) => one.table === table.id && one.column === column);
  return (
    schema.viewsOf(table.id).some(reads) ||
    table.columns.some(({ generatedFrom }) => generatedFrom.includes(column)) ||
    [...table.policies, ...table.triggers].some(({ columns }) => columns.includes(column))
  );
}

/** Whichever of the two is written, the other one follows. */
function syncBoth(rename: Rename, from: string, to: string, table: string, context: Context) {
  const parts = [rename.target.name.name, rename.to.name, "sync"];
  const name = freshName(parts, (one) => isOwnFunction(context.schema, one));
  // Triggers run in the order of their names: this one has to see what the others made of the row.
  const last = freshName(["zz", ...parts]);
  const quote = dollarQuote(from + to);
  return {
    create: `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS ${quote}
BEGIN
  IF TG_OP = 'INSERT' AND NEW.${to} IS NULL THEN
    NEW.${to} := NEW.${from};
  ELSIF TG_OP = 'INSERT' OR NEW.${to}::text IS DISTINCT FROM OLD.${to}::text THEN
    NEW.${from} := NEW.${to};
  ELSE
    NEW.${to} := NEW.${from};
  END IF;
  RETURN NEW;
END
${quote};
CREATE TRIGGER ${last} BEFORE INSERT OR UPDATE ON ${table}
  FOR EACH ROW EXECUTE FUNCTION ${name}();`,
    drop: `DROP TRIGGER ${last} ON ${table};\nDROP FUNCTION ${name}();`,
  };
}

interface Last {
  readonly rename: Rename;
  readonly column: Column;
  readonly known: Table;
  readonly table: string;
  readonly schemaSql: string;
  readonly parts: CarriedParts;
  readonly fallback: string | null;
  readonly drop: string;
}

/** What the old column had of names and defaults goes to the new one, in one transaction with its end. */
function lastStep(last: Last, context: Context): Migration {
  const { rename, column, known, table, schemaSql, parts, fallback } = last;
  const from = quoteName(column.name);
  const to = quoteName(rename.to.name);
  const alter = `ALTER TABLE ${table}`;
  const owned = context.schema.sequencesOf(known.id).filter(({ ownedBy }) => ownedBy?.column === column.name);
  const notNull = known.constraints.find((one) => one.kind === "not null" && one.columns[0] === column.name);
  const made = freshConstraint([rename.target.name.name, rename.to.name, "not_null"], rename.target, context);
  const sql = [
    last.drop,
    ...(fallback === null ? [] : [`${alter} ALTER COLUMN ${to} SET DEFAULT ${fallback};`]),
    ...owned.map(({ name }) => `ALTER SEQUENCE ${schemaSql}${quoteName(name)} OWNED BY ${table}.${to};`),
    commentSql(table, to, column.comment),
    ...settingsSql(table, to, column, true),
    ...parts.beforeSwap,
    `${alter} DROP COLUMN ${from};`,
    ...(notNull === undefined ? [] : [`${alter} RENAME CONSTRAINT ${made} TO ${quoteName(notNull.name)};`]),
    ...parts.afterSwap,
  ];
  return {
    title: "Drop the old column",
    sql: sql.filter((line) => line !== "").join("\n"),
    transaction: true,
    whole: true,
    after: `${(column.rights ?? []).length > 0 ? `${to} has the rights that were granted on ${from}, ` : ""}no running version of the application names ${from}, or minds that ${to} is the last column`,
  };
}
