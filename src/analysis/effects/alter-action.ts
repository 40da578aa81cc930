import type { Action } from "../../model/action.ts";
import type { Expression } from "../../model/expression.ts";
import type { LockMode } from "../../model/locks.ts";
import type { KeyConstraint } from "../../model/table.ts";
import { quoteName } from "../../sql/names.ts";
import type { Span } from "../../text/span.ts";
import { labelOf } from "../effect.ts";
import type { Table } from "../entities.ts";
import { findNewOption, findUnknownOption } from "../facts/actions.ts";
import { addedKeys, hasActionOn } from "../same-statement.ts";
import { addColumn, requireFunctions } from "./add-column.ts";
import { alterIdentity, dropNotNull, refuseGenerated, setExpression } from "./alter-column.ts";
import type { AlterPlan } from "./alter-plan.ts";
import { columnOf } from "./alter-plan.ts";
import { refuseAction } from "./alter-refusals.ts";
import { alterColumnType } from "./column-type.ts";
import { refuseMarks } from "./constraint-refusals.ts";
import { planConstraint } from "./constraints.ts";
import { dropColumn, dropConstraint } from "./drop-parts.ts";
import { isPartitioned, kinship, lockDescendants } from "./family.ts";
import { typeBy } from "./foreign-keys.ts";
import {
  fail,
  findRelation,
  type Ledger,
  lock,
  lockTarget,
  needVersion,
  schemaOf,
  type Target,
  targetOf,
} from "./ledger.ts";
import { planNotNull, refuseKeptNotNull } from "./not-null.ts";
import { attachPartition, detachPartition } from "./partitions.ts";
import { changePersistence, setAccessMethod, setTablespace } from "./storage.ts";
import { refuseOrder } from "./upkeep-refusals.ts";
import { alterConstraint, validateConstraint } from "./validation.ts";
import { refuseValue } from "./value-refusals.ts";
import { hasMark, hasWords, lastName, numberAfter } from "./words.ts";

/** What one action does besides the lock on its table. */
export function alterBy(plan: AlterPlan, action: Action): void {
  const { ledger, target, statement } = plan;
  const table = target.known;
  refuseAction(plan, action);
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
      if (statement.only && table !== null && isPartitioned(table))
        requireNotNullBelow(plan, table, action.column.name);
      refuseKeptNotNull(plan, action.column.name, "set not null");
      planNotNull(plan, action.column.name);
      return;
    case "set default":
      requireFunctions(ledger, action.default.value);
      refuseDefaultOf(plan, action.column.name, action.default.value);
      refuseGenerated(plan, action.column.name);
      return;
    case "drop default":
      refuseGenerated(plan, action.column.name);
      return;
    case "drop not null":
      dropNotNull(plan, action.column.name, action.span);
      return;
    case "set options":
    case "reset options":
      checkOptions(plan, action.options, action.kind === "set options");
      if (action.kind === "reset options" && hasMark(ledger, action.span, "="))
        fail(ledger, "42601", "RESET names parameters, and gives them no values");
      refuseFillfactor(plan, action.span);
      return;
    case "set expression":
      setExpression(plan, action.column.name, action.expression.value);
      return;
    case "drop expression":
      if (columnOf(plan, action.column.name)?.generated === "virtual")
        fail(ledger, "0A000", "DROP EXPRESSION is not supported for virtual generated columns");
      return;
    case "add identity":
    case "set identity":
    case "drop identity":
      alterIdentity(plan, action);
      return;
    case "add constraint":
      refuseMarks(ledger, action.span);
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
      lockTarget(ledger, parent, "table", "SHARE UPDATE EXCLUSIVE");
      // Whether the parent is among those below it.
      if (table !== null) lockDescendants(ledger, table, "ACCESS SHARE");
      return;
    }
    case "no inherit":
      if (table?.partitionOf != null) fail(ledger, "42809", "a partition does not inherit");
      lockTarget(ledger, targetOf(ledger.world, action.parent), "table", "ACCESS SHARE");
      return;
    case "cluster on":
      lockClusterIndex(plan, action.span);
      return;
    case "replica identity":
      if (action.index !== null) identifyBy(plan, action.index.name);
      return;
    case "owner to":
      lockOwned(plan, action.span);
      return;
    case "enable trigger":
    case "disable trigger":
      if (typeof action.trigger !== "string") requireTrigger(plan, action.trigger.name);
      return;
    case "set storage":
      if (hasWords(ledger, action.span, "storage", "default")) needVersion(ledger, 16, "SET STORAGE DEFAULT");
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

/** With ONLY the partitions must be NOT NULL already; from 18 nobody asks, they must be told. */
function requireNotNullBelow(plan: AlterPlan, table: Table, name: string): void {
  const { ledger } = plan;
  const { schema, version } = ledger.world;
  for (const partition of schema.partitionsOf(table.id)) {
    lock(ledger, partition, "ACCESS EXCLUSIVE", kinship(ledger.world, partition, table));
    if (version >= 18 || columnOf(plan, name, partition)?.notNull === "no")
      fail(ledger, "42P16", "NOT NULL must be set in the partitions too");
  }
}

