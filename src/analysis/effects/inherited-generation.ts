import type { ColumnDefinition } from "../../model/table.ts";
import { quoteName } from "../../sql/names.ts";
import type { Table } from "../entities.ts";
import { itemNamed } from "../schema/places.ts";
import { fail, type Ledger } from "./ledger.ts";

/** A column of a new child that its parent has as well: both are generated, in the same way, or none is. */
export function refuseInheritedGeneration(ledger: Ledger, column: ColumnDefinition, parent: Table): void {
  const above = itemNamed(parent.columns, column.name.name);
  if (above === undefined) return;
  const name = quoteName(column.name.name);
  if (above.generated !== null) {
    const what = column.identity !== null ? "identity" : column.default !== null ? "a default" : null;
    if (what !== null)
      fail(ledger, "42611", `${name} is generated in the parent table, and cannot have ${what}`);
  }
  if (column.generated === null) return;
  const { version } = ledger.world;
  const kind = column.generated.stored || version < 18 ? "stored" : "virtual";
  // Up to 15 a child could compute what its parent did not, and could not compute it otherwise.
  const isRefused = version < 16 ? above.generated !== null : above.generated !== kind;
  if (isRefused) fail(ledger, "42611", `${name} cannot be generated in another way than in the parent table`);
}

/** The same of a new partition, which has no identity columns of its own, and up to 15 no generated ones. */
export function refusePartitionGeneration(ledger: Ledger, column: ColumnDefinition, parent: Table): void {
  const { version } = ledger.world;
  if (column.identity !== null)
    fail(ledger, "0A000", "a partition has no identity columns but those of the partitioned table");
  if (version >= 16) refuseInheritedGeneration(ledger, column, parent);
  else if (column.generated !== null)
    fail(ledger, "0A000", "a partition has no generated columns of its own");
}
