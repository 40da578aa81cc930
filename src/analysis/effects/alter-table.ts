import type { Action } from "../../model/action.ts";
import type { AlterTable } from "../../model/statement.ts";
import { isTable, type Table } from "../entities.ts";
import { type ActionFact, actionFacts, modeOfOptions, versionOfAction } from "../facts/actions.ts";
import { alterBy } from "./alter-action.ts";
import { lacksIdentity } from "./alter-column.ts";
import { alterOther } from "./alter-other.ts";
import type { AlterPlan } from "./alter-plan.ts";
import { closePlan, columnOf, openPlan } from "./alter-plan.ts";
import { familyLosing, isPartitioned, kinship, lockDescendants } from "./family.ts";
import { isOfServer, refuseForeign } from "./foreign-table-refusals.ts";
import type { EffectsWorld, Ledger } from "./ledger.ts";
import { fail, lock, lockTarget, needVersion, targetOf } from "./ledger.ts";
import { isGone } from "./missing.ts";
import { refuseWord } from "./object-refusals.ts";

/** Actions of which only some forms are newer than the oldest server. */
const olderKinds = ["alter constraint", "detach partition"];

function wordsOf({ kind }: Action): string {
  return olderKinds.includes(kind) ? `this form of ${kind.toUpperCase()}` : kind.toUpperCase();
}

/** ALTER TABLE with these of its actions; the others are there as far as they change what these do. */
export function alterTable(ledger: Ledger, statement: AlterTable, actions: readonly Action[]): void {
  const { world } = ledger;
  const target = targetOf(world, statement.table);
  if (target.known === null && statement.ifExists && isGone(ledger, target.label)) return;
  for (const action of actions) {
    needVersion(ledger, versionOfAction(action), wordsOf(action));
  }
  if (statement.object === "table" && target.known === null) refuseComposite(ledger, statement);
  if (target.known !== null) refuseWord(ledger, statement.object, target.known);
  const isOther = target.known === null ? !isTableLike(statement) : !isTable(target.known);
  if (isOther) {
    alterOther(ledger, statement, target, actions);
    return;
  }
  const table = isTable(target.known) ? target.known : null;
  if (table !== null) refuseForeign(ledger, statement, table, actions);
  const plan = openPlan(ledger, statement, actions, { known: table, label: target.label });
  for (const action of actions) {
    lockForAction(plan, action);
    alterBy(plan, action);
  }
  closePlan(plan);
}

/** A composite type is altered as a type. */
function refuseComposite(ledger: Ledger, { table }: AlterTable): void {
  const type = ledger.world.schema.findType(table);
  if (type?.kind === "composite") fail(ledger, "42809", `${type.name} is a composite type`);
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
  // OPTIONS of a column of a foreign table.
  const isForeign = target.known?.kind === "foreign table" && isOfServer(ledger, action);
  const isOptions = action.kind === "set options" || action.kind === "reset options";
  const mode = isForeign ? "ACCESS EXCLUSIVE" : isOptions ? modeOfOptions(action.options) : fact.mode;
  lockTarget(ledger, target, "table", mode);
  const table = target.known;
  if (table === null || statement.only || fact.spreads === "none") return;
  if (fact.spreads === "partitions" && !isPartitioned(table)) return;
  if (
    (action.kind === "enable trigger" || action.kind === "disable trigger") &&
    !hasRowTrigger(ledger.world, table, action)
  )
    return;
  // IF NOT EXISTS and IF EXISTS stop at the table when there is nothing to do.
  if (action.kind === "add column" && columnOf(plan, action.column.name.name) !== undefined) return;
  if (action.kind === "drop column" && columnOf(plan, action.column.name) === undefined && table.isComplete)
    return;
  if (action.kind === "drop identity" && lacksIdentity(plan, action.column.name)) return;
  if (action.kind === "set not null") {
    if (ledger.world.version >= 18) {
      lockNullable(plan, table, action.column.name);
      return;
    }
    // Up to 17 nobody goes down from a column that is NOT NULL already.
    if (columnOf(plan, action.column.name)?.notNull === "valid") return;
  }
  // From 18 there is a constraint to drop, or nobody goes down.
  const isNullable = action.kind === "drop not null" && columnOf(plan, action.column.name)?.notNull === "no";
  if (isNullable && ledger.world.version >= 18) return;
  // Who has the column already keeps it, and those below it are left alone.
  if (action.kind === "add column") lockLacking(plan, table, action.column.name.name);
  else if (action.kind === "drop column") lockLosing(plan, table, action.column.name);
  else lockDescendants(ledger, table, plan.mode);
}

/** DROP COLUMN stops at each child that keeps the column. */
function lockLosing(plan: AlterPlan, table: Table, name: string): void {
  const { world } = plan.ledger;
  const kept: Table[] = [];
  const losing = familyLosing(world.schema, table, name, false, kept);
  for (const child of [...losing.slice(1), ...kept])
    lock(plan.ledger, child, plan.mode, kinship(world, child, table));
}

/** ADD COLUMN stops at each child that has the column: the two become one. */
function lockLacking(plan: AlterPlan, table: Table, name: string): void {
  const { world } = plan.ledger;
  const seen = new Set([table.id]);
  const open = [table];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next !== table && columnOf(plan, name, next) !== undefined) continue;
    for (const child of [...world.schema.partitionsOf(next.id), ...world.schema.childrenOf(next.id)]) {
      if (seen.has(child.id)) continue;
      seen.add(child.id);
      lock(plan.ledger, child, plan.mode, kinship(world, child, table));
      open.push(child);
    }
  }
}

/** Only row triggers have copies on the partitions; those of foreign keys, on either side, are found there from 15 on. */
function hasRowTrigger(
  { schema, version }: EffectsWorld,
  table: Table,
  { trigger }: Extract<Action, { readonly kind: "enable trigger" | "disable trigger" }>,
): boolean {
  if (typeof trigger !== "string")
    return table.triggers.some((one) => one.name === trigger.name && one.forEachRow);
  const isKeys = trigger === "all" && version >= 15;
  const hasKey =
    isKeys &&
    (table.constraints.some((one) => one.kind === "foreign key") ||
      schema.referencingTables(table.id).length > 0);
  return hasKey || table.triggers.some((one) => one.forEachRow);
}

/** From 18 SET NOT NULL goes no deeper than where the column is NOT NULL already. */
function lockNullable(plan: AlterPlan, table: Table, name: string): void {
  const { schema } = plan.ledger.world;
  const seen = new Set([table.id]);
  const open = [table];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (columnOf(plan, name, next)?.notNull === "valid") continue;
    for (const child of [...schema.partitionsOf(next.id), ...schema.childrenOf(next.id)]) {
      if (seen.has(child.id)) continue;
      seen.add(child.id);
      lock(plan.ledger, child, "ACCESS EXCLUSIVE", kinship(plan.ledger.world, child, next));
      open.push(child);
    }
  }
}

/** Identity columns of partitions came with 17. */
function factOf(action: Action, version: number): ActionFact {
  const isIdentity = action.kind.endsWith(" identity") && action.kind !== "replica identity";
  const fact = actionFacts[action.kind];
  return isIdentity && version >= 17 ? { ...fact, spreads: "partitions" } : fact;
}
