import { ancestorsOf, familyOf } from "../analysis/effects/family.ts";
import { readsIn } from "../analysis/effects/reads.ts";
import { isTable, type Table } from "../analysis/entities.ts";
import { volatilityOf } from "../analysis/volatility.ts";
import { type Expression, walkExpression } from "../model/expression.ts";
import { type Delete, type Update, valuesSet } from "../model/query.ts";
import type { Context } from "../rule.ts";
import { worldOf } from "./world.ts";

/**
 * Whether batches would see other rows than the one statement does: its condition or a value reads the very table, a view that
 * may read it, or calls a function of the history that may.
 */
export function readsItself(change: Update | Delete, context: Context): boolean {
  const { schema } = context;
  const world = worldOf(context);
  const known = schema.findTable(change.table);
  const own = known === undefined ? new Set<number>() : kin(known, context);
  return expressionsOf(change).some((expression) => {
    const reads = readsIn(expression, world);
    const isRead = reads.some((read) => {
      const found = schema.findRelation(read);
      if (found === undefined) return read.name === change.table.name.name;
      return !isTable(found) || own.has(found.id);
    });
    return isRead || callsUnsure(expression, context);
  });
}

/** Whether the condition gives another answer each time that it is asked. */
export function isUnsteady({ where }: Update | Delete, context: Context): boolean {
  return where !== null && volatilityOf(where.value, worldOf(context)).volatility === "volatile";
}

/** The table with all that shares rows with it. */
function kin(table: Table, { schema }: Context): ReadonlySet<number> {
  const tables = [table, ...ancestorsOf(schema, table)].flatMap((one) => familyOf(schema, one));
  return new Set(tables.map(({ id }) => id));
}

function expressionsOf(change: Update | Delete): readonly Expression[] {
  const values = change.kind === "update" ? valuesSet(change.assignments) : [];
  return change.where === null ? values : [...values, change.where.value];
}

/** A function of the history's own that may look at tables. */
function callsUnsure(expression: Expression, { schema }: Context): boolean {
  let isUnsure = false;
  walkExpression(expression, (node) => {
    if (node.kind !== "call") return;
    const found = schema.findFunctions({ schema: node.schema ?? null, name: node.name });
    isUnsure ||= found.some(({ volatility }) => volatility !== "immutable");
  });
  return isUnsure;
}
