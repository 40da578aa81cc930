import type { Constraint } from "../../model/table.ts";
import { quoteName } from "../../sql/names.ts";
import { itemNamed } from "../schema/places.ts";
import { type AlterPlan, isAdded } from "./alter-plan.ts";
import { hasChildren, isPartitioned, lockDescendants } from "./family.ts";
import { fail, lockTarget } from "./ledger.ts";
import { isNotNullOtherwise, planNotNull, refuseKeptNotNull } from "./not-null.ts";

type NotNull = Extract<Constraint, { readonly kind: "not null" }>;

/** ADD CONSTRAINT ... NOT NULL (18): as SET NOT NULL, with a name, and with the children unless it says otherwise. */
export function planNotNullConstraint(plan: AlterPlan, constraint: NotNull): void {
  const { ledger, target, statement } = plan;
  const { schema } = ledger.world;
  const table = target.known;
  lockTarget(ledger, target, "table", "ACCESS EXCLUSIVE");
  if (table !== null && !statement.only) lockDescendants(ledger, table, "ACCESS EXCLUSIVE");
  if (
    table?.isComplete === true &&
    itemNamed(table.columns, constraint.column.name) === undefined &&
    !isAdded(plan, constraint.column.name)
  )
    fail(ledger, "42703", `column ${quoteName(constraint.column.name)} does not exist`);
  if (constraint.noInherit && isPartitioned(table))
    fail(ledger, "0A000", "NOT NULL of a partitioned table cannot be NO INHERIT");
  if (constraint.name !== null && isNotNullOtherwise(plan, constraint.column.name, constraint.name.name))
    fail(
      ledger,
      "55000",
      `column ${quoteName(constraint.column.name)} has a not-null constraint of another name`,
    );
  if (!constraint.noInherit)
    refuseKeptNotNull(plan, constraint.column.name, constraint.notValid ? "not valid" : "valid");
  if (statement.only && !constraint.noInherit && table !== null && hasChildren(schema, table))
    fail(ledger, "42P16", "the constraint must be added to the child tables too");
  if (!constraint.notValid) planNotNull(plan, constraint.column.name, statement.only || constraint.noInherit);
}
