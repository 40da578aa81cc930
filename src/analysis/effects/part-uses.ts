import type { PartUse, Table } from "../entities.ts";
import type { Schema } from "../schema.ts";
import { isTable } from "./ledger.ts";

/** What rules and policies, of the table itself and of others, read of the table. */
export function usesOf(
  schema: Schema,
  table: Table,
): readonly { readonly from: Table; readonly use: PartUse }[] {
  return [table, ...schema.usersOf("reads", table.id).filter(isTable)].flatMap((from) =>
    (from.uses ?? []).filter((use) => use.table === table.id).map((use) => ({ from, use })),
  );
}
