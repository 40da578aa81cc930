import type { ColumnDefinition } from "../../model/table.ts";

const serialTypes = new Set(["serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"]);

/** Whether the column is of one of the types that make a sequence. */
export function isSerial(column: ColumnDefinition): boolean {
  return column.type !== null && column.type.schema === null && serialTypes.has(column.type.name);
}