function requireTrigger(plan: AlterPlan, name: string): void {
  const table = plan.target.known;
  if (table?.isComplete === true && !table.triggers.some((one) => one.name === name))
    fail(plan.ledger, "42704", `trigger ${quoteName(name)} does not exist`);
}

function lockIndex(plan: AlterPlan, name: string, mode: LockMode): void {
  const { ledger, target } = plan;
  // The index of a constraint that the same statement adds: nobody else knows it yet.
  if (hasActionOn(plan.statement, "add constraint", name)) return;
  const schema = schemaOf(target);
  const index = findRelation(ledger.world, { schema, name });
  const found: Target = { known: index ?? null, label: labelOf({ schema, name }) };
  lockTarget(ledger, found, "index", mode);
}

/** The index of a replica identity: unique, whole, and over columns that are never null. */
function identifyBy(plan: AlterPlan, name: string): void {
  const { ledger, target } = plan;
  lockIndex(plan, name, "SHARE");
  const table = target.known;
  const index =
    table === null ? undefined : ledger.world.schema.indexesOf(table.id).find((one) => one.name === name);
  const named = findRelation(ledger.world, { schema: table?.schema ?? null, name });
  if (table !== null && named?.kind === "index" && named.table !== table.id)
    fail(ledger, "42809", `${quoteName(name)} is not an index of ${quoteName(table.name)}`);
  if (table === null || index === undefined) return;
  if (table.constraints.some((one) => one.name === index.constraint && one.deferrable === true))
    fail(ledger, "0A000", `${quoteName(name)} is deferrable and cannot be a replica identity`);
  const isNullable = index.keys.some((key) => key !== null && leavesNullable(plan, table, key));
  if (index.unique && (index.isPartial || index.hasExpression))
    fail(
      ledger,
      "0A000",
      `${quoteName(name)} is partial or contains expressions and cannot be a replica identity`,
    );
  if (!index.unique || isNullable)
    fail(
      ledger,
      "42809",
      `${quoteName(name)} cannot be a replica identity: it has to be unique over NOT NULL columns`,
    );
}

/** Whether a column may hold null once the rest of the statement is done. */
function leavesNullable({ statement }: AlterPlan, table: Table, name: string): boolean {
  if (hasActionOn(statement, "set not null", name)) return false;
  const isKey = (key: KeyConstraint) =>
    key.kind === "primary key" && key.columns.some((column) => column.name === name);
  if (addedKeys(statement).some(isKey)) return false;
  const isLet = hasActionOn(statement, "drop not null", name);
  return isLet || table.columns.find((column) => column.name === name)?.notNull === "no";
}

/** The model does not hold the name behind CLUSTER ON: it is the last word of the action. Its lock is that of the table. */
function lockClusterIndex(plan: AlterPlan, span: Span): void {
  const name = lastName(plan.ledger, span);
  if (name === null) return;
  if (plan.target.known !== null) refuseOrder(plan.ledger, plan.target.known, name);
  lockIndex(plan, name, plan.mode);
}

/** A partitioned table takes no storage parameters, and no table takes those that do not exist. */
function checkOptions(plan: AlterPlan, options: readonly string[], isSet: boolean): void {
  const { ledger, target } = plan;
  refuseNewOption(ledger, options);
  // That a table has no OIDs can only be said where it is made.
  const odd = isSet
    ? (findUnknownOption(options) ?? options.find((one) => one.toLowerCase() === "oids"))
    : undefined;
  if (odd !== undefined && target.known?.kind === "table") fail(ledger, "22023", `unknown parameter ${odd}`);
  // What it has none of can be reset all the same.
  if (isSet && isPartitioned(target.known))
    fail(
      ledger,
      ledger.world.version >= 16 ? "42809" : "22023",
      "a partitioned table has no storage parameters",
    );
}

/** What the server does not know yet: measured 22023. */
export function refuseNewOption(ledger: Ledger, options: readonly string[]): void {
  const found = findNewOption(options, ledger.world.version);
  if (found !== undefined) needVersion(ledger, found.since, `the parameter ${found.what}`, "22023");
}

/** The default is a value of the type that the column then has. */
function refuseDefaultOf(plan: AlterPlan, name: string, value: Expression): void {
  const type = typeBy(plan, name) ?? columnOf(plan, name)?.type ?? null;
  if (type !== null) refuseValue(plan.ledger, value, type, `column ${quoteName(name)}`);
}

function refuseFillfactor({ ledger }: AlterPlan, span: Span): void {
  const value = numberAfter(ledger, span, "fillfactor");
  if (value !== null && (value < 10 || value > 100))
    fail(ledger, "22023", `fillfactor ${value} is not between 10 and 100`);
}

/** Indexes and owned sequences get the new owner as well. */
function lockOwned(plan: AlterPlan, action: Span): void {
  const { ledger, target } = plan;
  const table = target.known;
  if (table === null) return;
  // Who runs migrations mostly owns the tables: then nothing changes.
  const isSame = ["current_user", "session_user", "current_role"].some((word) =>
    hasWords(ledger, action, "to", word),
  );
  if (isSame) return;
  for (const index of ledger.world.schema.indexesOf(table.id)) lock(ledger, index, "ACCESS EXCLUSIVE");
  for (const sequence of ledger.world.schema.sequencesOf(table.id))
    lock(ledger, sequence, "ACCESS EXCLUSIVE");
}
