import type { Table, TableConstraint } from "../entities.ts";
import type { AlterPlan } from "./alter-plan.ts";
import { ancestorsOf } from "./family.ts";
import { isPartOfKey } from "./part-of-key.ts";

/** Whether a table has the constraint from one that it inherits from, or is a partition of. */
export function isInheritedConstraint(plan: AlterPlan, table: Table, constraint: TableConstraint): boolean {
  const { world } = plan.ledger;
  if (constraint.kind === "foreign key") return isPartOfKey(world, table, constraint);
  return ancestorsOf(world.schema, table).some((parent) =>
    parent.constraints.some(
      (one) =>
        one.kind === constraint.kind &&
        (one.name === constraint.name || (one.kind === "not null" && isSameColumn(one, constraint))) &&
        (one.kind === "check" || one.kind === "not null") &&
        !one.noInherit,
    ),
  );
}

function isSameColumn(left: TableConstraint, right: TableConstraint): boolean {
  return "columns" in left && "columns" in right && left.columns[0] === right.columns[0];
}
