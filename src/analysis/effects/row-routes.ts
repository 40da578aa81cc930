import type { Expression } from "../../model/expression.ts";
import type { Insert, Update } from "../../model/query.ts";
import { quoteName } from "../../sql/names.ts";
import type { Table } from "../entities.ts";
import { touchedBy } from "./bounds.ts";
import { ancestorsOf, hasStorage } from "./family.ts";
import type { EffectsWorld, Ledger } from "./ledger.ts";
import { lock } from "./ledger.ts";

/** The partitions that rows go to; of VALUES those that their constants do not rule out. */
export function routesOf(world: EffectsWorld, change: Insert, table: Table): readonly Table[] {
  if (table.partitionBy === null) return [];
  const { source } = change;
  // Of a query the constants among its targets tell where its rows go.
  const targets = source?.kind === "select" ? source.targets.map(({ value }) => value) : [];
  const isTold =
    targets.length > 0 && !targets.some((one) => one.kind === "column" && one.path.at(-1) === "*");
  const rows = source?.kind === "values" ? source.rows : isTold ? [targets] : [];
  const names =
    change.columns.length > 0
      ? change.columns.map(({ name }) => name)
      : table.columns.map(({ name }) => name);
  const leaves = (where: Expression | null) =>
    touchedBy(world, table, where).filter((one) => hasStorage(one));
  if (rows.length === 0 || rows.length > MAX_ROUTED) return leaves(null);
  return rows.flatMap((row) => leaves({ kind: "and", arguments: equalities(names, row) }));
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
