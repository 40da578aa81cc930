import type { Index } from "../entities.ts";
import type { Draft } from "./draft.ts";
import { dependents } from "./draft-edits.ts";
import type { EdgeRole } from "./state.ts";

/** The indexes of a table or materialized view, oldest first. */
export function indexesOf(draft: Draft, table: number): readonly Index[] {
  const free = freeIndexesOf(draft, table);
  const attached = indexesWith(draft, "attached index", table);
  return attached.length === 0 ? free : [...free, ...attached].sort((a, b) => a.id - b.id);
}

/**
 * Those that are parts of no index of a partitioned table. They are kept apart: a partition has as many others as its parent, and
 * who looks for one to attach would go through all of them, for each partition.
 */
export function freeIndexesOf(draft: Draft, table: number): readonly Index[] {
  return indexesWith(draft, "free index", table);
}

function indexesWith(draft: Draft, role: EdgeRole, table: number): readonly Index[] {
  return dependents(draft, role, table).filter((relation) => relation.kind === "index");
}
