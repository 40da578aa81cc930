import type { Context, Migration } from "../rule.ts";
import { batchLoop, chosenRows } from "./batch-loop.ts";

/** The way back from a DELETE. */
export const rowsAreGone = "The rows are gone, other than from a backup: copy them before.";

/** All rows of a table, a thousand at a time. `table` and `key` are SQL. */
export function deleteBatch(table: string, key: string, context: Context): Migration {
  const loop = `DELETE FROM ${table}\nWHERE ${chosenRows(table, key, "")};`;
  const title = `Delete the rows of ${table}`;
  const change = (range: string) => `DELETE FROM ${table}\nWHERE ${range}`;
  const undo = rowsAreGone;
  return (
    batchLoop({ title, table, key, change, loop, undo }, context) ?? { title, sql: loop, transaction: true }
  );
}
