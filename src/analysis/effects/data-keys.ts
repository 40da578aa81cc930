import type { Expression } from "../../model/expression.ts";
import type { ReferentialAction } from "../../model/table.ts";
import { quoteName } from "../../sql/names.ts";
import { isPutOff, isReplica } from "../deferral.ts";
import { labelOf } from "../effect.ts";
import type { Table } from "../entities.ts";
import { touchedBy } from "./bounds.ts";
import { hasStorage, isPartitioned } from "./family.ts";
import { fireTriggers } from "./fired.ts";
import { keysOnRows, referencedBy } from "./foreign-keys.ts";
import { type Ledger, lock, lockTarget } from "./ledger.ts";

/** A new value of a foreign key is looked up, in whichever partition, and its row locked. `wanted`: what is known of that row. */
export function checkParent(
  ledger: Ledger,
  key: Parameters<typeof referencedBy>[1],
  wanted: Expression | null = null,
): void {
  if (ledger.isPlan || waits(ledger, key) || isReplica(ledger.world.settings)) return;
  const { world } = ledger;
  const other = referencedBy(world, key);
  const because = `referenced by ${quoteName(key.name)}`;
  lockTarget(ledger, other, "table", "ROW SHARE", because);
  if (other.known === null) return;
  for (const member of isPartitioned(other.known) ? touchedBy(world, other.known, wanted) : [other.known]) {
    if (member !== other.known) lock(ledger, member, "ROW SHARE", because);
    // From 16 the planner looks at the indexes of partitioned tables too.
    if (!hasStorage(member) && world.version < 16) continue;
    for (const index of world.schema.indexesOf(member.id)) lock(ledger, index, "ROW SHARE");
  }
}

/** A check that waits for COMMIT looks at nothing yet. */
function waits({ world }: Ledger, key: Parameters<typeof referencedBy>[1]): boolean {
  return world.deferral !== undefined && isPutOff(world.deferral, key);
}

/** Rows that point at deleted ones are looked for, and with ON DELETE CASCADE deleted in turn. */
export function reachChildren(ledger: Ledger, table: Table | null, seen: Set<number>): void {
  if (table === null || seen.has(table.id)) return;
  seen.add(table.id);
  for (const { from, key } of keysOnRows(ledger.world, table)) {
    if (!key.enforced) continue;
    reachChild(ledger, from, key, key.onDelete);
    if (key.onDelete === "cascade") reachChildren(ledger, from, seen);
  }
}

/** Without an index on the key's columns the server reads the whole table for each row. */
export function reachChild(
  ledger: Ledger,
  table: Table,
  key: Parameters<typeof referencedBy>[1],
  action: ReferentialAction,
  event: "delete" | "update" = "delete",
): void {
  if (ledger.isPlan || isReplica(ledger.world.settings) || (action === "no action" && waits(ledger, key)))
    return;
  const { schema } = ledger.world;
  const mode = action === "no action" || action === "restrict" ? "ROW SHARE" : "ROW EXCLUSIVE";
  lock(ledger, table, mode, "looked through for its foreign key");
  const indexes = schema.indexesOf(table.id);
  for (const index of indexes) lock(ledger, index, mode);
  if (action === "cascade") fireTriggers(ledger, table, event, new Set(key.columns));
  else if (mode === "ROW EXCLUSIVE") fireTriggers(ledger, table, "update", new Set(key.columns));
  const isIndexed = indexes.some((index) => key.columns.includes(index.keys[0] ?? ""));
  if (!isIndexed && hasStorage(table)) ledger.scans.add(labelOf(table));
}
