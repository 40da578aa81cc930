import type { Action } from "../../model/action.ts";
import type { TypeDescription } from "../../model/name.ts";
import { serialBase } from "../../model/type-names.ts";
import { quoteName } from "../../sql/names.ts";
import type { Column, Table } from "../entities.ts";
import { typeOf } from "../expression-type.ts";
import { isOwnFunction } from "../own-functions.ts";
import { actionsOn, hasActionOn } from "../same-statement.ts";
import { dividesBy } from "../schema/expressions.ts";
import { requireFunctions } from "./add-column.ts";
import type { AlterPlan } from "./alter-plan.ts";
import { columnOf, doubtRewrite, isAdded, isDroppedConstraint, planRewrite, planScan } from "./alter-plan.ts";
import { placeIn } from "./alter-refusals.ts";
import { isInteger } from "./domains.ts";
import { refuseCollation, refuseExpression, refuseModifiers } from "./expression-refusals.ts";
import {
  constraintsInForce,
  familyOf,
  hasChildren,
  isIndexOn,
  isInheritedColumn,
  sequenceOf,
} from "./family.ts";
import { lockByFunctionsOf } from "./function-calls.ts";
import { readersOfColumn } from "./function-users.ts";
import { keepsFamily, reuseIndex } from "./index-reuse.ts";
import { depend, type EffectsWorld, fail, failEvident, lock, shortName } from "./ledger.ts";
import { doubtPart, doubtView, partsOnColumn } from "./part-uses.ts";
import { remakeForeignKeys } from "./remade-keys.ts";
import { refuseRetyped } from "./retyped.ts";
import { refuseRowUsers } from "./row-types.ts";
import { changeOfType, changeOfUsing, isSameType, isZoneZero, type TypeChange } from "./type-change.ts";

type AlterType = Extract<Action, { readonly kind: "alter column type" }>;

/** ALTER COLUMN TYPE: what becomes of the rows, and of everything that was built on the old type. */
export function alterColumnType(plan: AlterPlan, action: AlterType): void {
  const { ledger, target } = plan;
  const { world } = ledger;
  const table = target.known;
  const name = action.column.name;
  const column = columnOf(plan, name);
  const place = `${shortName(world, target.label)}.${quoteName(name)}`;
  if (table === null || column === undefined || column.type === null) {
    if (table?.isComplete === true && column === undefined && !isAdded(plan, name))
      fail(ledger, "42703", `column ${place} does not exist`);
    changeUnknown(plan, action, place);
    return;
  }
  if (hasActionOn(plan.statement, "drop column", name) && !isAdded(plan, name))
    fail(ledger, "42703", `column ${place} is dropped by the same statement`);
  refuseDependents(plan, table, column);
  if (column.identity && !isInteger(ledger.world, action.type))
    fail(ledger, "22023", "an identity column is smallint, integer or bigint");
  refuseSerial(plan, action);
  if (isInheritedColumn(world.schema, table, name)) fail(ledger, "42P16", `column ${place} is inherited`);
  if (plan.statement.only && hasChildren(world.schema, table))
    fail(ledger, "42P16", `the type of ${place} must be changed in the child tables too`);
  if (isChangedBefore(plan, action, column.type))
    fail(ledger, "0A000", `the type of ${place} cannot be altered twice`);
  if (action.using !== null && column.generated !== null)
    fail(ledger, "42611", `${place} is generated: its values cannot be given by USING`);
  if (action.using !== null) {
    refuseExpression(ledger, action.using.value, placeIn(plan, "the new value of a column", true));
    requireFunctions(ledger, action.using.value);
    lockByFunctionsOf(ledger, action.using.value);
  }
  refuseCollation(ledger, action.type, action.collation);
  refuseModifiers(ledger, action.type);
  const change = changeOf(plan, action, column, place);
  const family = familyOf(world.schema, table, plan.statement.only);
  for (const member of family) {
    // A virtual column (18) has no values to convert.
    if (change !== "none" && column.generated !== "virtual")
      planRewrite(plan, member, change === "maybe" ? "maybe" : true);
    refuseRetyped(plan, member, column);
    recheck(plan, member, name);
    for (const index of world.schema.indexesOf(member.id))
      if (isIndexOn(index, name)) reuseIndex(plan, member, index, action, column, change);
    remakeForeignKeys(plan, member, name, change !== "none" || !keepsFamily(plan, action, column));
  }
  const sequence = column.identity ? sequenceOf(world, table, name) : undefined;
  if (sequence !== undefined) lock(ledger, sequence, "SHARE ROW EXCLUSIVE", `identity of ${place}`);
}

/** Whether an earlier action of the statement gives the column another type or length: one that changes nothing does not count. */
function isChangedBefore(plan: AlterPlan, action: AlterType, type: TypeDescription): boolean {
  const { world } = plan.ledger;
  return actionsOn(plan.statement, "alter column type", action.column.name).some(
    (one) => one.span.start < action.span.start && !isSameType(world, type, one.type),
  );
}

/** serial is a word of CREATE TABLE and ADD COLUMN, and no type. */
function refuseSerial({ ledger }: AlterPlan, { type }: AlterType): void {
  if (
    serialBase(type) !== null &&
    ledger.world.schema.findType({ schema: null, name: type.name }) === undefined
  )
    failEvident(ledger, "42704", `${type.name} is no type: it is a word of CREATE TABLE and ADD COLUMN`);
}

