import type { Assignment, DataChange, Insert } from "../model/query.ts";
import type { Statement } from "../model/statement.ts";
import { nameOf } from "../sql/names.ts";
import { isNameToken, isWord, tokensIn } from "../sql/tokens.ts";
import { type Cursors, foldCursors } from "./cursors.ts";
import type { Lock } from "./effect.ts";
import type { Table, TableConstraint } from "./entities.ts";
import type { Schema } from "./schema.ts";

/**
 * Checks that an open transaction has put off to its end, and its cursors. PostgreSQL refuses to alter, drop, index or empty a
 * table while any of them waits for a row of it, or reads it (55006).
 */
export interface Deferral {
  /** Tables with checks that wait, by id, and for which of their keys, by name. */
  readonly waiting: ReadonlyMap<number, Waiting>;
  /** Those of them with a reference that is not null: there is something to look up. */
  readonly pointing: ReadonlySet<number>;
  /** What SET CONSTRAINTS said last of all of them, and since then of single ones. */
  readonly all: boolean | null;
  readonly single: ReadonlyMap<string, boolean>;
  readonly cursors: Cursors;
}

/** `maybe`: only if a row was changed. */
type Waiting = ReadonlyMap<string, "surely" | "maybe">;

export const noDeferral: Deferral = {
  waiting: new Map(),
  pointing: new Set(),
  all: null,
  single: new Map(),
  cursors: new Map(),
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
  /** What it locks. */
  readonly locks: readonly Lock[];
}

/** The checks that wait after a statement of a transaction. */
export function foldDeferral(
  before: Deferral,
  statement: Statement,
  { text, schema, searchPath, settings, locks }: DeferralWorld,
): Deferral {
  switch (statement.kind) {
    case "other":
      if (statement.command === "set constraints") return setConstraints(before, statement, text);
      return withCursors(before, foldCursors(before.cursors, statement, text, locks));
    case "declare cursor":
      return withCursors(before, foldCursors(before.cursors, statement, text, locks));
    case "insert":
    case "update":
    case "delete": {
      const table = schema.findRelation(statement.table, searchPath);
      if (table?.kind !== "table" || table.isUnchecked === true || isReplica(settings)) return before;
      const found = waitsFor(before, statement, table, schema);
      if (found.size === 0) return before;
      const points = statement.kind !== "insert" || !holdsNulls(statement, table);
      const isNew = points && !before.pointing.has(table.id);
      const pointing = isNew ? new Set([...before.pointing, table.id]) : before.pointing;
      const all = new Map(before.waiting.get(table.id));
      for (const [key, how] of found) if (all.get(key) !== "surely") all.set(key, how);
      return { ...before, pointing, waiting: new Map([...before.waiting, [table.id, all]]) };
    }
    default:
      return before;
  }
}

function withCursors(before: Deferral, cursors: Cursors): Deferral {
  return cursors === before.cursors ? before : { ...before, cursors };
}

function setConstraints(before: Deferral, { span }: Statement, text: string): Deferral {
  const tokens = tokensIn(text, span.start, span.end);
  const deferred = isWord(
    text,
    tokens.findLast(({ kind }) => kind === "word"),
    "deferred",
  );
  // What waited is checked now.
  if (isWord(text, tokens[2], "all")) {
    const { waiting, pointing } = deferred ? before : noDeferral;
    return { ...before, waiting, pointing, all: deferred, single: noDeferral.single };
  }
  const names = tokens
    .slice(2, -1)
    .filter(isNameToken)
    .map((name) => nameOf(text, name));
  return {
    ...before,
    waiting: deferred ? before.waiting : without(before.waiting, new Set(names)),
    single: new Map([...before.single, ...names.map((name) => [name, deferred] as const)]),
  };
}

/** What waits, but for the keys of these names. */
function without(waiting: Deferral["waiting"], names: ReadonlySet<string>): Deferral["waiting"] {
  const left = new Map<number, Waiting>();
  for (const [table, keys] of waiting) {
    const kept = [...keys].filter(([name]) => !names.has(name));
    if (kept.length > 0) left.set(table, new Map(kept));
  }
  return left;
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

/** What a change leaves to be checked, by the names of the keys. Partitions keep their rows themselves. */
function waitsFor(deferral: Deferral, change: DataChange, table: Table, schema: Schema): Waiting {
  const found = new Map<string, "surely" | "maybe">();
  if (table.partitionBy !== null) return found;
  const own = table.constraints.filter(
    (one): one is ForeignKey => one.kind === "foreign key" && isPutOff(deferral, one),
  );
  if (change.kind === "insert") {
    const isSure = change.source?.kind === "values" && change.onConflict === null;
    for (const { name } of own) found.set(name, isSure ? "surely" : "maybe");
    return found;
  }
  // A reference to nothing has nothing to be checked.
  const isMeant = ({ value }: Assignment) => value?.kind !== "constant" || value.type !== "null";
  const set =
    change.kind === "update" ? change.assignments.filter(isMeant).map(({ column }) => column.name) : null;
  const touches = (columns: readonly string[]) =>
    set === null || columns.some((column) => set.includes(column));
  // A row that goes takes its own references along.
  for (const { name, columns } of own) if (set !== null && touches(columns)) found.set(name, "maybe");
  const isLeft = (key: ForeignKey) =>
    isPutOff(deferral, key) &&
    key.references.id === table.id &&
    (set === null ? key.onDelete : key.onUpdate) === "no action" &&
    touches(key.referencedColumns);
  for (const { constraints } of schema.referencingTables(table.id))
    for (const one of constraints)
      if (one.kind === "foreign key" && isLeft(one)) found.set(one.name, "maybe");
  return found;
}
