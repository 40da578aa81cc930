import type { Delete, Update } from "../../model/query.ts";
import { quoteName } from "../../sql/names.ts";
import type { Table } from "../entities.ts";
import { touchedBy } from "./bounds.ts";
import { ancestorsOf } from "./family.ts";
import { fail, type Ledger } from "./ledger.ts";
import { isOnly } from "./words.ts";

/** Rows that a publication sends on are told apart by something: without it nobody may change them. */
export function refuseUnidentified(ledger: Ledger, change: Update | Delete, table: Table): void {
  if (ledger.isPlan) return;
  const only = isOnly(ledger, change.span, change.table);
  for (const member of only ? [table] : touchedBy(ledger.world, table, change.where?.value ?? null))
    refuseMember(ledger, member, change.kind);
}

function refuseMember(ledger: Ledger, table: Table, change: "update" | "delete"): void {
  if (table.kind !== "table" || table.partitionBy !== null) return;
  // A partition is published with the tables above it.
  const above = table.partitionOf === null ? [] : ancestorsOf(ledger.world.schema, table);
  const named = [table, ...above]
    .flatMap(({ publications = [] }) => publications)
    .find(({ changes }) => changes?.includes(change) === true)?.name;
  const ofAll = table.persistence === "permanent" ? ledger.world.schema.publicationOfAll(change) : undefined;
  const publication = named ?? ofAll;
  if (publication === undefined || table.identity === "full" || table.identityIndex != null) return;
  const hasKey = table.constraints.some(({ kind }) => kind === "primary key");
  if (table.identity !== "nothing") {
    if (hasKey || !table.isComplete || ledger.world.schema.mayHaveMore(table)) return;
  }
  const what = change === "update" ? "updated" : "deleted";
  fail(
    ledger,
    "55000",
    `rows of ${quoteName(table.name)} cannot be ${what}: it has no replica identity, and ${quoteName(publication)} publishes them`,
  );
}
