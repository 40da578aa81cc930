import type { Action } from "../../model/action.ts";
import { strongest } from "../../model/locks.ts";
import type { AlterTable } from "../../model/statement.ts";
import type { Table } from "../entities.ts";
import { type ActionFact, actionFacts, modeOfOptions, versionOfAction } from "../facts/actions.ts";
import { addColumn, requireFunctions } from "./add-column.ts";
import { alterOther } from "./alter-other.ts";
import type { AlterPlan } from "./alter-plan.ts";
import { closePlan, columnOf, isAdded, openPlan, planRewrite, planScan } from "./alter-plan.ts";
import { alterColumnType } from "./column-type.ts";
import { planConstraint } from "./constraints.ts";
import { dropColumn, dropConstraint } from "./drop-parts.ts";
import {
  ancestorsOf,
  descendantsOf,
  hasChildren,
  isPartitioned,
  lockDescendants,
  sequenceOf,
} from "./family.ts";
import type { Ledger, Target } from "./ledger.ts";
import { depend, fail, findRelation, isTable, lock, lockTarget, shortName, targetOf } from "./ledger.ts";
import { isMissing } from "./missing.ts";
import { planNotNull } from "./not-null.ts";
import { attachPartition, detachPartition } from "./partitions.ts";
import { changePersistence, setAccessMethod, setTablespace } from "./storage.ts";
import { alterConstraint, validateConstraint } from "./validation.ts";
import { hasWords } from "./words.ts";

/** ALTER TABLE with these of its actions; the others are there as far as they change what these do. */
export function alterTable(ledger: Ledger, statement: AlterTable, actions: readonly Action[]): void {
  const { world } = ledger;
  const target = targetOf(world, statement.table);
  if (target.known === null && statement.ifExists && isMissing(ledger, target.label)) return;
  for (const action of actions) {
    if (versionOfAction(action) > world.version)
      fail(ledger, "42601", `${action.kind} needs PostgreSQL ${versionOfAction(action)}`);
  }
  const isOther = target.known === null ? !isTableLike(statement) : !isTable(target.known);
  if (isOther) {
    alterOther(ledger, statement, target, actions);
    return;
  }
  const table = isTable(target.known) ? target.known : null;
  const plan = openPlan(ledger, statement, actions, { known: table, label: target.label });
  for (const action of actions) {
    lockForAction(plan, action);
    alter(plan, action);
  }
  closePlan(plan);
}

function isTableLike(statement: AlterTable): boolean {
  return statement.object === "table" || statement.object === "foreign table";
}

function lockForAction(plan: AlterPlan, action: Action): void {
  const { ledger, target, statement } = plan;
  const fact = factOf(action, ledger.world.version);
  // These say themselves what they lock.
  if (
    action.kind === "add constraint" ||
    action.kind === "attach partition" ||
    action.kind === "detach partition"
  )
    return;
  const isOptions = action.kind === "set options" || action.kind === "reset options";
  const mode = isOptions ? modeOfOptions(action.options, false) : fact.mode;
  lockTarget(ledger, target, "table", mode);
  const table = target.known;
  if (table === null || statement.only || fact.spreads === "none") return;
  if (fact.spreads === "partitions" && !isPartitioned(table)) return;
  // IF NOT EXISTS and IF EXISTS stop at the table when there is nothing to do.
  if (action.kind === "add column" && columnOf(plan, action.column.name.name) !== undefined) return;
  if (action.kind === "drop column" && columnOf(plan, action.column.name) === undefined && table.isComplete)
    return;
  lockDescendants(ledger, table, mode);
}

/** Identity columns of partitions came with 17. */
function factOf(action: Action, version: number): ActionFact {
  const isIdentity = action.kind.endsWith(" identity") && action.kind !== "replica identity";
  const fact = actionFacts[action.kind];
  return isIdentity && version >= 17 ? { ...fact, spreads: "partitions" } : fact;
}

