import type { Table } from "../entities.ts";
import { addSequence } from "./columns.ts";
import { type Draft, dependents, originOf, tableById } from "./draft.ts";
import { buildIndex, planOf } from "./indexes.ts";
import { copyColumns } from "./inherit.ts";
import { appendConstraint, columnOf } from "./tables.ts";

/** What LIKE copies: columns (with NOT NULL) always, the rest as told. Index names are chosen anew. */
export function copyLike(
  draft: Draft,
  id: number,
  source: Table,
  including: readonly string[],
  part: "columns" | "indexes",
): void {
  const has = (word: string) => including.includes(word) || including.includes("ALL");
  if (part === "indexes") {
    if (has("INDEXES")) copyIndexes(draft, id, source);
    return;
  }
  copyColumns(draft, id, source, (column) => ({
    ...column,
    default: has("DEFAULTS") ? column.default : null,
    generated: has("GENERATED") ? column.generated : null,
    generatedFrom: has("GENERATED") ? column.generatedFrom : [],
    identity: has("IDENTITY") && column.identity,
    isAlways: has("IDENTITY") && column.isAlways === true,
  }));
  const table = tableById(draft, id);
  if (table === undefined) return;
  for (const column of source.columns) {
    if (has("IDENTITY") && column.identity && columnOf(table, column.name) !== undefined) {
      addSequence(draft, table, column.name);
    }
  }
  for (const constraint of source.constraints) {
    const isWanted = constraint.kind === "not null" || (constraint.kind === "check" && has("CONSTRAINTS"));
    if (!isWanted) continue;
    const validated = constraint.enforced;
    appendConstraint(draft, id, { ...constraint, validated, origin: originOf(draft) });
  }
}

function copyIndexes(draft: Draft, id: number, source: Table): void {
  for (const index of dependents(draft, "index", source.id)) {
    const table = tableById(draft, id);
    if (index.kind !== "index" || table === undefined) continue;
    buildIndex(draft, table, { ...planOf(draft, index), name: null }, false, null);
  }
}
