import { isNullConstant } from "../../model/expression.ts";
import { quoteName } from "../../sql/names.ts";
import type { Table } from "../entities.ts";
import { itemNamed } from "../schema/places.ts";
import { sequenceOf } from "./family.ts";
import { lockByFunctionsOf } from "./function-calls.ts";
import { type Ledger, lock } from "./ledger.ts";
import { useSequencesOf } from "./queries.ts";

/** Whether a column that is given nothing may have a value all the same. */
export function fillsItself(table: Table, name: string): boolean {
  const column = itemNamed(table.columns, name);
  return (
    column === undefined || column.identity || (column.default !== null && !isNullConstant(column.default))
  );
}

/** The columns that get no value take their defaults, from sequences too. */
export function drawDefaults(ledger: Ledger, table: Table, isGiven: (name: string) => boolean): void {
  for (const column of table.columns) {
    if (isGiven(column.name)) continue;
    if (column.default !== null) {
      useSequencesOf(ledger, column.default);
      lockByFunctionsOf(ledger, column.default);
    }
    // One that only belongs to the column is left alone.
    if (column.default === null && !column.identity) continue;
    const sequence = sequenceOf(ledger.world, table, column.name);
    if (sequence !== undefined)
      lock(ledger, sequence, "ROW EXCLUSIVE", `default of ${quoteName(column.name)}`);
  }
}
