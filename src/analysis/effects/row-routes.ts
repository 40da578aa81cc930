import { type Expression, isNullConstant, walkExpression } from "../../model/expression.ts";
import type { Assignment, Insert, Update } from "../../model/query.ts";
import { quoteName } from "../../sql/names.ts";
import type { Table } from "../entities.ts";
import { itemNamed } from "../schema/places.ts";
import { touchedBy } from "./bounds.ts";
import { ancestorsOf, familyOf, hasStorage } from "./family.ts";
import { type ForeignKeyOf, referencedBy, referencedColumnsOf } from "./foreign-keys.ts";
import { insertedColumns, insertedRows } from "./inserted-rows.ts";
import type { EffectsWorld, Ledger } from "./ledger.ts";
import { lock } from "./ledger.ts";

/** The partitions that rows go to; of VALUES those that their constants do not rule out. */
export function routesOf(world: EffectsWorld, change: Insert, table: Table): readonly Table[] {
  if (table.partitionBy === null) return [];
  const rows = insertedRows(world, change);
  const names = insertedColumns(change, table);
  const leaves = (where: Expression | null) =>
    touchedBy(world, table, where).filter(({ id }) => id !== table.id);
  if (rows.length === 0 || rows.length > MAX_ROUTED) return leaves(null);
  return rows.flatMap((row) => leaves({ kind: "and", arguments: equalities(names, row) }));
}

/** What the rows of an INSERT have to find behind a foreign key; null: not known, "nothing": their references are null. */
export function wantedBy(
  world: EffectsWorld,
  change: Insert,
  table: Table,
  key: ForeignKeyOf,
): Expression | null | "nothing" {
  const rows = insertedRows(world, change);
  if (rows.length === 0 || rows.length > MAX_ROUTED) return null;
  const places = key.columns.map((column) => insertedColumns(change, table).indexOf(column));
  const defaults = key.columns.map((name) => itemNamed(table.columns, name));
  const isNull = (one: Expression | undefined, k: number) => {
    if (one !== undefined && one.kind !== "default") return isNullConstant(one);
    const column = defaults[k];
    return column?.default === null && !column.identity;
  };
  if (rows.every((row) => places.some((place, k) => isNull(row[place], k)))) return "nothing";
  const other = referencedBy(world, key).known;
  if (other === null) return null;
  const goals = referencedColumnsOf(other, key);
  return {
    kind: "or",
    arguments: rows.map((row) => ({
      kind: "and",
      arguments: equalities(
        goals,
        places.map((place) => row[place] ?? { kind: "default" }),
      ),
    })),
  };
}

/** Longer lists of VALUES are taken to reach every partition. */
const MAX_ROUTED = 20;

function equalities(names: readonly string[], row: readonly Expression[]): readonly Expression[] {
  return row.flatMap((right, index): Expression[] => {
    const name = names[index];
    if (name === undefined) return [];
    return [{ kind: "operator", name: "=", left: { kind: "column", path: [name] }, right }];
  });
}

/** A row that is put into a partition itself is held against its bound, which the parents know. */
export function lockBounds(ledger: Ledger, table: Table, since: number): void {
  if (ledger.world.version < since || table.partitionOf === null) return;
  for (const parent of ancestorsOf(ledger.world.schema, table))
    lock(ledger, parent, "ACCESS SHARE", `${quoteName(table.name)} is a partition of it`);
}

/** What the UPDATE sets of the columns by which the table, or a partition of it, is partitioned. */
function movedBy(world: EffectsWorld, change: Update, table: Table): readonly Assignment[] {
  if (table.partitionBy === null) return [];
  const keys = new Set(
    familyOf(world.schema, table).flatMap(
      (one) => one.partitionBy?.columns.map(({ column }) => column) ?? [],
    ),
  );
  return change.assignments.filter(({ column }) => keys.has(column.name));
}

/** Whether rows may move to another partition. */
export function movesRows(world: EffectsWorld, change: Update, table: Table): boolean {
  return movedBy(world, change, table).length > 0;
}

/** UPDATE of a partition key moves rows to where they belong then. */
export function moveRows(ledger: Ledger, change: Update, table: Table): void {
  const moved = movedBy(ledger.world, change, table);
  if (moved.length === 0) return;
  const parts = moved.flatMap(({ column, value }): Expression[] =>
    value === null
      ? []
      : [{ kind: "operator", name: "=", left: { kind: "column", path: [column.name] }, right: value }],
  );
  const wanted = { kind: "and" as const, arguments: [...parts, ...keptConditions(change)] };
  for (const leaf of touchedBy(ledger.world, table, wanted))
    if (hasStorage(leaf)) lock(ledger, leaf, "ROW EXCLUSIVE", "partition");
}

/** What WHERE says of columns that stay as they are still holds where the rows go. */
function keptConditions({ where, assignments }: Update): readonly Expression[] {
  if (where === null) return [];
  const set = new Set(assignments.map(({ column }) => column.name));
  const all = where.value.kind === "and" ? where.value.arguments : [where.value];
  return all.filter((part) => {
    let isKept = true;
    walkExpression(part, (node) => {
      isKept &&= node.kind !== "column" || !set.has(node.path.at(-1) ?? "");
    });
    return isKept;
  });
}
