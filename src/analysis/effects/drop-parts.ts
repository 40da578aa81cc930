import type { Action } from "../../model/action.ts";
import { quoteName } from "../../sql/names.ts";
import { labelOf } from "../effect.ts";
import type { Table, TableConstraint } from "../entities.ts";
import { actionsOn, hasActionOn } from "../same-statement.ts";
import { dividesBy } from "../schema/expressions.ts";
import { itemNamed } from "../schema/places.ts";
import type { AlterPlan } from "./alter-plan.ts";
import { columnOf } from "./alter-plan.ts";
import type { DropRun } from "./drop-run.ts";
import {
  dropGroupers,
  dropPartsOfIndex,
  dropUsersOf,
  dropView,
  needCascade,
  needCascadeOfView,
  openDrop,
} from "./drop-run.ts";
import {
  descendantsOf,
  familyLosing,
  isIndexOn,
  isInheritedColumn,
  isPartitioned,
  kinship,
  lockDescendants,
  sequenceOf,
} from "./family.ts";
import {
  type ForeignKeyOf,
  incomingKeys,
  lockOfDroppedKey,
  referencedBy,
  referencedColumnsOf,
  restsOn,
} from "./foreign-keys.ts";
import { readersOfColumn } from "./function-users.ts";
import { isInheritedConstraint } from "./inherited-constraint.ts";
import { depend, fail, lock, lockTarget, shortName } from "./ledger.ts";
import { doubtPart, exclusionsOn, partsOnColumn } from "./part-uses.ts";

type DropColumn = Extract<Action, { readonly kind: "drop column" }>;
type DropConstraint = Extract<Action, { readonly kind: "drop constraint" }>;

/** DROP COLUMN takes its indexes, keys and sequence along, and locks the tables at the other end of its foreign keys. */
export function dropColumn(plan: AlterPlan, action: DropColumn): void {
  const { ledger, target } = plan;
  const { schema } = ledger.world;
  const table = target.known;
  if (table === null) return;
  const name = action.column.name;
  const label = shortName(ledger.world, target.label);
  if (table.ofType !== undefined)
    fail(ledger, "42809", `${label} is made of a type: its columns are those of the type`);
  if (actionsOn(plan.statement, "drop column", name)[0] !== action && !action.ifExists)
    fail(ledger, "42703", `column ${quoteName(name)} of ${label} is dropped already`);
  if (columnOf(plan, name) === undefined) {
    // Drops run first: a column that the same statement adds is not there yet.
    if (table.isComplete && !action.ifExists)
      fail(ledger, "42703", `column ${quoteName(name)} of ${label} does not exist`);
    return;
  }
  refuseGeneratedGone(plan, action);
  const losing = familyLosing(schema, table, name, plan.statement.only);
  const divided = losing.find((member) => dividesBy(member.partitionBy, name));
  const its = divided && shortName(ledger.world, labelOf(divided));
  if (its !== undefined)
    fail(ledger, "42P16", `column ${quoteName(name)} is part of the partition key of ${its}`);
  if (plan.statement.only && isPartitioned(table) && schema.partitionsOf(table.id).length > 0)
    fail(ledger, "42P16", "a column cannot be dropped from only the partitioned table");
  if (isInheritedColumn(schema, table, name)) fail(ledger, "42P16", `column ${quoteName(name)} is inherited`);
  // With ONLY the children keep the column as their own, and that is noted under their lock.
  if (plan.statement.only)
    for (const child of schema.childrenOf(table.id))
      lock(ledger, child, "ACCESS EXCLUSIVE", kinship(ledger.world, child, table));
  const run = openDrop(ledger, action.cascade);
  const out = { plan, run, action };
  for (const member of losing) dropColumnOf(out, member, name);
}

/** One drop of an ALTER TABLE on its way, and what it takes along. */
interface DropAction {
  readonly plan: AlterPlan;
  readonly run: DropRun;
  readonly action: DropColumn | DropConstraint;
}

