import type { Column } from "../analysis/entities.ts";
import { itemNamed } from "../analysis/schema/places.ts";
import type { QualifiedName } from "../model/name.ts";
import type { Context } from "../rule.ts";
import { truncateName } from "../sql/names.ts";

/** The column as the history knows it. */
export function findColumn(table: QualifiedName, name: string, context: Context): Column | undefined {
  const stored = truncateName(name);
  return itemNamed(context.schema.findTable(table)?.columns ?? [], stored);
}

/**
 * Whether no running application can have seen the column: its table is new, or it was added by this release. What CREATE
 * TABLE IF NOT EXISTS says of a column does not prove that it made it.
 */
export function isNewColumn(table: QualifiedName, name: string, context: Context): boolean {
  if (context.isNew(table)) return true;
  const known = context.schema.findTable(table);
  const column = findColumn(table, name, context);
  if (known === undefined || column === undefined || !context.isNewEntity(column)) return false;
  const { origin } = column;
  const isAsOldAsTable =
    known.origin?.unit === origin?.unit && known.origin?.transaction === origin?.transaction;
  return known.isCertainlyNew || !isAsOldAsTable;
}
