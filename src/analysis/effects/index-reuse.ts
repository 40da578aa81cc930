import type { Action } from "../../model/action.ts";
import type { TypeDescription } from "../../model/name.ts";
import type { Column, Index, Table } from "../entities.ts";
import { type AlterPlan, planRebuild } from "./alter-plan.ts";
import { lock } from "./ledger.ts";
import { refuseOperatorClass } from "./operator-classes.ts";
import { sharesOperators } from "./type-change.ts";

type AlterType = Extract<Action, { readonly kind: "alter column type" }>;

/** Whether an index over the old type serves the new one. */
export function keepsFamily(plan: AlterPlan, action: AlterType, column: Column): boolean {
  return column.type !== null && sharesOperators(plan.ledger.world, column.type, action.type);
}

/** Kept only where the server can tell that its order stays. */
export function reuseIndex(
  plan: AlterPlan,
  table: Table,
  index: Index,
  action: AlterType,
  column: Column,
  change: "none" | "rewrite" | "maybe",
): void {
  lock(plan.ledger, index, "ACCESS EXCLUSIVE");
  for (const [k, key] of index.keys.entries())
    if (key === column.name)
      refuseOperatorClass(
        plan.ledger,
        index.method,
        { operatorClass: index.keyForms[k]?.operatorClass ?? null },
        action.type,
      );
  if (change !== "none") return;
  const isKey = index.keys.includes(column.name);
  const isKept =
    !index.hasExpression &&
    !index.isPartial &&
    (!isKey || (keepsFamily(plan, action, column) && hasSameOrder(index, action, column))) &&
    !hasOtherKeys(index, column.name, action.type) &&
    // The copies of a partitioned index on the partitions are always made anew.
    index.partitionOf === null;
  if (!isKept) planRebuild(plan, table, index);
}

/** GIN keeps the elements of an array: its keys are never of the type that the column has. */
function hasOtherKeys(index: Index, column: string, type: TypeDescription): boolean {
  if (index.method !== "gin" || type.dimensions === 0) return false;
  return index.keys.some(
    (key, k) => key === column && (index.keyForms[k]?.operatorClass ?? "array_ops") === "array_ops",
  );
}

/** The collation stays, or the index has one of its own. The default collation may be spelt out. */
function hasSameOrder(index: Index, action: AlterType, column: Column): boolean {
  const named = (collation: string | null) => (collation === '"default"' ? null : collation);
  if (named(column.collation) === named(action.collation)) return true;
  return index.keys.every((key, k) => key !== column.name || index.keyForms[k]?.collation != null);
}
