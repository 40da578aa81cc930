import type { Query } from "../../model/query.ts";
import type { CreateTableAs, CreateView } from "../../model/statement.ts";
import { truncateName } from "../../sql/names.ts";
import { isTable, type Table, type View } from "../entities.ts";
import { isUpdatable } from "../updatable.ts";
import { boundCalls } from "./bound-calls.ts";
import { knownType } from "./columns.ts";
import { type Draft, findRelation, originOf, placeOf, takeId } from "./draft.ts";
import { putRelation } from "./draft-edits.ts";
import { clearRelation } from "./drop.ts";
import { keysUsed } from "./grouped-keys.ts";
import type { Output } from "./reading.ts";
import { readQuery, startReading } from "./scope.ts";
import { blankColumn, blankTable, noteUnknown } from "./tables.ts";

/** CREATE [OR REPLACE] VIEW: what its query reads cannot be dropped without it. */
export function foldCreateView(draft: Draft, statement: CreateView): void {
  const place = placeOf(draft, statement.view, statement.persistence === "temporary");
  const before = findRelation(draft, place);
  // OR REPLACE keeps the view: those that read it go on reading it.
  const isReplaced = statement.orReplace && before?.kind === "view";
  if (before !== undefined && !isReplaced) clearRelation(draft, before.id);
  putRelation<View>(draft, {
    kind: "view",
    ...place,
    ...readingOf(draft, statement.query, statement.columns),
    id: isReplaced ? before.id : takeId(draft),
    origin: isReplaced ? before.origin : originOf(draft),
    isCertainlyNew: isReplaced ? before.isCertainlyNew : !statement.orReplace,
    withData: false,
    ...(isUpdatable(statement.query) ? {} : { isReadOnly: true }),
    ...(isReplaced && before.hooks !== undefined && { hooks: before.hooks }),
  });
}

/** CREATE TABLE AS, SELECT INTO and CREATE MATERIALIZED VIEW. */
export function foldCreateTableAs(draft: Draft, statement: CreateTableAs): void {
  const isTemporary = statement.persistence === "temporary";
  const place = placeOf(draft, statement.table, isTemporary);
  const before = findRelation(draft, place);
  if (before !== undefined && statement.ifNotExists) return;
  const isCertainlyNew = !statement.ifNotExists || isTemporary;
  if (statement.object === "materialized view") {
    const reading = readingOf(draft, statement.query, statement.columns);
    if (before !== undefined) clearRelation(draft, before.id);
    const { withData } = statement;
    const kind = "materialized view";
    const origin = originOf(draft);
    putRelation<View>(draft, {
      kind,
      ...place,
      ...reading,
      id: takeId(draft),
      origin,
      isCertainlyNew,
      withData,
    });
    return;
  }
  const outputs = outputsOf(draft, statement.query);
  const id = before !== undefined && isTable(before) ? before.id : takeId(draft);
  if (before !== undefined) clearRelation(draft, before.id);
  putRelation<Table>(draft, {
    id,
    ...blankTable,
    ...place,
    persistence: statement.persistence,
    origin: originOf(draft),
    isCertainlyNew,
    isComplete: outputs !== null,
    columns: (outputs ?? []).map(({ name, type }, k) => ({
      id: takeId(draft),
      ...blankColumn,
      name: truncateName(statement.columns[k] ?? name),
      type: type === null ? null : { span: nowhere, ...knownType(draft, type) },
      origin: originOf(draft),
    })),
  });
}

/** What a view reads and offers. Names of its own replace those of the query, from the first on. */
function readingOf(
  draft: Draft,
  query: Query | null,
  names: readonly string[],
): Pick<View, "reads" | "columns" | "outputs" | "outputTypes" | "calls" | "keys"> {
  if (query === null) return { reads: [], columns: null, outputs: names.length > 0 ? names : null };
  const reading = startReading((schema, name) => findRelation(draft, { schema, name }));
  const outputs = readQuery(reading, query);
  const reads = [...reading.relations.values()];
  for (const read of reads) if (read.id === null) noteUnknown(draft, read);
  const keys = keysUsed(query, (schema, name) => findRelation(draft, { schema, name }));
  return {
    reads,
    ...(keys.length > 0 && { keys }),
    columns: reading.isUnsure ? null : [...reading.columns.values()],
    outputs: outputs?.map((output, k) => truncateName(names[k] ?? output.name)) ?? null,
    ...boundCalls(draft, query),
    ...(outputs !== null && { outputTypes: outputs.map(({ type }) => type) }),
  };
}

/** The type comes from an expression: there is no text of its own. */
const nowhere = { start: 0, end: 0 };

function outputsOf(draft: Draft, query: Query | null): readonly Output[] | null {
  if (query === null) return null;
  const reading = startReading((schema, name) => findRelation(draft, { schema, name }));
  const outputs = readQuery(reading, query);
  for (const read of reading.relations.values()) if (read.id === null) noteUnknown(draft, read);
  return outputs;
}
