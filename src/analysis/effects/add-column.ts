import type { Action } from "../../model/action.ts";
import type { Expression } from "../../model/expression.ts";
import type { ColumnDefinition } from "../../model/table.ts";
import { isSerial } from "../../model/type-names.ts";
import { quoteName } from "../../sql/names.ts";
import type { Table } from "../entities.ts";
import { hasActionOn } from "../same-statement.ts";
import { mergeKeys } from "../schema/repeated-keys.ts";
import { sequenceUses } from "../sequence-uses.ts";
import { isNeverImmutable, volatilityOf } from "../volatility.ts";
import type { AlterPlan } from "./alter-plan.ts";
import { columnOf, doubtRewrite, planRewrite, planScan } from "./alter-plan.ts";
import { refuseColumn } from "./column-refusals.ts";
import { refuseOverflow } from "./constant-fit.ts";
import { planConstraint } from "./constraints.ts";
import { domainOf } from "./domains.ts";
import { familyOf, hasChildren, hasStorage, isPartitioned } from "./family.ts";
import { lockByFunctionsOf } from "./function-calls.ts";
import type { Ledger } from "./ledger.ts";
import {
  depend,
  fail,
  failByRule,
  findRelation,
  lock,
  lockTarget,
  shortName,
  tableTarget,
} from "./ledger.ts";

type AddColumn = Extract<Action, { readonly kind: "add column" }>;

/** ADD COLUMN: a rewrite, a scan, an index, another table's lock, or nothing but the catalog. */
export function addColumn(plan: AlterPlan, action: AddColumn): void {
  const { column } = action;
  const { ledger, target } = plan;
  const { world } = ledger;
  const name = column.name.name;
  if (target.known !== null && target.known.partitionOf !== null)
    fail(
      ledger,
      "42809",
      `${shortName(world, target.label)} is a partition: columns are added to its parent`,
    );
  // Drops run first: a column that the same statement drops is not there any more.
  if (columnOf(plan, name) !== undefined && !isFreed(plan, name)) {
    if (target.known?.ofType !== undefined)
      fail(ledger, "42809", "a table made of a type has no columns of its own");
    // The lock is taken before the server looks whether there is anything to do.
    if (!action.ifNotExists)
      fail(ledger, "42701", `column ${quoteName(name)} of ${shortName(world, target.label)} already exists`);
    // 12 looks at the keys of a column before it sees that the column is there.
    if (world.version < 13)
      for (const one of column.constraints) {
        if (one.kind === "foreign key")
          lockTarget(ledger, tableTarget(world, one.references), "table", "SHARE ROW EXCLUSIVE");
        else if (one.kind === "unique" || one.kind === "primary key") planConstraint(plan, one);
      }
    return;
  }
  const family = target.known === null ? [null] : familyOf(world.schema, target.known, plan.statement.only);
  if (plan.statement.only && target.known !== null && hasChildren(world.schema, target.known))
    fail(ledger, "42P16", "a column must be added to the child tables too");
  refuseColumn(plan, column);
  if (isPartitioned(target.known)) refuseNoInherit(ledger, column);
  const fill = fillOf(plan, column);
  if (fill === "rewrite" || fill === "maybe")
    for (const table of family) planRewrite(plan, table, fill === "maybe" ? "maybe" : true);
  for (const one of column.constraints) {
    if (one.kind !== "check" || one.notEnforced) continue;
    for (const table of one.noInherit ? family.slice(0, 1) : family) planScan(plan, table);
  }
  const isRequired = column.notNull !== null || column.constraints.some((one) => one.kind === "primary key");
  if (isRequired && !column.notNull?.notValid && (fill === "nulls" || isVirtual(column)))
    requireValue(plan, column, family);
  const hasValues = namesValue(column) || (world.version < 13 && namesOthers(plan));
  for (const { constraint } of mergeKeys(column.constraints)) {
    if (constraint.kind === "check" || constraint.kind === "not null") continue;
    planConstraint(plan, constraint, { isOnNewColumn: true, hasValues });
  }
}

/** All that holds for a partitioned table holds for its partitions. */
function refuseNoInherit(ledger: Ledger, { constraints, notNull }: ColumnDefinition): void {
  if (constraints.some((one) => one.kind === "check" && one.noInherit))
    fail(ledger, "42P16", "a constraint of a partitioned table cannot be NO INHERIT");
  if (notNull?.noInherit === true)
    fail(ledger, "0A000", "NOT NULL of a partitioned table cannot be NO INHERIT");
}

