import { isStandIn } from "../../model/stand-in.ts";
import { nameOf, truncateName } from "../../sql/names.ts";
import { isNameToken, tokenize } from "../../sql/tokens.ts";
import { type Column, isTable, type Table, type TableConstraint } from "../entities.ts";
import {
  type Draft,
  findRelation,
  MAX_COLUMNS,
  MAX_PARTS,
  originOf,
  placeOf,
  tableById,
  takeId,
} from "./draft.ts";
import { dependents, putRelation } from "./draft-edits.ts";
import { findGone } from "./gone.ts";
import { isSystemName, type NameLike, partsOf } from "./name-parts.ts";
import { placeIn, withNext, withPlace } from "./places.ts";

export const blankTable = {
  kind: "table",
  persistence: "permanent",
  columns: [],
  isComplete: true,
  constraints: [],
  partitionBy: null,
  partitionOf: null,
  inherits: [],
  rowSecurity: false,
  policies: [],
  triggers: [],
  rules: [],
  isCertainlyNew: true,
} as const;

/** Remembers that the history uses a relation that it did not create. What it took away itself, it knows. */
export function noteUnknown(draft: Draft, name: NameLike): void {
  if (!isSystemName(name) && !isGone(draft, name)) draft.isComplete = false;
}

/**
 * The table of that name. Where the history does not know it, one is assumed: it was there before, and what statements
 * say of it from now on is remembered. Undefined for views, other relations and the server's own; and for what the
 * history took away, since the statement is refused and changes nothing.
 */
export function tableFor(draft: Draft, name: NameLike): Table | undefined {
  const found = findRelation(draft, name);
  if (found !== undefined) return isTable(found) ? found : undefined;
  if (isSystemName(name) || isGone(draft, name)) return undefined;
  draft.isComplete = false;
  // Of a table that only the server can name nothing is worth remembering.
  if (isStandIn(partsOf(name).name)) return undefined;
  return putRelation(draft, {
    id: takeId(draft),
    ...blankTable,
    ...placeOf(draft, name),
    origin: null,
    isCertainlyNew: false,
    isComplete: false,
  });
}

/** Whether the history took away what bore the name, and nothing bears it since. */
export function isGone(draft: Draft, name: NameLike): boolean {
  return findGone(draft, draft.path, "relation", name) !== undefined;
}

/** Changes the table as it is in the draft by now. Undefined where it is gone. */
export function changeTable(
  draft: Draft,
  id: number,
  change: (table: Table) => Partial<Table>,
): Table | undefined {
  const table = tableById(draft, id);
  if (table === undefined) return undefined;
  const changes = change(table);
  for (const _ in changes) return putRelation(draft, { ...table, ...changes });
  return table;
}

/** The table, its partitions and what inherits from it, parents first; only itself with ONLY. */
export function familyOf(draft: Draft, id: number, only = false): readonly number[] {
  if (only) return [id];
  const partitions = dependents(draft, "partition", id);
  const children = dependents(draft, "child", id);
  // Hardly any table has either.
  if (partitions.length === 0 && children.length === 0) return [id];
  const family = new Set<number>([id]);
  for (const member of family) {
    for (const child of dependents(draft, "partition", member)) family.add(child.id);
    for (const child of dependents(draft, "child", member)) family.add(child.id);
  }
  return [...family];
}

/** The column of this name; undefined where the table has none, or none that is known. */
export function columnOf(table: Table, name: string): Column | undefined {
  return table.columns[placeIn(table.columns, name)];
}

/** A column that a statement names on a table that is not completely known. */
function assumedColumn(draft: Draft, name: string): Column {
  return { id: takeId(draft), ...blankColumn, name, type: null, notNull: "unknown", origin: null };
}

export const blankColumn = {
  type: null,
  collation: null,
  notNull: "no",
  default: null,
  generated: null,
  generatedFrom: [],
  identity: false,
} as const;

/** Makes sure that a table which is not completely known has the columns that a statement names. */
export function assumeColumns(draft: Draft, id: number, names: readonly string[]): void {
  const table = tableById(draft, id);
  if (table === undefined || table.isComplete) return;
  const missing = new Set(names.filter((name) => columnOf(table, name) === undefined));
  if (missing.size === 0) return;
  const assumed = [...missing].map((name) => assumedColumn(draft, name));
  const columns = assumed.slice(0, MAX_COLUMNS - table.columns.length).reduce(withNext, table.columns);
  changeTable(draft, id, () => ({ columns }));
}

/** Changes a column, which is assumed first where the table is not completely known. */
export function changeColumn(
  draft: Draft,
  id: number,
  name: string,
  change: (column: Column) => Partial<Column>,
): void {
  const cut = truncateName(name);
  assumeColumns(draft, id, [cut]);
  changeTable(draft, id, (table) => {
    const index = placeIn(table.columns, cut);
    const column = table.columns[index];
    if (column === undefined) return {};
    return { columns: withPlace(table.columns, index, { ...column, ...change(column) }) };
  });
}

/** Appends a column; the server has a limit. A column of that name gives way: the newest word counts. */
export function appendColumn(draft: Draft, id: number, column: Column): void {
  changeTable(draft, id, (table) => {
    const index = placeIn(table.columns, column.name);
    if (index !== -1) return { columns: withPlace(table.columns, index, column) };
    if (table.columns.length >= MAX_COLUMNS) return {};
    return { columns: withNext(table.columns, column) };
  });
}

/** Appends a constraint in the place of one of the same name. */
export function appendConstraint(draft: Draft, id: number, constraint: TableConstraint): void {
  changeTable(draft, id, (table) => {
    const index = placeIn(table.constraints, constraint.name);
    if (index !== -1) return { constraints: withPlace(table.constraints, index, constraint) };
    if (table.constraints.length >= MAX_PARTS) return { isComplete: false };
    return { constraints: withNext(table.constraints, constraint) };
  });
}

/** Whether the table has a constraint of this name that is known. */
export function hasConstraint(table: Table, name: string): boolean {
  return placeIn(table.constraints, name) !== -1;
}

/** What every constraint that this statement adds has in common. */
export function freshConstraint(draft: Draft) {
  return { validated: true, enforced: true, noInherit: false, origin: originOf(draft) };
}

/** The columns of the table that a stretch of the statement mentions, such as a list behind its name. */
export function columnsNamedIn(draft: Draft, table: Table, start: number, end: number): readonly string[] {
  const { text } = draft.context;
  const names = new Set<string>();
  for (const token of tokenize(text, start, end)) if (isNameToken(token)) names.add(nameOf(text, token));
  return table.columns.map((column) => column.name).filter((column) => names.has(column));
}
