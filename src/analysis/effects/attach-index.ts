import type { Action } from "../../model/action.ts";
import { quoteName } from "../../sql/names.ts";
import { isLikeIndex } from "../schema/indexes.ts";
import type { Ledger, Target } from "./ledger.ts";
import { fail, lock, lockTarget, targetOf } from "./ledger.ts";

type Attach = Extract<Action, { readonly kind: "attach partition" }>;

/** ALTER INDEX ... ATTACH PARTITION: the partition's index cannot be read meanwhile. */
export function attachIndex(ledger: Ledger, parent: Target, action: Attach): void {
  const { world } = ledger;
  const { schema } = world;
  const part = targetOf(world, action.partition);
  lockTarget(ledger, parent, "index", "SHARE UPDATE EXCLUSIVE");
  lockTarget(ledger, part, "index", "ACCESS EXCLUSIVE");
  for (const index of [parent.known, part.known]) {
    if (index?.kind !== "index") continue;
    const table = schema.relationById(index.table);
    if (table !== undefined)
      lock(ledger, table, "ACCESS SHARE", `${quoteName(index.name)} is an index of it`);
  }
  const [above, own] = [parent.known, part.known];
  if (above?.kind !== "index" || own?.kind !== "index" || own.partitionOf === above.id) return;
  if (schema.tableById(own.table)?.partitionOf?.parent !== above.table)
    fail(ledger, "55000", `${quoteName(own.name)} is not an index of a partition`);
  const isTaken = schema.partitionIndexesOf(above.id).some((one) => one.table === own.table);
  if (own.partitionOf !== null || isTaken)
    fail(ledger, "55000", `another index of the partition is attached to ${quoteName(above.name)}`);
  if (!isLikeIndex(own, above))
    fail(ledger, "42P17", `${quoteName(own.name)} is not like ${quoteName(above.name)}`);
}
