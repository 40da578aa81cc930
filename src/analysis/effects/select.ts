import type { Query } from "../../model/query.ts";
import { changeData } from "./data.ts";
import { useExtensions } from "./extension-calls.ts";
import { refuseCallOf } from "./function-refusals.ts";
import type { Ledger } from "./ledger.ts";
import { readQuery } from "./queries.ts";
import { changesOf, namesOf } from "./reads.ts";

/** SELECT: what it reads, the functions that it calls for what they do, and what changes rows in its WITH. */
export function runSelect(ledger: Ledger, query: Query): void {
  readQuery(ledger, query, "runs");
  for (const { value } of query.kind === "select" ? query.targets : [])
    if (value.kind === "call") refuseCallOf(ledger, value, "function");
  useExtensions(ledger, query);
  for (const change of changesOf(query)) changeData(ledger, change, namesOf(query));
}
