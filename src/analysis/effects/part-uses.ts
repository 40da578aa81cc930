import type { PartUse, Table } from "../entities.ts";
import type { Schema } from "../schema.ts";
import type { Ledger } from "./ledger.ts";
import { depend, isTable } from "./ledger.ts";

/** Functions that clear policies away leave no trace in the history. */
export function doubtUse(ledger: Ledger, use: PartUse): void {
  depend(ledger, `whether the ${use.part} is still there`);
}

/** What rules and policies, of the table itself and of others, read of the table. */
export function usesOf(
  schema: Schema,
  table: Table,
): readonly { readonly from: Table; readonly use: PartUse }[] {
  return [table, ...schema.usersOf("reads", table.id).filter(isTable)].flatMap((from) =>
    (from.uses ?? []).filter((use) => use.table === table.id).map((use) => ({ from, use })),
  );
}
