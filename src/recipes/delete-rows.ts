import type { Context, Migration } from "../rule.ts";
import { batchLoop, chosenRows } from "./batch-loop.ts";

/** All rows of a table, a thousand at a time. `table` and `key` are SQL. */
export function deleteBatch(table: string, key: string, context: Context): Migration {
  const loop = `DELETE FROM ${table}\nWHERE ${chosenRows(table, key, "")};`;
  const title = `Delete the rows of ${table}`;
  const change = (range: string) => `DELETE FROM ${table}\nWHERE ${range}`;
  return batchLoop({ title, table, key, change, loop }, context) ?? { title, sql: loop, transaction: true };
}
