import type { QualifiedName } from "../model/name.ts";
import type { Context, Migration } from "../rule.ts";
import { quoteName } from "../sql/names.ts";

/** Rows to change in batches. All parts are SQL. */
export interface Backfill {
  readonly table: string;
  /** The column that tells rows apart; {@link keyOf}. */
  readonly key: string;
  readonly set: string;
  /** Which rows are still to do. A row that is done must no longer match. */
  readonly where: string;
  readonly title: string;
}

/** One batch, for a loop in the client: each round is a transaction of its own and locks a thousand rows at most. */
export function backfillBatch(backfill: Backfill): Migration {
  const { table, key, set, where, title } = backfill;
  // ctid stands still only within one statement, so it is asked for as an array.
  const chosen =
    key === "ctid"
      ? `ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${where} LIMIT 1000))`
      : `${key} IN (SELECT ${key} FROM ${table} WHERE ${where} ORDER BY ${key} LIMIT 1000)`;
  return {
    title: `${title}: run this again and again, each time in a transaction of its own, until it changes no row`,
    sql: `UPDATE ${table} SET ${set}\nWHERE ${chosen};`,
    transaction: true,
  };
}

/** The single column of the primary key, as SQL; `ctid` where the history knows none. */
export function keyOf(name: QualifiedName, context: Context): string {
  const table = context.schema.findTable(name);
  const primary = table?.constraints.find((constraint) => constraint.kind === "primary key");
  const column = primary?.columns.length === 1 ? primary.columns[0] : undefined;
  return column === undefined ? "ctid" : quoteName(column);
}