function dropColumnOf(out: DropAction, table: Table, name: string, isGenerated = false): void {
  const { plan, run } = out;
  const { ledger } = plan;
  const { world } = ledger;
  const { schema } = world;
  const what = `column ${quoteName(name)} of ${shortName(world, labelOf(table))}`;
  const sequence = sequenceOf(world, table, name);
  if (sequence !== undefined) {
    lock(ledger, sequence, "ACCESS EXCLUSIVE", `belongs to ${what}`);
    run.going.add(table.id);
    dropUsersOf(run, sequence);
    run.going.delete(table.id);
  }
  const exclusions = exclusionsOn(schema, table, name, (one) => isTakenBefore(out, one));
  for (const index of schema.indexesOf(table.id)) {
    if (!isIndexOn(index, name)) continue;
    plan.droppedIndexes.add(index.id);
    lock(ledger, index, "ACCESS EXCLUSIVE", `reads ${what}`);
  }
  for (const constraint of table.constraints) {
    if (!("columns" in constraint) || !constraint.columns.includes(name)) continue;
    dropConstraintOf(out, table, constraint);
  }
  dropIncoming(out, table, (key) => referencedColumnsOf(table, key).includes(name), what);
  // No server computes a generated column from another, or from itself.
  for (const column of isGenerated ? [] : table.columns) {
    if (!column.generatedFrom.includes(name) || isFreedBefore(plan, column.name, out.action)) continue;
    // Before 15 generated columns simply went with the column that they compute from.
    if (world.version >= 15) needCascade(run, what, `column ${quoteName(column.name)}`);
    dropColumnOf(out, table, column.name, true);
  }
  for (const view of schema.viewsOf(table.id)) {
    const isRead = view.columns?.some((one) => one.table === table.id && one.column === name);
    if (isRead === false) continue;
    const reader = `view ${quoteName(view.name)}`;
    if (isRead === undefined && ledger.fails === null) depend(ledger, `whether ${reader} reads ${what}`);
    needCascadeOfView(run, what, view, reader);
    dropView(run, view, `reads ${what}`);
  }
  for (const one of readersOfColumn(world, table, name)) needCascade(run, what, one);
  for (const trigger of table.triggers)
    if (trigger.columns.includes(name)) needCascade(run, what, `trigger ${quoteName(trigger.name)}`);
  for (const { columns, name: own } of table.publications ?? [])
    if (columns.includes(name)) needCascade(run, what, `publication ${quoteName(own)}`);
  for (const one of [...exclusions, ...partsOnColumn(schema, table, name)]) {
    if (!run.cascade) doubtPart(ledger, one);
    needCascade(run, what, one.part);
    if (one.from !== table) lock(ledger, one.from, "ACCESS EXCLUSIVE", `its ${one.part} reads ${what}`);
  }
}

/** Whether the generated column is gone by then, or computes no more. */
function isFreedBefore(plan: AlterPlan, name: string, action: Action): boolean {
  return (["drop column", "drop expression"] as const).some((kind) => {
    const [first] = actionsOn(plan.statement, kind, name);
    return first !== undefined && first.span.start < action.span.start;
  });
}

/** A generated column went already with one that it computes from: before 15 always, now with CASCADE. */
function refuseGeneratedGone(plan: AlterPlan, action: DropColumn): void {
  const { ledger, statement } = plan;
  const name = action.column.name;
  const takes = (column: string) =>
    actionsOn(statement, "drop column", column).some(
      (one) =>
        statement.actions.indexOf(one) < statement.actions.indexOf(action) &&
        (one.cascade || ledger.world.version < 15),
    );
  if (action.ifExists || columnOf(plan, name)?.generatedFrom.some(takes) !== true) return;
  fail(ledger, "42703", `column ${quoteName(name)} is dropped already, with one that it computes from`);
}

/** DROP CONSTRAINT: a foreign key locks the referenced table against readers, too. */
export function dropConstraint(plan: AlterPlan, action: DropConstraint): void {
  const { ledger, target } = plan;
  const table = target.known;
  if (table === null) return;
  const name = action.constraint.name;
  const constraint = itemNamed(table.constraints, name);
  if (constraint === undefined) {
    // The server makes sure first that no partition is in use.
    if (isPartitioned(table)) lockDescendants(ledger, table, "ACCESS EXCLUSIVE");
    if (table.triggers.some((one) => one.isConstraint === true && one.name === name))
      fail(ledger, "2BP01", `trigger ${quoteName(name)} requires the constraint: it is dropped itself`);
    if (table.isComplete && !action.ifExists && !isAddedConstraint(plan, name))
      fail(
        ledger,
        "42704",
        `constraint ${quoteName(name)} of ${shortName(ledger.world, target.label)} does not exist`,
      );
    return;
  }
  if (isInheritedConstraint(plan, table, constraint))
    fail(
      ledger,
      "42P16",
      `constraint ${quoteName(name)} of ${shortName(ledger.world, target.label)} is inherited`,
    );
  const index = ledger.world.schema.indexesOf(table.id).find((one) => one.constraint === name);
  if (index !== undefined && index.partitionOf !== null)
    fail(ledger, "42P16", `constraint ${quoteName(name)} belongs to one of the partitioned table`);
  // Keys are not inherited, but partitions have their part of them.
  if (constraint.kind === "not null" && isKeyColumn(plan, table, constraint.columns, action))
    fail(ledger, "42P16", "a column of the primary key must stay NOT NULL");
  const hasParts = isPartitioned(table) && ledger.world.schema.partitionsOf(table.id).length > 0;
  if (plan.statement.only && hasParts && ledger.world.version < 18 && constraint.kind === "check")
    fail(ledger, "42P16", "a constraint cannot be removed from only the partitioned table");
  // With ONLY the children keep the constraint as their own, and that is noted under their lock.
  if (plan.statement.only && constraint.kind === "check" && !constraint.noInherit)
    for (const child of [
      ...ledger.world.schema.childrenOf(table.id),
      ...ledger.world.schema.partitionsOf(table.id),
    ])
      lock(ledger, child, "ACCESS EXCLUSIVE", kinship(ledger.world, child, table));
  const isShared = constraint.kind === "check" || constraint.kind === "not null" || isPartitioned(table);
  if (constraint.kind !== "foreign key" && isShared && !plan.statement.only && !constraint.noInherit)
    lockDescendants(ledger, table, "ACCESS EXCLUSIVE");
  dropConstraintOf({ plan, run: openDrop(ledger, action.cascade), action }, table, constraint);
}

