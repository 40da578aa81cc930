import type { Assignment, DataChange, Insert } from "../model/query.ts";
import type { AlterTable, Statement } from "../model/statement.ts";
import { nameOf } from "../sql/names.ts";
import { isNameToken, isWord, tokensIn } from "../sql/tokens.ts";
import type { Table, TableConstraint } from "./entities.ts";
import type { Schema } from "./schema.ts";

/**
 * Checks that an open transaction has put off to its end. PostgreSQL refuses to alter, drop, index or empty a table while any
 * of them waits for a row of it (55006).
 */
export interface Deferral {
  /** Tables with checks that wait, by id; `maybe`: only if a row was changed. */
  readonly waiting: ReadonlyMap<number, "surely" | "maybe">;
  /** Those of them with a reference that is not null: there is something to look up. */
  readonly pointing: ReadonlySet<number>;
  /** What SET CONSTRAINTS said last of all of them, and since then of single ones. */
  readonly all: boolean | null;
  readonly single: ReadonlyMap<string, boolean>;
  /** Tables whose triggers are all disabled, by id: their foreign keys check nothing. */
  readonly unchecked: ReadonlySet<number>;
}

export const noDeferral: Deferral = {
  waiting: new Map(),
  pointing: new Set(),
  all: null,
  single: new Map(),
  unchecked: new Set(),
};

type ForeignKey = Extract<TableConstraint, { kind: "foreign key" }>;

/** Under session_replication_role = replica foreign keys are not looked at. */
export function isReplica(settings: ReadonlyMap<string, { readonly value: string }>): boolean {
  return settings.get("session_replication_role")?.value.toLowerCase() === "replica";
}

/** What a statement finds when it runs. */
interface DeferralWorld {
  readonly text: string;
  readonly schema: Schema;
  readonly searchPath: readonly string[];
  readonly settings: Parameters<typeof isReplica>[0];
}

/** The checks that wait after a statement of a transaction. */
export function foldDeferral(
  before: Deferral,
  statement: Statement,
  { text, schema, searchPath, settings }: DeferralWorld,
): Deferral {
  switch (statement.kind) {
    case "other":
      return statement.command === "set constraints" ? setConstraints(before, statement, text) : before;
    case "alter table":
      return switchChecks(before, statement, schema.findRelation(statement.table, searchPath)?.id);
    case "insert":
    case "update":
    case "delete": {
      const table = schema.findRelation(statement.table, searchPath);
      if (table?.kind !== "table" || before.unchecked.has(table.id) || isReplica(settings)) return before;
      const found = waitsFor(before, statement, table, schema);
      if (found === null) return before;
      const points = statement.kind !== "insert" || !holdsNulls(statement, table);
      const isNew = points && !before.pointing.has(table.id);
      const pointing = isNew ? new Set([...before.pointing, table.id]) : before.pointing;
      if (before.waiting.get(table.id) === "surely") return { ...before, pointing };
      return { ...before, pointing, waiting: new Map([...before.waiting, [table.id, found]]) };
    }
    default:
      return before;
  }
}

/** DISABLE TRIGGER ALL takes the triggers of foreign keys along, those of both sides that are on this table. */
function switchChecks(before: Deferral, { actions }: AlterTable, table: number | undefined): Deferral {
  const last = actions.findLast(
    (one) => (one.kind === "enable trigger" || one.kind === "disable trigger") && one.trigger === "all",
  );
  if (table === undefined || last === undefined) return before;
  const isOff = last.kind === "disable trigger";
  if (before.unchecked.has(table) === isOff) return before;
  const unchecked = new Set(before.unchecked);
  if (isOff) unchecked.add(table);
  else unchecked.delete(table);
  return { ...before, unchecked };
}

function setConstraints(before: Deferral, { span }: Statement, text: string): Deferral {
  const tokens = tokensIn(text, span.start, span.end);
  const last = tokens.findLast(({ kind }) => kind === "word");
  const deferred = last !== undefined && isWord(text, last, "deferred");
  // What waited is checked now: which of several tables it was for, is left open.
  const { waiting, pointing } = deferred ? before : noDeferral;
  if (tokens[2] !== undefined && isWord(text, tokens[2], "all"))
    return { ...before, waiting, pointing, all: deferred, single: noDeferral.single };
  const names = tokens.slice(2, -1).filter(isNameToken);
  return {
    ...before,
    waiting,
    pointing,
    single: new Map([...before.single, ...names.map((name) => [nameOf(text, name), deferred] as const)]),
  };
}

/** Whether an INSERT writes down null for each column of every foreign key of the table. */
function holdsNulls({ columns, source }: Insert, table: Table): boolean {
  if (source?.kind !== "values") return false;
  const names = (columns.length > 0 ? columns : table.columns).map(({ name }) => name);
  const own = new Set(table.constraints.flatMap((one) => (one.kind === "foreign key" ? one.columns : [])));
  // What is left out has its default.
  if (table.columns.some((one) => own.has(one.name) && !names.includes(one.name) && one.default !== null))
    return false;
  return source.rows.every((row) =>
    row.every((value, k) => !own.has(names[k] ?? "") || (value.kind === "constant" && value.type === "null")),
  );
}

/** Whether the check of a constraint waits for the end of the transaction. */
export function isPutOff({ all, single }: Deferral, constraint: TableConstraint): boolean {
  if (constraint.deferrable !== true || !constraint.enforced) return false;
  return single.get(constraint.name) ?? all ?? constraint.deferred === true;
}

/** What a change leaves to be checked; null: nothing. Partitions keep their rows themselves. */
function waitsFor(
  deferral: Deferral,
  change: DataChange,
  table: Table,
  schema: Schema,
): "surely" | "maybe" | null {
  if (table.partitionBy !== null) return null;
  const own = table.constraints.filter(
    (one): one is ForeignKey => one.kind === "foreign key" && isPutOff(deferral, one),
  );
  if (change.kind === "insert") {
    if (own.length === 0) return null;
    return change.source?.kind === "values" && change.onConflict === null ? "surely" : "maybe";
  }
  // A reference to nothing has nothing to be checked.
  const isMeant = ({ value }: Assignment) => value?.kind !== "constant" || value.type !== "null";
  const set =
    change.kind === "update" ? change.assignments.filter(isMeant).map(({ column }) => column.name) : null;
  const touches = (columns: readonly string[]) =>
    set === null || columns.some((column) => set.includes(column));
  // A row that goes takes its own references along.
  if (set !== null && own.some(({ columns }) => touches(columns))) return "maybe";
  const isLeft = (key: ForeignKey) =>
    isPutOff(deferral, key) &&
    key.references.id === table.id &&
    (set === null ? key.onDelete : key.onUpdate) === "no action" &&
    touches(key.referencedColumns);
  const isReferenced = schema
    .referencingTables(table.id)
    .some(({ constraints }) => constraints.some((one) => one.kind === "foreign key" && isLeft(one)));
  return isReferenced ? "maybe" : null;
}
