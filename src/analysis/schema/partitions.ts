import type { Expression } from "../../model/expression.ts";
import type { PartitionBound, PartitionKey } from "../../model/table.ts";
import type { Table } from "../entities.ts";
import { partitionConstraint } from "../partition-bound.ts";
import { cloneForeignKey } from "./constraints.ts";
import { type Draft, relationById, tableById } from "./draft.ts";
import { chooseConstraintName, countDependents, dependents, putRelation } from "./draft-edits.ts";
import { columnsOf } from "./expressions.ts";
import { provideIndex } from "./indexes.ts";
import { copyColumns, copyInherited } from "./inherit.ts";
import { indexesOf } from "./own-indexes.ts";
import { appendConstraint, changeTable, familyOf, freshConstraint } from "./tables.ts";

/** Deeper trees are not followed: nobody has them, and a hostile file must not exhaust the stack. */
const MAX_DEPTH = 64;

/** CREATE TABLE ... PARTITION OF (`isNew`) and ATTACH PARTITION: indexes, foreign keys and row triggers come from the parent. */
export function joinPartition(
  draft: Draft,
  id: number,
  parent: number,
  bound: PartitionBound | null,
  isNew: boolean,
): void {
  assumePartitioned(draft, parent, bound);
  const source = tableById(draft, parent);
  if (source === undefined || isTooDeep(draft, source) || familyOf(draft, id).includes(parent)) return;
  changeTable(draft, id, () => ({ partitionOf: { parent, bound } }));
  const hasIdentity = sharesIdentity(draft);
  if (isNew)
    copyColumns(draft, id, source, (column) => ({ ...column, identity: column.identity && hasIdentity }));
  else if (hasIdentity) {
    const names = new Set(source.columns.filter(({ identity }) => identity).map(({ name }) => name));
    if (names.size > 0) setIdentity(draft, id, (name) => names.has(name));
  }
  copyInherited(draft, id, source, "check");
  if (!isNew) copyInherited(draft, id, source, "not null");
  for (const index of indexesOf(draft, parent)) {
    const table = tableById(draft, id);
    if (table !== undefined) provideIndex(draft, table, index);
  }
  for (const constraint of source.constraints) {
    if (constraint.kind === "foreign key") cloneForeignKey(draft, id, constraint);
  }
  const triggers = source.triggers.filter((trigger) => trigger.forEachRow);
  if (triggers.length > 0)
    changeTable(draft, id, (table) => ({ triggers: [...table.triggers, ...triggers] }));
}

/** From 17 on partitions have the identity columns of their parent, whose sequence they use; before, each table had its own. */
function sharesIdentity(draft: Draft): boolean {
  return draft.context.version >= 17;
}

function setIdentity(draft: Draft, id: number, hasIdentity: (column: string) => boolean): void {
  for (const member of familyOf(draft, id))
    changeTable(draft, member, ({ columns }) => ({
      columns: columns.map((column) => {
        const identity = hasIdentity(column.name);
        return column.identity === identity ? column : { ...column, identity };
      }),
    }));
}

/** DETACH PARTITION; CONCURRENTLY leaves a check with what the bound said. */
export function leavePartition(draft: Draft, id: number, parent: number, concurrently: boolean): void {
  const table = tableById(draft, id);
  if (table === undefined || table.partitionOf?.parent !== parent) return;
  const key = tableById(draft, parent)?.partitionBy ?? null;
  const check = concurrently ? partitionConstraint(key, table.partitionOf.bound) : null;
  changeTable(draft, id, () => ({ partitionOf: null }));
  const shared = new Set(
    tableById(draft, parent)?.triggers.flatMap(({ name, forEachRow }) => (forEachRow ? [name] : [])),
  );
  // What was made of the parent's row triggers goes with it.
  for (const member of shared.size === 0 ? [] : familyOf(draft, id))
    changeTable(draft, member, ({ triggers }) => ({
      triggers: triggers.filter(({ name }) => !shared.has(name)),
    }));
  if (sharesIdentity(draft)) setIdentity(draft, id, () => false);
  for (const index of indexesOf(draft, id)) {
    if (index.partitionOf !== null) putRelation(draft, { ...index, partitionOf: null });
  }
  if (check !== null) addLeftover(draft, table, check);
}

/** ALTER INDEX ... ATTACH PARTITION: the parent's index is valid once every partition has its own. */
export function attachIndex(draft: Draft, parent: number, child: number): void {
  const index = relationById(draft, child);
  const above = relationById(draft, parent);
  if (index?.kind !== "index" || above?.kind !== "index" || parent === child) return;
  putRelation(draft, { ...index, partitionOf: parent });
  // Of thousands only the last one can make it valid.
  if (countDependents(draft, "partition index", parent) < countDependents(draft, "partition", above.table))
    return;
  const attached = dependents(draft, "partition index", parent);
  const served = new Set(attached.flatMap((own) => (own.kind === "index" && own.isValid ? [own.table] : [])));
  const isValid = dependents(draft, "partition", above.table).every(({ id }) => served.has(id));
  if (isValid !== above.isValid && isValid) putRelation(draft, { ...above, isValid });
}

function addLeftover(draft: Draft, table: Table, expression: Expression): void {
  const columns = columnsOf(expression);
  const column = columns.length === 1 ? (columns[0] ?? null) : null;
  const name = chooseConstraintName(draft, table.schema, [table.name, column, "check"]);
  appendConstraint(draft, table.id, { kind: "check", ...freshConstraint(draft), name, expression, columns });
}

/** A table that gets partitions is partitioned, even where the history does not say how. */
function assumePartitioned(draft: Draft, parent: number, bound: PartitionBound | null): void {
  const table = tableById(draft, parent);
  if (table === undefined || table.partitionBy !== null) return;
  const strategy: PartitionKey["strategy"] =
    bound === null || bound.kind === "default" ? "range" : bound.kind;
  changeTable(draft, parent, () => ({ partitionBy: { strategy, columns: [] } }));
}

function isTooDeep(draft: Draft, table: Table): boolean {
  let above: Table | undefined = table;
  for (let depth = 0; above !== undefined; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    above = above.partitionOf === null ? undefined : tableById(draft, above.partitionOf.parent);
  }
  return false;
}
