import type { QualifiedName } from "../../model/name.ts";
import type { StatementOf } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { isTable } from "../entities.ts";
import type { Statistics } from "../table-parts.ts";
import { type Draft, findRelation, MAX_PARTS, placeOf } from "./draft.ts";
import { usersIn } from "./draft-edits.ts";
import { forgetThings, newName, noteGoneUnknown, noteMade } from "./gone.ts";
import { partsOf } from "./name-parts.ts";
import { changeTable, columnsNamedIn, noteUnknown } from "./tables.ts";

/** CREATE STATISTICS: the table keeps their names. What the server would call those without one is not known. */
export function foldCreateStatistics(draft: Draft, statement: StatementOf<"create statistics">): void {
  // The name that the server chooses may be any.
  if (statement.name === null) forgetThings(draft, "statistics");
  else noteMade(draft, "statistics", placeOf(draft, statement.name));
  if (statement.table === null) return;
  const table = findRelation(draft, statement.table);
  if (table === undefined) noteUnknown(draft, statement.table);
  if (statement.name === null || table === undefined || !isTable(table)) return;
  const { schema, name } = placeOf(draft, statement.name);
  const known = table.statistics ?? [];
  if (known.length >= MAX_PARTS || known.some((one) => one.schema === schema && one.name === name)) return;
  const columns = columnsNamedIn(draft, table, statement.name.span.end, statement.table.span.start);
  changeTable(draft, table.id, () => ({ statistics: [...known, { schema, name, columns }] }));
}

/** DROP STATISTICS. */
export function dropStatistics(draft: Draft, name: QualifiedName): void {
  changeStatistics(draft, name, () => []);
}

/** ALTER STATISTICS ... RENAME TO. */
export function renameStatistics(draft: Draft, from: QualifiedName, to: string): void {
  noteGoneUnknown(draft, "statistics", from, false, `renamed to ${quoteName(to)}`);
  noteMade(draft, "statistics", { schema: placeOf(draft, from).schema, name: to });
  changeStatistics(draft, from, (one) => [{ ...one, name: to }]);
}

/** ALTER STATISTICS ... SET SCHEMA. */
export function moveStatistics(draft: Draft, from: QualifiedName, schema: string): void {
  const { name } = placeOf(draft, from);
  noteGoneUnknown(draft, "statistics", from, false, newName({ schema: "", name }, { schema, name }));
  noteMade(draft, "statistics", { schema, name });
  changeStatistics(draft, from, (one) => [{ ...one, schema }]);
}

/** Those of the name in its schema, or wherever the search path finds them first. */
function changeStatistics(
  draft: Draft,
  wanted: QualifiedName,
  change: (one: Statistics) => readonly Statistics[],
): void {
  const { schema, name } = partsOf(wanted);
  for (const place of schema === null ? draft.path : [schema])
    for (const table of usersIn(draft, "has statistics", name)) {
      const isMeant = (one: Statistics) => one.schema === place && one.name === name;
      if (!isTable(table) || table.statistics?.some(isMeant) !== true) continue;
      const statistics = table.statistics.flatMap((one) => (isMeant(one) ? change(one) : [one]));
      changeTable(draft, table.id, () => ({ statistics }));
      return;
    }
}
