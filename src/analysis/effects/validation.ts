import type { Action } from "../../model/action.ts";
import { quoteName } from "../../sql/names.ts";
import type { Table, TableConstraint } from "../entities.ts";
import { actionsOn } from "../same-statement.ts";
import { itemNamed } from "../schema/places.ts";
import type { AlterPlan } from "./alter-plan.ts";
import { columnOf, isDroppedConstraint, planScan } from "./alter-plan.ts";
import { ancestorsOf, familyOf, hasChildren, isPartitioned, kinship, lockDescendants } from "./family.ts";
import { checkRows, lockReferenced, referencedBy } from "./foreign-keys.ts";
import { fail, failEvident, lock, needVersion, shortName, tableTarget } from "./ledger.ts";

type AlterConstraint = Extract<Action, { readonly kind: "alter constraint" }>;

/** VALIDATE CONSTRAINT: reads every row, and lets writers go on unless an earlier action of the statement does not. */
export function validateConstraint(plan: AlterPlan, name: string): void {
  const { ledger, target } = plan;
  const { world } = ledger;
  const table = target.known;
  const added = actionsOn(plan.statement, "add constraint", name)[0];
  const constraint = itemNamed(table?.constraints ?? [], name);
  // Drops run first, wherever they stand.
  if (added === undefined && isDroppedConstraint(plan, name)) {
    failEvident(ledger, "42704", `constraint ${quoteName(name)} is dropped before it is validated`);
    return;
  }
  if (table === null || constraint === undefined) {
    if (table?.isComplete === true && added === undefined)
      fail(
        ledger,
        "42704",
        `constraint ${quoteName(name)} of ${shortName(world, target.label)} does not exist`,
      );
    const isOwn = table === null || added?.constraint.kind === "foreign key";
    for (const member of isOwn ? [table] : familyOf(world.schema, table)) planScan(plan, member);
    if (added?.constraint.kind === "foreign key") {
      const other = tableTarget(world, added.constraint.references);
      checkRows(ledger, table, target.label, other.known, other.label);
    }
    return;
  }
  if (!["check", "foreign key", "not null"].includes(constraint.kind))
    fail(ledger, "42809", `${quoteName(name)} is neither a foreign key nor a check constraint`);
  if (!constraint.enforced) fail(ledger, "55000", `constraint ${quoteName(name)} is not enforced`);
  if (constraint.validated || !constraint.enforced) return;
  if (constraint.kind === "foreign key") {
    const other = referencedBy(world, constraint);
    lockReferenced(ledger, constraint, "ROW SHARE");
    for (const member of familyOf(world.schema, table).slice(1))
      if (member.partitionOf !== null)
        lock(ledger, member, "SHARE UPDATE EXCLUSIVE", kinship(world, member, table));
    checkRows(ledger, table, target.label, other.known, other.label);
    return;
  }
  if (plan.statement.only && !constraint.noInherit && hasChildren(world.schema, table))
    fail(ledger, "42P16", "the constraint must be validated on the child tables too");
  for (const member of familyOf(world.schema, table)) {
    if (member.id !== table.id && constraint.noInherit) continue;
    lock(
      ledger,
      member,
      "SHARE UPDATE EXCLUSIVE",
      member.id === table.id ? undefined : kinship(world, member, table),
    );
    planScan(plan, member);
  }
}

/** ALTER CONSTRAINT; ENFORCED (18) reads all rows under the strongest lock. */
export function alterConstraint(plan: AlterPlan, action: AlterConstraint): void {
  const { ledger, target } = plan;
  const { world } = ledger;
  const table = target.known;
  const constraint = itemNamed(table?.constraints ?? [], action.constraint.name);
  if (action.inherit !== null) {
    if (!action.inherit) needVersion(ledger, 18, "ALTER CONSTRAINT ... NO INHERIT", "0A000");
    if (constraint !== undefined && constraint.kind !== "not null")
      fail(
        ledger,
        "42809",
        `${quoteName(constraint.name)} is not a not-null constraint: it is always inherited or never`,
      );
    // What is so already stays as it is.
    if (constraint?.noInherit !== !action.inherit) inheritConstraint(plan, action.inherit, constraint);
  }
  if (action.deferrable !== null && table !== null) deferConstraint(plan, table, action.constraint.name);
  if (action.enforced === null) return;
  if (constraint === undefined || constraint.kind !== "foreign key") {
    if (constraint !== undefined)
      fail(
        ledger,
        "42809",
        `${quoteName(constraint.name)} is not a foreign key: it cannot be enforced or not`,
      );
    else if (action.enforced) planScan(plan, target.known);
    return;
  }
  if (constraint.enforced === action.enforced) return;
  // The key of each partition is changed along.
  if (table !== null && isPartitioned(table)) lockDescendants(ledger, table, "ACCESS EXCLUSIVE");
  const other = referencedBy(world, constraint);
  lockReferenced(ledger, constraint, action.enforced ? "SHARE ROW EXCLUSIVE" : "ACCESS EXCLUSIVE");
  if (action.enforced) checkRows(ledger, target.known, target.label, other.known, other.label);
}

/** [NOT] DEFERRABLE is for foreign keys; those of a partitioned table are changed on each partition. */
function deferConstraint(plan: AlterPlan, table: Table, name: string): void {
  const { ledger } = plan;
  const { schema, version } = ledger.world;
  const constraint = itemNamed(table.constraints, name);
  const isInherited = ancestorsOf(schema, table).some(
    (parent) =>
      isPartitioned(parent) &&
      parent.constraints.some((one) => one.name === name && one.kind === "foreign key"),
  );
  if (isInherited)
    fail(
      ledger,
      version >= 18 ? "55000" : "XX000",
      `constraint ${quoteName(name)} belongs to the partitioned table`,
    );
  else if (constraint !== undefined && constraint.kind !== "foreign key")
    fail(ledger, "42809", `${quoteName(name)} is not a foreign key`);
  else if (constraint === undefined && table.isComplete)
    fail(ledger, "42704", `constraint ${quoteName(name)} does not exist`);
  else if (isPartitioned(table)) lockDescendants(ledger, table, "ACCESS EXCLUSIVE");
}

/** INHERIT (18) gives a not-null constraint to all children, and reads them; NO INHERIT only tells those next to it. */
function inheritConstraint(
  plan: AlterPlan,
  inherits: boolean,
  constraint: TableConstraint | undefined,
): void {
  const { ledger, target } = plan;
  const { world } = ledger;
  const table = target.known;
  if (table === null) return;
  const columns = constraint?.kind === "not null" ? constraint.columns : [];
  const isProven = (child: Table) =>
    columns.length > 0 && columns.every((name) => columnOf(plan, name, child)?.notNull === "valid");
  const { schema } = world;
  const reached = new Set([...schema.partitionsOf(table.id), ...schema.childrenOf(table.id)]);
  for (const child of reached) {
    lock(ledger, child, "ACCESS EXCLUSIVE", kinship(world, child, table));
    // A child that has such a constraint keeps it, and what is below it is not looked at.
    if (!inherits || isProven(child)) continue;
    planScan(plan, child);
    for (const below of schema.childrenOf(child.id)) reached.add(below);
  }
}
