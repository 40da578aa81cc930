import type { Expression } from "../../model/expression.ts";
import type { Insert } from "../../model/query.ts";
import { quoteName } from "../../sql/names.ts";
import type { Column, Table } from "../entities.ts";
import { isKnownType } from "../facts/casts.ts";
import { domainOf, findUserType } from "./domains.ts";
import { descendantsOf } from "./family.ts";
import { insertedColumns } from "./inserted-rows.ts";
import { type EffectsWorld, fail, type Ledger } from "./ledger.ts";

/** INSERT writes down nothing, or null, for a column that has to have a value and has nothing that gives it one. */
export function refuseMissingValues(ledger: Ledger, change: Insert, table: Table): void {
  const { world } = ledger;
  const rows = rowsOf(change);
  // A trigger may fill the column in, and a rule do something else.
  if (rows.length === 0 || ledger.isPlan || mayBeFilled(world, table)) return;
  const names = insertedColumns(change, table);
  for (const column of table.columns) {
    if (column.notNull !== "valid" && column.notNull !== "not valid") continue;
    const at = names.indexOf(column.name);
    // A field or an element of it may be what is given.
    if (at >= 0 && change.targets[at]?.isWhole === false) continue;
    const isEmpty = rows.some((row) => {
      const value = row[at];
      if (value === undefined || value.kind === "default") return !hasOwnValue(world, column);
      return value.kind === "constant" && value.type === "null" && column.generated === null;
    });
    if (isEmpty)
      fail(
        ledger,
        "23502",
        `column ${quoteName(column.name)} of ${quoteName(table.name)} has to have a value`,
      );
  }
}

/** Rows that are surely put in; DEFAULT VALUES is one without values. */
function rowsOf({ source, onConflict }: Insert): readonly (readonly Expression[])[] {
  if (source === null) return [[]];
  return source.kind === "values" && onConflict === null ? source.rows : [];
}

function mayBeFilled({ schema }: EffectsWorld, table: Table): boolean {
  if (table.kind === "foreign table" || table.rules.length > 0) return true;
  const family = table.partitionBy === null ? [table] : [table, ...descendantsOf(schema, table)];
  return family.some(({ triggers }) => triggers.some(({ events }) => events.includes("insert")));
}

/** Whether the column gets a value by itself. */
function hasOwnValue(world: EffectsWorld, { default: own, identity, generated, type }: Column): boolean {
  const isNull = own?.kind === "constant" && own.type === "null";
  if ((own !== null && !isNull) || identity || generated !== null || type === null) return true;
  const domain = domainOf(world, type);
  if (domain !== null) return domain.default !== null || domain.base === null;
  // A type that nobody knows may be a domain with a default.
  return findUserType(world, type) === undefined && (type.schema !== null || !isKnownType(type.name));
}
