import type { Action } from "../../model/action.ts";
import { truncateName } from "../../sql/names.ts";
import { addOwnNotNull, makeColumn } from "./columns.ts";
import { addConstraint } from "./constraints.ts";
import { type Draft, tableById } from "./draft.ts";
import { mergeKeys } from "./repeated-keys.ts";
import { appendColumn, columnOf, familyOf } from "./tables.ts";

/** ADD COLUMN, with its constraints: children that have the column already keep theirs. */
export function addColumn(
  draft: Draft,
  id: number,
  action: Extract<Action, { kind: "add column" }>,
  only: boolean,
): void {
  const table = tableById(draft, id);
  if (table === undefined) return;
  const name = truncateName(action.column.name.name);
  if (action.ifNotExists && columnOf(table, name) !== undefined) return;
  const column = makeColumn(draft, table, action.column);
  for (const member of familyOf(draft, id, only)) {
    const current = tableById(draft, member);
    if (current === undefined || (member !== id && columnOf(current, name) !== undefined)) continue;
    const isOwn = member === id || current.partitionOf !== null;
    appendColumn(draft, member, isOwn ? column : { ...column, isInherited: true });
  }
  addOwnNotNull(draft, id, action.column, only);
  const ranks = ["check", "not null", "primary key", "unique", "exclusion", "foreign key"];
  const constraints = [...mergeKeys(action.column.constraints)].sort(
    (a, b) => ranks.indexOf(a.constraint.kind) - ranks.indexOf(b.constraint.kind),
  );
  // Without a default every row holds NULL: the server does not look at the rows and takes the key as valid.
  const isWithTable = column.default === null && !column.identity && column.generated === null;
  for (const { constraint, name } of constraints)
    addConstraint(draft, id, constraint, { isWithTable, only, name });
}
