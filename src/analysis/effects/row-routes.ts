import type { Expression } from "../../model/expression.ts";
import type { Insert, Update } from "../../model/query.ts";
import { quoteName } from "../../sql/names.ts";
import type { Table } from "../entities.ts";
import { touchedBy } from "./bounds.ts";
import { ancestorsOf, hasStorage } from "./family.ts";
import { type ForeignKeyOf, referencedBy, referencedColumnsOf } from "./foreign-keys.ts";
import type { EffectsWorld, Ledger } from "./ledger.ts";
import { lock } from "./ledger.ts";

/** The partitions that rows go to; of VALUES those that their constants do not rule out. */
export function routesOf(world: EffectsWorld, change: Insert, table: Table): readonly Table[] {
  if (table.partitionBy === null) return [];
  const rows = rowsOf(change);
  const names = namesOf(change, table);
  const leaves = (where: Expression | null) =>
    touchedBy(world, table, where).filter((one) => hasStorage(one));
  if (rows.length === 0 || rows.length > MAX_ROUTED) return leaves(null);
  return rows.flatMap((row) => leaves({ kind: "and", arguments: equalities(names, row) }));
}

/** The rows of an INSERT as far as they are written down: of a query the constants among its targets tell what they hold. */
function rowsOf({ source }: Insert): readonly (readonly Expression[])[] {
  if (source?.kind === "values") return source.rows;
  const targets = source?.kind === "select" ? source.targets.map(({ value }) => value) : [];
  const isTold =
    targets.length > 0 && !targets.some((one) => one.kind === "column" && one.path.at(-1) === "*");
  return isTold ? [targets] : [];
}

function namesOf(change: Insert, table: Table): readonly string[] {
  return change.columns.length > 0
    ? change.columns.map(({ name }) => name)
    : table.columns.map(({ name }) => name);
}

/** What the rows of an INSERT have to find behind a foreign key; null: not known, "nothing": their references are null. */
export function wantedBy(
  world: EffectsWorld,
  change: Insert,
  table: Table,
  key: ForeignKeyOf,
): Expression | null | "nothing" {
  const rows = rowsOf(change);
  if (rows.length === 0 || rows.length > MAX_ROUTED) return null;
  const places = key.columns.map((column) => namesOf(change, table).indexOf(column));
  const isNull = (one: Expression | undefined) => one?.kind === "constant" && one.type === "null";
  if (rows.every((row) => places.some((place) => isNull(row[place])))) return "nothing";
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

/** UPDATE of a partition key moves rows to where they belong then. */
export function moveRows(ledger: Ledger, change: Update, table: Table): void {
  const keys = table.partitionBy?.columns.map((part) => part.column) ?? [];
  const moved = change.assignments.filter(({ column }) => keys.includes(column.name));
  if (moved.length === 0) return;
  const parts = moved.flatMap(({ column, value }): Expression[] =>
    value === null
      ? []
      : [{ kind: "operator", name: "=", left: { kind: "column", path: [column.name] }, right: value }],
  );
  for (const leaf of touchedBy(ledger.world, table, { kind: "and", arguments: parts }))
    if (hasStorage(leaf)) lock(ledger, leaf, "ROW EXCLUSIVE", "partition");
}
