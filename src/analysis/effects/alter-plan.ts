import type { Action } from "../../model/action.ts";
import { type LockMode, strongest } from "../../model/locks.ts";
import type { AlterTable } from "../../model/statement.ts";
import { labelOf } from "../effect.ts";
import type { Column, Index, Table } from "../entities.ts";
import { modeOfAction } from "../facts/actions.ts";
import { actionsOn, hasActionOn } from "../same-statement.ts";
import { itemNamed } from "../schema/places.ts";
import { hasStorage } from "./family.ts";
import type { Ledger, Target } from "./ledger.ts";
import { depend, lock } from "./ledger.ts";

/** What one table has to go through when all actions of the statement are known: the server does it in one pass. */
interface TableWork {
  readonly table: Table | null;
  readonly label: string;
  /** `maybe`: it depends on what `AlterPlan.rewriteDoubts` names. */
  rewrites: boolean | "maybe";
  scans: boolean;
  readonly rebuilt: Set<Index>;
  readonly created: Set<string>;
}

/** One ALTER TABLE on its way. `actions` are those whose effects are wanted: all, or one. */
export interface AlterPlan {
  readonly ledger: Ledger;
  readonly statement: AlterTable;
  readonly actions: readonly Action[];
  readonly target: Target<Table>;
  /** The strongest lock that one of the actions needs: all members of a family that an action goes down to get it. */
  readonly mode: LockMode;
  readonly work: Map<string, TableWork>;
  /** Indexes that an action drops: they are not built again. */
  readonly droppedIndexes: Set<number>;
  /** What it depends on whether an action writes the table anew. */
  readonly rewriteDoubts: string[];
}

/** Where a constraint that the statement adds is written, and what that tells of the rows. */
export interface ConstraintPlace {
  /** It came with ADD COLUMN: the column is new in every row. */
  readonly isOnNewColumn: boolean;
  /** Whether the rows have values in it that are not null. */
  readonly hasValues: boolean;
}

/** The plan of one ALTER TABLE, without any work yet; `mode` is the strongest that one of its actions asks for. */
export function openPlan(
  ledger: Ledger,
  statement: AlterTable,
  actions: readonly Action[],
  target: Target<Table>,
): AlterPlan {
  const mode = actions.map(modeOfAction).reduce(strongest, "ACCESS SHARE");
  return {
    ledger,
    statement,
    actions,
    target,
    mode,
    work: new Map(),
    droppedIndexes: new Set(),
    rewriteDoubts: [],
  };
}

function workOn(plan: AlterPlan, table: Table | null): TableWork {
  const label = table === null ? plan.target.label : labelOf(table);
  const found = plan.work.get(label);
  if (found !== undefined) return found;
  const work = {
    table,
    label,
    rewrites: false,
    scans: false,
    rebuilt: new Set<Index>(),
    created: new Set<string>(),
  };
  plan.work.set(label, work);
  return work;
}

/** The table's file is written anew. Null: the target, unknown to the history. `maybe` goes with `doubtRewrite`. */
export function planRewrite(plan: AlterPlan, table: Table | null, rewrites: true | "maybe" = true): void {
  if (table !== null && !hasStorage(table)) return;
  const work = workOn(plan, table);
  work.rewrites = work.rewrites === true || rewrites;
}

/** Whether an action writes the table anew depends on this: no matter where another one surely does. */
export function doubtRewrite(plan: AlterPlan, on: string): void {
  plan.rewriteDoubts.push(on);
}

/** Every row is read to check something. */
export function planScan(plan: AlterPlan, table: Table | null): void {
  if (table === null || hasStorage(table)) workOn(plan, table).scans = true;
}

/** An index that is there is built again, whatever happens to the table. */
export function planRebuild(plan: AlterPlan, table: Table, index: Index): void {
  if (hasStorage(table)) workOn(plan, table).rebuilt.add(index);
}

/** A new index is built. */
export function planIndex(plan: AlterPlan, table: Table | null, name: string): void {
  if (table === null || hasStorage(table)) workOn(plan, table).created.add(name);
}

