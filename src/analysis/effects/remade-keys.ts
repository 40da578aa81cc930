import { quoteName } from "../../sql/names.ts";
import { labelOf } from "../effect.ts";
import type { Table } from "../entities.ts";
import type { AlterPlan } from "./alter-plan.ts";
import { isDroppedConstraint } from "./alter-plan.ts";
import { areComparable } from "./comparable.ts";
import {
  checkRows,
  type ForeignKeyOf,
  incomingKeys,
  lockOfDroppedKey,
  lockReferenced,
  referencedBy,
  referencedColumnsOf,
  typeBy,
} from "./foreign-keys.ts";
import { fail, lock, shortName } from "./ledger.ts";

/** The types of both sides as the statement leaves them still have to be comparable. */
function requireComparable(plan: AlterPlan, table: Table, key: ForeignKeyOf, other: Table): void {
  const { ledger, target } = plan;
  const typeOf = (on: Table, name: string | undefined) =>
    (on.id === target.known?.id && name !== undefined ? typeBy(plan, name) : undefined) ??
    on.columns.find((one) => one.name === name)?.type;
  for (const [k, name] of referencedColumnsOf(other, key).entries()) {
    const [own, goal] = [typeOf(table, key.columns[k]), typeOf(other, name)];
    if (own == null || goal == null || areComparable(ledger.world, own, goal)) continue;
    fail(
      ledger,
      "42804",
      `${quoteName(key.name)} compares columns of types that cannot be compared any more`,
    );
  }
}

/** Foreign keys on either side are made anew: both tables are locked, and read again where the comparison changed. */
export function remakeForeignKeys(plan: AlterPlan, table: Table, name: string, changed: boolean): void {
  const { ledger } = plan;
  const { world } = ledger;
  for (const key of table.constraints) {
    if (key.kind !== "foreign key" || !key.columns.includes(name)) continue;
    if (isDroppedConstraint(plan, key.name)) continue;
    const other = referencedBy(world, key);
    lockOfDroppedKey(ledger, key);
    lockReferenced(ledger, key, "SHARE ROW EXCLUSIVE");
    if (other.known !== null) requireComparable(plan, table, key, other.known);
    if (changed && key.validated && key.enforced)
      checkRows(ledger, table, labelOf(table), other.known, other.label);
  }
  for (const { from, key } of incomingKeys(world, table)) {
    if (!referencedColumnsOf(table, key).includes(name)) continue;
    lock(
      ledger,
      from,
      "ACCESS EXCLUSIVE",
      `${quoteName(key.name)} references ${shortName(world, labelOf(table))}`,
    );
    requireComparable(plan, from, key, table);
    if (changed && key.validated && key.enforced)
      checkRows(ledger, from, labelOf(from), table, labelOf(table));
  }
}
