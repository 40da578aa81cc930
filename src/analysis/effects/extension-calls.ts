import type { Call, Expression } from "../../model/expression.ts";
import type { Query } from "../../model/query.ts";
import { nameOf } from "../../sql/names.ts";
import { isMark, isNameToken, tokensIn } from "../../sql/tokens.ts";
import { labelOf } from "../effect.ts";
import { isTable } from "../entities.ts";
import { isOwnFunction } from "../own-functions.ts";
import type { NameLike } from "../schema.ts";
import { type Ledger, lock, lockTarget, targetOf } from "./ledger.ts";

/**
 * Functions of extensions that change a table which their arguments name: those of PostGIS run ALTER TABLE
 * (postgis/postgis.sql.in: UpdateGeometrySRID gives the column another type, by way of an expression), and TimescaleDB takes its
 * lock before it looks at anything (src/hypertable.c, ts_hypertable_create_from_info), and then moves all rows where it is told to.
 */
export function useExtensions(ledger: Ledger, query: Query): void {
  if (query.kind !== "select") return;
  for (const { value } of query.targets) if (value.kind === "call") useCall(ledger, value);
  for (const source of query.from)
    if (source.kind === "function" && source.call !== null) useCall(ledger, source.call);
}

function useCall(ledger: Ledger, call: Call): void {
  const found = changed(call);
  if (found === null || isOwnFunction(ledger.world.schema, call.name)) return;
  const target = targetOf(ledger.world, found.table);
  lockTarget(ledger, target, "table", "ACCESS EXCLUSIVE");
  if (!found.isWhole) return;
  const label = target.known === null ? target.label : labelOf(target.known);
  ledger.rewrites.add(label);
  ledger.scans.add(label);
  if (!isTable(target.known)) return;
  for (const index of ledger.world.schema.indexesOf(target.known.id)) {
    lock(ledger, index, "ACCESS EXCLUSIVE");
    ledger.buildsIndexes.add(index.name);
  }
}

/** The table that a call changes, and whether that reaches every row. */
function changed(call: Call): { readonly table: NameLike; readonly isWhole: boolean } | null {
  const values = call.arguments.map(textOf);
  const srid = call.arguments.findIndex((one) => one.kind === "constant" && one.type === "integer");
  switch (call.name) {
    // (table, column, srid), with the schema before it, and the catalogue before that.
    case "updategeometrysrid":
      return named(values, srid - 2, true);
    case "addgeometrycolumn":
      return named(values, srid - 2, false);
    case "dropgeometrycolumn":
      return named(values, values.length - 2, false);
    case "create_hypertable": {
      const table = values[0] == null ? null : nameIn(values[0]);
      const at = call.names?.indexOf("migrate_data") ?? -1;
      const moves = call.arguments[at];
      const isWhole = moves?.kind === "constant" && moves.type === "boolean" && moves.value === "true";
      return table === null ? null : { table, isWhole };
    }
    default:
      return null;
  }
}

/** The table whose name stands at this place, as it is spelt, with the schema before it where one is given. */
function named(values: readonly (string | null)[], at: number, isWhole: boolean) {
  const name = values[at] ?? null;
  const schema = values[at - 1] ?? null;
  return name === null ? null : { table: { schema: schema === "" ? null : schema, name }, isWhole };
}

/** A relation as a string names it where SQL would. */
function nameIn(text: string): NameLike | null {
  const [first, dot, second, ...more] = tokensIn(text);
  if (!isNameToken(first) || more.length > 0) return null;
  if (dot === undefined) return { schema: null, name: nameOf(text, first) };
  if (!isMark(text, dot, ".") || !isNameToken(second)) return null;
  return { schema: nameOf(text, first), name: nameOf(text, second) };
}

/** The text of a literal, whatever it is cast to. */
function textOf(value: Expression): string | null {
  const inner = value.kind === "cast" ? value.argument : value;
  return inner.kind === "constant" && inner.type === "string" ? inner.value : null;
}
