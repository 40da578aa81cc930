import { quoteName } from "../../sql/names.ts";
import type { Table } from "../entities.ts";
import { fail, type Ledger } from "./ledger.ts";

/** Rows that a publication sends on are told apart by something: without it nobody may change them. */
export function refuseUnidentified(ledger: Ledger, table: Table, change: "update" | "delete"): void {
  if (ledger.isPlan || table.kind !== "table" || table.partitionBy !== null) return;
  const publication = table.publications?.find(({ changes }) => changes?.includes(change) === true);
  if (publication === undefined || table.identity === "full" || table.identityIndex != null) return;
  const hasKey = table.constraints.some(({ kind }) => kind === "primary key");
  if (table.identity !== "nothing") {
    if (hasKey || !table.isComplete || ledger.world.schema.mayHaveMore(table)) return;
  }
  const what = change === "update" ? "updated" : "deleted";
  fail(
    ledger,
    "55000",
    `rows of ${quoteName(table.name)} cannot be ${what}: it has no replica identity, and ${quoteName(publication.name)} publishes them`,
  );
}