/** Writes down what the tables go through. */
export function closePlan(plan: AlterPlan): void {
  const { ledger } = plan;
  for (const work of plan.work.values()) {
    const isRebuilding = work.rebuilt.size > 0 || work.created.size > 0;
    if (work.rewrites !== false) ledger.rewrites.add(work.label);
    if (work.rewrites !== false || work.scans || isRebuilding) ledger.scans.add(work.label);
    const rebuilt =
      work.rewrites !== false && work.table !== null ? indexesOf(plan, work.table) : [...work.rebuilt];
    for (const index of rebuilt) {
      if (plan.droppedIndexes.has(index.id)) continue;
      lock(ledger, index, "ACCESS EXCLUSIVE");
      ledger.buildsIndexes.add(index.name);
    }
    for (const name of work.created) ledger.buildsIndexes.add(name);
  }
  const [doubt] = plan.rewriteDoubts;
  if (doubt !== undefined && !isSureRewrite(plan)) depend(ledger, doubt);
}

/** Whether a rewrite of the whole family is certain whatever the doubts come to. */
function isSureRewrite(plan: AlterPlan): boolean {
  const rewritten = [...plan.work.values()].filter(({ rewrites }) => rewrites !== false);
  return rewritten.length > 0 && rewritten.every(({ rewrites }) => rewrites === true);
}

function indexesOf(plan: AlterPlan, table: Table): readonly Index[] {
  return plan.ledger.world.schema.indexesOf(table.id);
}

/** The column as the history has it; undefined where it does not, or where the statement itself adds it. */
export function columnOf(plan: AlterPlan, name: string, table = plan.target.known): Column | undefined {
  return table === null ? undefined : itemNamed(table.columns, name);
}

/** Whether an action of the same statement adds the column. */
export function isAdded(plan: AlterPlan, name: string): boolean {
  return hasActionOn(plan.statement, "add column", name);
}

/** Whether an action of the same statement drops the constraint: drops run first, wherever they stand. */
export function isDroppedConstraint(plan: AlterPlan, name: string): boolean {
  return hasActionOn(plan.statement, "drop constraint", name);
}

/** Whether an action of the same statement takes the index of this name away: with its constraint, or with a column of it. */
export function isFreedName(plan: AlterPlan, name: string): boolean {
  const table = plan.target.known;
  if (table === null) return false;
  const index = indexesOf(plan, table).find((one) => one.name === name);
  if (index === undefined) return false;
  if (index.constraint !== null && isDroppedConstraint(plan, index.constraint)) return true;
  const { keys, including, expressionColumns, predicateColumns } = index;
  return [...keys, ...including, ...expressionColumns, ...predicateColumns].some(
    (column) => column !== null && hasActionOn(plan.statement, "drop column", column),
  );
}

/**
 * What the statement has made of the name of an index so far; null: nothing. Before 13 keys over the same columns are one, and share
 * their name.
 */
export function nameChange(plan: AlterPlan, name: string): "free" | "taken" | null {
  if (isFreedName(plan, name)) return "free";
  const isMade = plan.work.get(plan.target.label)?.created.has(name) === true;
  return isMade && plan.ledger.world.version >= 13 ? "taken" : null;
}

/** Whether the statement adds the column, and it is computed when it is read. */
export function isAddedVirtual(plan: AlterPlan, name: string): boolean {
  return actionsOn(plan.statement, "add column", name).some(
    ({ column }) => column.generated !== null && !column.generated.stored,
  );
}

/** Whether the table surely keeps a primary key that it has: what looks it up to drop it has no name that could be read. */
export function hasOtherPrimaryKey(plan: AlterPlan, table: Table): boolean {
  if (plan.ledger.world.schema.mayHaveMore(table)) return false;
  return table.constraints.some(
    (one) =>
      one.kind === "primary key" &&
      !plan.statement.actions.some(
        (action) =>
          (action.kind === "drop constraint" && action.constraint.name === one.name) ||
          (action.kind === "drop column" && one.columns.includes(action.column.name)),
      ),
  );
}