/** Whether the server looks foreign keys up: DEFAULT NULL counts as a value, the default of a domain and IDENTITY do not. */
function namesValue(column: ColumnDefinition): boolean {
  return column.default !== null || column.generated !== null || isSerial(column);
}

/** 12 asks this of all that the statement adds at once. */
function namesOthers({ statement }: AlterPlan): boolean {
  return statement.actions.some(
    (action) =>
      (action.kind === "add column" && namesValue(action.column)) ||
      (action.kind === "add constraint" && action.constraint.kind === "foreign key"),
  );
}

function isFreed(plan: AlterPlan, name: string): boolean {
  return hasActionOn(plan.statement, "drop column", name);
}

function isVirtual(column: ColumnDefinition): boolean {
  return column.generated !== null && !column.generated.stored;
}

/** NOT NULL and nothing to put there: the server looks for rows, and refuses if there are any. */
function requireValue(plan: AlterPlan, column: ColumnDefinition, family: readonly (Table | null)[]): void {
  for (const table of family) planScan(plan, table);
  if (column.generated !== null) return;
  const table = shortName(plan.ledger.world, plan.target.label);
  failByRule(
    plan.ledger,
    "required-column",
    "23502",
    `column ${quoteName(column.name.name)} of ${table} contains null values`,
  );
  depend(plan.ledger, `whether ${table} holds rows`);
}

/**
 * What existing rows get: their own values by a table rewrite, one constant kept in the catalog, or null. `maybe` is a rewrite
 * as far as it can be told: the plan's doubt says on what it depends.
 */
function fillOf(plan: AlterPlan, column: ColumnDefinition): "rewrite" | "maybe" | "constant" | "nulls" {
  const { ledger } = plan;
  const { world } = ledger;
  if (column.generated !== null) {
    const culprit = isNeverImmutable(column.generated.value, world);
    if (culprit !== null) fail(ledger, "42P17", `a generated column cannot call ${culprit}()`);
    return column.generated.stored ? "rewrite" : "nulls";
  }
  if (isSerial(column) || column.identity !== null) return "rewrite";
  const domain = column.type === null ? null : domainOf(world, column.type);
  if (domain?.isConstrained === true) return "rewrite";
  if (column.type !== null && domain === null && isForeignType(plan, column))
    doubtRewrite(plan, `whether the type ${column.type.name} is a domain with constraints`);
  // 12 did not ask whether the default of a domain is volatile.
  if (column.default === null && domain?.default != null && world.version < 13) return "constant";
  const value = column.default?.value ?? domain?.default ?? null;
  if (value === null || (value.kind === "constant" && value.type === "null")) return "nulls";
  requireFunctions(ledger, value);
  const { volatility, unknown } = volatilityOf(value, world);
  if (unknown !== null) doubtRewrite(plan, `whether ${unknown}() is volatile`);
  if (column.type !== null && domain === null && isWorkedOut(plan))
    refuseOverflow(ledger, value, column.type, quoteName(column.name.name));
  // Worked out once, or for each row: either way it is called.
  lockByFunctionsOf(ledger, value);
  if (volatility !== "volatile") return "constant";
  for (const sequence of sequenceUses(value)) {
    const found = findRelation(world, sequence);
    if (found?.kind === "sequence") lock(ledger, found, "ROW EXCLUSIVE");
  }
  return unknown === null ? "rewrite" : "maybe";
}

/** A partitioned table keeps no value for rows that it does not have, but its partitions do. 12 works it out all the same. */
function isWorkedOut({ ledger, target }: AlterPlan): boolean {
  const { schema, version } = ledger.world;
  const table = target.known;
  if (table === null || !isPartitioned(table)) return true;
  return version < 13 || familyOf(schema, table).some(hasStorage);
}

/** A default that calls a function which the target version does not have is refused. */
export function requireFunctions(ledger: Ledger, value: Expression): void {
  const { missing } = volatilityOf(value, ledger.world);
  if (missing === null) return;
  fail(ledger, "42883", `function ${missing}() does not exist on PostgreSQL ${ledger.world.version}`);
  depend(ledger, `whether an extension provides ${missing}()`);
}

/** A type with a schema that the history does not know could be a domain; a bare unknown name too, but it hardly ever is. */
function isForeignType(plan: AlterPlan, column: ColumnDefinition): boolean {
  const type = column.type;
  return type !== null && type.schema !== null && plan.ledger.world.schema.findType(type) === undefined;
}
