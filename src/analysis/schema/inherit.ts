import type { Column, Table } from "../entities.ts";
import { type Draft, MAX_COLUMNS, originOf, tableById, takeId } from "./draft.ts";
import { chooseConstraintName } from "./draft-edits.ts";
import { itemNamed } from "./places.ts";
import { appendConstraint, changeTable, familyOf, hasConstraint } from "./tables.ts";

/** A new table inherits: the parent's columns, checks and NOT NULL. */
export function inheritFrom(draft: Draft, id: number, parent: number): void {
  const source = tableById(draft, parent);
  if (source === undefined) return;
  changeTable(draft, id, (table) => ({ inherits: [...table.inherits, parent] }));
  const alone = new Set(
    source.constraints.flatMap((one) => (one.kind === "not null" && one.noInherit ? one.columns : [])),
  );
  copyColumns(draft, id, source, (column) => ({
    ...column,
    identity: false,
    isAlways: false,
    isInherited: true,
    ...(alone.has(column.name) && { notNull: "no" as const }),
  }));
  copyInherited(draft, id, source, "check");
}

/** Copies the columns that the table does not have yet, all at once: each change of a table copies its columns. */
export function copyColumns(
  draft: Draft,
  id: number,
  source: Table,
  change: (column: Column) => Column,
): void {
  const table = tableById(draft, id);
  if (table === undefined) return;
  const names = new Set(table.columns.map(({ name }) => name));
  const columns = [...table.columns];
  for (const column of source.columns) {
    if (names.has(column.name) || columns.length >= MAX_COLUMNS) continue;
    names.add(column.name);
    columns.push({ ...change(column), id: takeId(draft), origin: originOf(draft) });
  }
  if (columns.length > table.columns.length) changeTable(draft, id, () => ({ columns }));
}

/**
 * Copies the constraints that children always have: checks and, from 18 on, NOT NULL. Those of the table itself keep
 * their names, so NOT NULL is copied after them.
 */
export function copyInherited(draft: Draft, id: number, source: Table, kind: "check" | "not null"): void {
  for (const constraint of source.constraints) {
    if (constraint.noInherit || constraint.kind !== kind) continue;
    const table = tableById(draft, id);
    if (table === undefined) return;
    if (constraint.kind === "check" && hasConstraint(table, constraint.name)) continue;
    const column = constraint.columns[0];
    if (constraint.kind === "not null") {
      if (table.constraints.some((own) => own.kind === "not null" && own.columns[0] === column)) continue;
    }
    const name = hasConstraint(table, constraint.name)
      ? chooseConstraintName(draft, table.schema, [table.name, column ?? null, "not_null"])
      : constraint.name;
    appendConstraint(draft, id, { ...constraint, name, origin: originOf(draft) });
  }
}

/** Without the last parent that has it, a column is the table's own. */
function ofOthers(draft: Draft, column: Column, parents: readonly number[]): Column {
  if (column.isInherited !== true) return column;
  if (parents.some((id) => itemNamed(tableById(draft, id)?.columns ?? [], column.name))) return column;
  return { ...column, isInherited: false };
}

/** ALTER TABLE ... INHERIT and NO INHERIT. A circle cannot be. */
export function setInherits(draft: Draft, id: number, parent: number, inherits: boolean): void {
  if (inherits && familyOf(draft, id).includes(parent)) return;
  changeTable(draft, id, (table) => {
    if (!inherits) {
      const others = table.inherits.filter((other) => other !== parent);
      return { inherits: others, columns: table.columns.map((column) => ofOthers(draft, column, others)) };
    }
    return table.inherits.includes(parent) ? {} : { inherits: [...table.inherits, parent] };
  });
}
