import { hasActionOn } from "../analysis/same-statement.ts";
import type { QualifiedName } from "../model/name.ts";
import type { Context, Migration } from "../rule.ts";
import { quoteName } from "../sql/names.ts";
import { batchLoop, chosenRows } from "./batch-loop.ts";

/** Rows to change in batches. All parts are SQL. */
interface Backfill {
  readonly table: string;
  /** The column that tells rows apart; {@link batchKey}. */
  readonly key: string;
  readonly set: string;
  /** Which rows are still to do. A row that is done must no longer match. */
  readonly where: string;
  readonly title: string;
}

/** The rows get their value in batches. A row that another process has done meanwhile is left alone. */
export function backfillBatch(backfill: Backfill, context: Context): Migration {
  const { table, key, set, where, title } = backfill;
  const change = (range: string) => `UPDATE ${table} SET ${set}\nWHERE ${range}`;
  // Said twice: a ctid may mean a row in each partition, and a row may have been done since it was chosen.
  const loop = `${change(chosenRows(table, key, where))} AND (${where});`;
  const step = batchLoop(
    { title, table, key, change: (range) => `${change(range)} AND (${where})`, loop },
    context,
  );
  return step ?? { title, sql: loop, transaction: true };
}

/** The single column of the primary key, as SQL; `ctid` where the history knows none. */
export function batchKey(name: QualifiedName, context: Context): string {
  const table = context.schema.findTable(name);
  const primary = table?.constraints.find((constraint) => constraint.kind === "primary key");
  const column = primary?.columns.length === 1 ? primary.columns[0] : undefined;
  // Not along a key that goes in the same statement.
  const isDropped =
    column !== undefined &&
    context.statement.kind === "alter table" &&
    hasActionOn(context.statement, "drop column", column);
  return column === undefined || isDropped ? "ctid" : quoteName(column);
}