/** Of a primary key that an earlier action has not dropped. */
function isKeyColumn(
  plan: AlterPlan,
  table: Table,
  columns: readonly string[],
  { span }: DropConstraint,
): boolean {
  const isDropped = (name: string) =>
    actionsOn(plan.statement, "drop constraint", name).some((one) => one.span.start < span.start);
  return table.constraints.some(
    (one) =>
      one.kind === "primary key" &&
      columns.some((column) => one.columns.includes(column)) &&
      !isDropped(one.name),
  );
}

/** Names of NOT NULL constraints before 18 do not exist; those of the server's choosing the history may not have. */
function isAddedConstraint(plan: AlterPlan, name: string): boolean {
  return hasActionOn(plan.statement, "add constraint", name);
}

function dropConstraintOf(out: DropAction, table: Table, constraint: TableConstraint): void {
  const { plan, run } = out;
  const { ledger } = plan;
  const { schema } = ledger.world;
  if (constraint.kind === "foreign key") {
    lockOfDroppedKey(ledger, constraint);
    // DROP CONSTRAINT locks the table that it names for certain, triggers or none.
    if (out.action.kind !== "drop column")
      lockTarget(
        ledger,
        referencedBy(ledger.world, constraint),
        "table",
        "ACCESS EXCLUSIVE",
        `referenced by ${quoteName(constraint.name)}`,
      );
    if (isPartitioned(table))
      for (const child of descendantsOf(schema, table))
        lock(ledger, child, "ACCESS EXCLUSIVE", kinship(ledger.world, child, table));
    return;
  }
  if (constraint.kind === "check" || constraint.kind === "not null") return;
  const index = schema.indexesOf(table.id).find((one) => one.name === constraint.name);
  if (index === undefined) return;
  plan.droppedIndexes.add(index.id);
  lock(ledger, index, "ACCESS EXCLUSIVE");
  dropPartsOfIndex(run, index, table);
  const rests = (key: ForeignKeyOf) => restsOn(ledger.world, key, index, table);
  const what = `constraint ${quoteName(constraint.name)}`;
  dropIncoming(out, table, rests, what);
  if (constraint.kind === "primary key") dropGroupers(run, table, what);
}

/** Foreign keys that rest on what goes: refused without CASCADE, and with it the referencing table is locked. */
function dropIncoming(
  out: DropAction,
  table: Table,
  rests: (key: ForeignKeyOf) => boolean,
  what: string,
): void {
  const { run } = out;
  for (const { from, key } of incomingKeys(run.ledger.world, table)) {
    if (!rests(key) || isGoneAlready(out, from, key)) continue;
    // A key of the table on itself, over columns that go with it, does not stand in the way.
    needCascade(
      run,
      what,
      `constraint ${quoteName(key.name)} of ${shortName(run.ledger.world, labelOf(from))}`,
    );
    lock(run.ledger, from, "ACCESS EXCLUSIVE", `${quoteName(key.name)} references ${what}`);
  }
}

/** Whether an action before this one took a key of the table on itself away. */
function isGoneAlready(out: DropAction, from: Table, key: ForeignKeyOf): boolean {
  return from.id === out.plan.target.known?.id && isTakenBefore(out, key);
}

/** Whether an action before this one takes a constraint away, or a column of it: drops run one after another. */
function isTakenBefore({ plan, action }: DropAction, key: TableConstraint | ForeignKeyOf): boolean {
  const columns = "columns" in key ? key.columns : [];
  const isBefore = (one: Action) => one.span.start < action.span.start;
  return (
    actionsOn(plan.statement, "drop constraint", key.name).some(isBefore) ||
    columns.some((name) => actionsOn(plan.statement, "drop column", name).some(isBefore))
  );
}
