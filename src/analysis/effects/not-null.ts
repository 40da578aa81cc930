import { quoteName } from "../../sql/names.ts";
import type { Table, TableConstraint } from "../entities.ts";
import { impliesNotNull } from "../implication.ts";
import { notNullOf } from "../inherited-not-null.ts";
import { hasActionOn } from "../same-statement.ts";
import { itemNamed } from "../schema/places.ts";
import type { AlterPlan } from "./alter-plan.ts";
import { columnOf, isAdded, isDroppedConstraint, planScan } from "./alter-plan.ts";
import { constraintsInForce, familyOf } from "./family.ts";
import { depend, fail, shortName } from "./ledger.ts";

/** Whether the history proves that the column holds no null; `unknown` where it does not know all constraints. */
export function knowsNotNull(plan: AlterPlan, table: Table, name: string): "yes" | "no" | "unknown" {
  const column = itemNamed(table.columns, name);
  const all = constraintsInForce(plan.ledger.world.schema, table);
  const isDropped = isNotNullDropped(plan, all, name);
  if (column?.notNull === "valid" && !isDropped) return "yes";
  const constraints = all.filter(
    (one) => !isDroppedConstraint(plan, one.name) && !(isDropped && one.kind === "not null"),
  );
  for (const one of constraints) {
    if (one.kind === "primary key" && one.columns.includes(name)) return "yes";
    if (!one.validated || !one.enforced) continue;
    if (one.kind === "not null" && one.columns.includes(name)) return "yes";
    if (one.kind === "check" && impliesNotNull(one.expression, name)) return "yes";
  }
  return table.isComplete || column?.notNull === "not valid" ? "no" : "unknown";
}

/** Drops run first: what the same statement takes away, by the column or (18) by the constraint's name, proves nothing. */
function isNotNullDropped(plan: AlterPlan, constraints: readonly TableConstraint[], name: string): boolean {
  return (
    hasActionOn(plan.statement, "drop not null", name) ||
    constraints.some(
      (one) => one.kind === "not null" && one.columns.includes(name) && isDroppedConstraint(plan, one.name),
    )
  );
}

/**
 * Every row of the table and its partitions is read to see whether the column holds a null, unless constraints prove
 * that it does not.
 */
export function planNotNull(plan: AlterPlan, name: string, only = plan.statement.only): void {
  const table = plan.target.known;
  if (table === null) {
    planScan(plan, null);
    if (!isAdded(plan, name)) dependOnProof(plan, name);
    return;
  }
  // One that is NOT VALID itself is validated, with those of its children.
  const isValidated = columnOf(plan, name)?.notNull === "not valid";
  for (const member of familyOf(plan.ledger.world.schema, table, only)) {
    const proof = isAdded(plan, name) ? "no" : knowsNotNull(plan, member, name);
    // From 18 a child that has the constraint NOT VALID keeps it so.
    const isLeft =
      !isValidated && member.id !== table.id && columnOf(plan, name, member)?.notNull === "not valid";
    if (proof !== "yes" && !isLeft) planScan(plan, member);
    if (proof === "unknown") dependOnProof(plan, name);
  }
}

function dependOnProof(plan: AlterPlan, name: string): void {
  const table = shortName(plan.ledger.world, plan.target.label);
  depend(
    plan.ledger,
    `whether ${table}.${quoteName(name)} is NOT NULL already, or a valid CHECK constraint proves it`,
  );
}

/** Whether the column is NOT NULL by a constraint of another name, or by none. */
export function isNotNullOtherwise(plan: AlterPlan, column: string, name: string): boolean {
  const table = plan.target.known;
  if (table === null || itemNamed(table.columns, column)?.notNull !== "valid") return false;
  return !table.constraints.some((one) => one.kind === "not null" && one.name === name);
}

/**
 * From 18 on a not-null constraint that is NO INHERIT or NOT VALID stays so, in the table and in what inherits from it: what
 * would need it otherwise is refused. SET NOT NULL leaves what is NOT VALID as it is.
 */
export function refuseKeptNotNull(
  plan: AlterPlan,
  column: string,
  need: "valid" | "not valid" | "set not null",
): void {
  const { ledger, statement, target } = plan;
  const { schema, version } = ledger.world;
  if (target.known === null || version < 18 || hasActionOn(statement, "drop not null", column)) return;
  for (const member of familyOf(schema, target.known, statement.only)) {
    const own = notNullOf(member, column);
    if (own === undefined || isDroppedConstraint(plan, own.name)) continue;
    const name = `the not-null constraint of column ${quoteName(column)} of ${quoteName(member.name)}`;
    if (own.noInherit) fail(ledger, need === "set not null" ? "0A000" : "55000", `${name} is NO INHERIT`);
    else if (!own.validated && need === "valid") fail(ledger, "55000", `${name} is NOT VALID`);
  }
}