function changeUnknown(plan: AlterPlan, action: AlterType, place: string): void {
  const { ledger, target } = plan;
  const { using } = action;
  const isComputed =
    using !== null &&
    using.value.kind !== "column" &&
    using.value.kind !== "cast" &&
    using.value.kind !== "collate";
  const family =
    target.known === null ? [null] : familyOf(ledger.world.schema, target.known, plan.statement.only);
  for (const member of family) planRewrite(plan, member);
  if (!isComputed) depend(ledger, `the old type of ${place}`);
}

/** What the server's own casts do not do: a cast of the history's own may. */
function isRefusal(change: TypeChange): boolean {
  return change === "refused" || change === "explicit" || change === "impossible";
}

/** What cannot be done is a failure, what cannot be told counts as a rewrite; `maybe`: the plan's doubt says on what it depends. */
function changeOf(
  plan: AlterPlan,
  action: AlterType,
  column: Column,
  place: string,
): "none" | "rewrite" | "maybe" {
  const { ledger } = plan;
  const { world } = ledger;
  if (column.type === null) return "rewrite";
  const told: TypeChange =
    action.using === null
      ? changeOfType(world, column.type, action.type)
      : changeOfUsing(world, column.type, action.type, action.using.value, action.column.name);
  const change = isRefusal(told) && world.schema.hasCasts ? "unknown" : told;
  const type = action.type.name;
  if (change === "refused" || change === "explicit")
    fail(ledger, "42804", `column ${place} cannot be cast automatically to type ${type}`);
  if (change === "impossible") fail(ledger, "42846", `${place} cannot be cast to type ${type}`);
  if (!losesDefault(plan, column.name) && isDefaultLeft(world, column, action.type))
    fail(ledger, "42804", `the default of ${place} cannot be cast automatically to type ${type}`);
  if (change === "unknown") depend(ledger, `the casts between ${column.type.name} and ${type}`);
  if (change === "zone") {
    const isZero = isZoneZero(world);
    if (isZero !== null) return isZero ? "none" : "rewrite";
    doubtRewrite(plan, "the session's TimeZone: under UTC the table is not rewritten");
    return "maybe";
  }
  return change === "none" ? "none" : "rewrite";
}

/**
 * Whether a default is surely of a type that does not become the new one by itself: what the server added to make it one of the old
 * type is stripped again, so that a call or a number comes back with its own. A literal is of the old type for good, and a
 * written cast stays.
 */
function isDefaultLeft(world: EffectsWorld, column: Column, type: TypeDescription): boolean {
  const value = column.default;
  if (value === null || column.generated !== null || world.schema.hasCasts) return false;
  const isLiteral = value.kind === "constant" && (value.type === "string" || value.type === "bit");
  const own = isLiteral ? column.type : typeOf(value, null, (name) => isOwnFunction(world.schema, name));
  if (own === null) return false;
  const change = changeOfType(world, own, type);
  return change === "refused" || change === "explicit";
}

function losesDefault(plan: AlterPlan, column: string): boolean {
  return hasActionOn(plan.statement, "drop default", column);
}

/** What the server refuses to alter under: views, policies, triggers, generated columns, partition keys. */
function refuseDependents(plan: AlterPlan, table: Table, column: Column): void {
  const { ledger } = plan;
  const { schema, version } = ledger.world;
  const refuse = (what: string, sqlstate = "0A000") =>
    fail(ledger, sqlstate, `the type of a column used by ${what} cannot be altered`);
  const isKey = familyOf(schema, table, plan.statement.only).some((member) =>
    dividesBy(member.partitionBy, column.name),
  );
  if (isKey) fail(ledger, "42P16", `column ${quoteName(column.name)} is part of the partition key`);
  for (const view of schema.viewsOf(table.id)) {
    if (view.columns === null) {
      refuse(`view ${quoteName(view.name)}`);
      depend(ledger, `whether view ${quoteName(view.name)} uses ${quoteName(column.name)}`);
    } else if (view.columns.some((one) => one.table === table.id && one.column === column.name)) {
      doubtView(ledger, view);
      refuse(`view ${quoteName(view.name)}`);
    }
  }
  for (const publication of table.publications ?? [])
    if (publication.columns.includes(column.name)) refuse(`publication ${quoteName(publication.name)}`);
  for (const trigger of table.triggers)
    if (trigger.columns.includes(column.name)) refuse(`trigger ${quoteName(trigger.name)}`);
  for (const one of readersOfColumn(ledger.world, table, column.name)) refuse(one);
  for (const one of partsOnColumn(schema, table, column.name)) {
    doubtPart(ledger, one);
    refuse(one.part);
  }
  refuseRowUsers(plan, table);
  if (table.ofType !== undefined) refuse("the type that the table is made of", "42809");
  // Drops run first: what is not generated any more is not in the way.
  const isFreed = (name: string) =>
    hasActionOn(plan.statement, "drop column", name) || hasActionOn(plan.statement, "drop expression", name);
  for (const other of table.columns)
    if (other.generatedFrom.includes(column.name) && !isFreed(other.name))
      refuse(`generated column ${quoteName(other.name)}`, version >= 15 ? "0A000" : "42601");
}

/** Constraints on the column are made anew: a valid CHECK is verified once more. */
function recheck(plan: AlterPlan, table: Table, name: string): void {
  for (const one of constraintsInForce(plan.ledger.world.schema, table)) {
    if (one.kind !== "check" || !one.validated || !one.enforced || !one.columns.includes(name)) continue;
    if (isDroppedConstraint(plan, one.name)) continue;
    planScan(plan, table);
  }
}