function alter(plan: AlterPlan, action: Action): void {
  const { ledger, target, statement } = plan;
  const table = target.known;
  if ("column" in action && typeof action.column.name === "string")
    requireColumn(plan, action.column.name, action);
  switch (action.kind) {
    case "add column":
      addColumn(plan, action);
      return;
    case "drop column":
      dropColumn(plan, action);
      return;
    case "alter column type":
      alterColumnType(plan, action);
      return;
    case "set not null":
      if (statement.only && isPartitioned(table) && table !== null && hasChildren(ledger.world.schema, table))
        fail(ledger, "42P16", "NOT NULL must be set in the partitions too");
      planNotNull(plan, action.column.name);
      return;
    case "set default":
      requireFunctions(ledger, action.default.value);
      return;
    case "drop not null":
      refuseInheritedNotNull(plan, action.column.name);
      return;
    case "set options":
    case "reset options":
      if (isPartitioned(table) && !action.options.every((option) => option.startsWith("vacuum_")))
        fail(
          ledger,
          ledger.world.version >= 16 ? "42809" : "22023",
          "a partitioned table has no storage parameters",
        );
      return;
    case "set expression":
      setExpression(plan, action.column.name);
      return;
    case "drop expression":
      if (columnOf(plan, action.column.name)?.generated === "virtual")
        fail(ledger, "0A000", "DROP EXPRESSION is not supported for virtual generated columns");
      return;
    case "set identity":
    case "drop identity": {
      const sequence = table === null ? undefined : sequenceOf(ledger.world, table, action.column.name);
      if (lacksIdentity(plan, action.column.name) && !hasWords(ledger, action.span, "if", "exists"))
        fail(ledger, "55000", `column ${action.column.name} is not an identity column`);
      const mode = action.kind === "drop identity" ? "ACCESS EXCLUSIVE" : "SHARE ROW EXCLUSIVE";
      if (sequence !== undefined) lock(ledger, sequence, mode, `identity of ${action.column.name}`);
      return;
    }
    case "add identity":
      if (columnOf(plan, action.column.name)?.notNull === "no" && !isMadeNotNull(plan, action.column.name))
        fail(ledger, "55000", `column ${action.column.name} must be NOT NULL before identity can be added`);
      return;
    case "add constraint":
      planConstraint(plan, action.constraint);
      return;
    case "drop constraint":
      dropConstraint(plan, action);
      return;
    case "validate constraint":
      validateConstraint(plan, action.constraint.name);
      return;
    case "alter constraint":
      alterConstraint(plan, action);
      return;
    case "set logged":
    case "set unlogged":
      changePersistence(plan, action.kind === "set unlogged");
      return;
    case "set access method":
      setAccessMethod(plan, action.method);
      return;
    case "set tablespace":
      setTablespace(plan, action.tablespace.name);
      return;
    case "inherit": {
      const parent = targetOf(ledger.world, action.parent);
      if (
        table !== null &&
        descendantsOf(ledger.world.schema, table).some((one) => one.id === parent.known?.id)
      )
        fail(ledger, "42P07", "circular inheritance is not allowed");
      lockTarget(ledger, parent, "table", "SHARE UPDATE EXCLUSIVE");
      return;
    }
    case "no inherit":
      lockTarget(ledger, targetOf(ledger.world, action.parent), "table", "ACCESS SHARE");
      return;
    case "cluster on":
      lockSoleIndex(plan);
      return;
    case "replica identity":
      if (action.index !== null) lockIndex(plan, action.index.name, "SHARE");
      return;
    case "owner to":
      lockOwned(plan);
      return;
    case "attach partition":
      attachPartition(ledger, target, action);
      return;
    case "detach partition":
      detachPartition(ledger, target, action);
      return;
    default:
      return;
  }
}

/** An action on a column that a completely known table does not have is refused. */
function requireColumn(plan: AlterPlan, name: string, action: Action): void {
  const table = plan.target.known;
  if (action.kind === "drop column" || action.kind === "alter column type" || table === null) return;
  if (!table.isComplete || columnOf(plan, name) !== undefined || isAdded(plan, name)) return;
  fail(
    plan.ledger,
    "42703",
    `column ${name} of ${shortName(plan.ledger.world, plan.target.label)} does not exist`,
  );
}

function lacksIdentity(plan: AlterPlan, name: string): boolean {
  const column = columnOf(plan, name);
  return plan.target.known?.isComplete === true && column !== undefined && !column.identity;
}

function isMadeNotNull(plan: AlterPlan, name: string): boolean {
  return plan.statement.actions.some((one) => one.kind === "set not null" && one.column.name === name);
}

/** A partition cannot be looser than its parent. */
function refuseInheritedNotNull(plan: AlterPlan, name: string): void {
  const table = plan.target.known;
  if (table === null || table.partitionOf === null) return;
  const isRequired = ancestorsOf(plan.ledger.world.schema, table).some((parent) =>
    parent.columns.some((column) => column.name === name && column.notNull === "valid"),
  );
  if (isRequired) fail(plan.ledger, "42P16", `column ${name} is NOT NULL in the parent table`);
}

/** A stored column is computed anew for every row; a virtual one is not stored, but a NOT NULL or CHECK on it is verified. */
function setExpression(plan: AlterPlan, name: string): void {
  const table = plan.target.known;
  const column = columnOf(plan, name);
  if (column?.generated === "virtual") {
    if (column.notNull === "valid") planScan(plan, table);
    return;
  }
  const members: readonly (Table | null)[] =
    table === null ? [null] : [table, ...plan.ledger.world.schema.partitionsOf(table.id)];
  for (const member of members) planRewrite(plan, member);
  if (column === undefined && !(table?.isComplete ?? false))
    depend(plan.ledger, `whether ${name} is a stored or a virtual generated column`);
}

function lockIndex(plan: AlterPlan, name: string, mode: "SHARE" | "SHARE UPDATE EXCLUSIVE"): void {
  const { ledger, target } = plan;
  const schema = target.known?.schema ?? target.label.slice(0, target.label.indexOf("."));
  const index = findRelation(ledger.world, { schema, name });
  const found: Target = { known: index ?? null, label: `${schema}.${name}` };
  lockTarget(ledger, found, "index", mode);
}

/** CLUSTER ON does not say in the model which index; where there is only one, it is that, locked like the table. */
function lockSoleIndex(plan: AlterPlan): void {
  const table = plan.target.known;
  const [index, ...others] = table === null ? [] : plan.ledger.world.schema.indexesOf(table.id);
  if (index === undefined || others.length > 0) return;
  const modes = plan.actions.map((action) => actionFacts[action.kind].mode);
  lock(plan.ledger, index, modes.reduce(strongest));
}

/** Indexes and owned sequences get the new owner as well. */
function lockOwned(plan: AlterPlan): void {
  const { ledger, target } = plan;
  const table = target.known;
  if (table === null) return;
  for (const index of ledger.world.schema.indexesOf(table.id)) lock(ledger, index, "ACCESS EXCLUSIVE");
  for (const sequence of ledger.world.schema.sequencesOf(table.id))
    lock(ledger, sequence, "ACCESS EXCLUSIVE");
}
