import type { ForeignKey } from "../../model/table.ts";
import { quoteName } from "../../sql/names.ts";
import type { Table } from "../entities.ts";
import { actionsOn } from "../same-statement.ts";
import type { AlterPlan, ConstraintPlace } from "./alter-plan.ts";
import { columnOf, isAddedVirtual } from "./alter-plan.ts";
import { placeIn } from "./alter-refusals.ts";
import { isSystemColumn } from "./expression-refusals.ts";
import { hasChildren, isPartitioned } from "./family.ts";
import { fail, failSeen, findRelation, type Ledger, needVersion, shortName } from "./ledger.ts";
import { hasWordBeforeName } from "./words.ts";

/** What a foreign key cannot be, whatever the rows hold. */
export function refuseForeignKey(
  plan: AlterPlan,
  key: ForeignKey,
  place: ConstraintPlace,
  other: Table | null,
): void {
  const { ledger, target, statement } = plan;
  const { world } = ledger;
  const table = target.known;
  const isPeriod = hasWordBeforeName(ledger, key.span, "period");
  if (world.version < 18 && isPeriod) needVersion(ledger, 18, "PERIOD");
  refusePeriods(ledger, key);
  const actions = [key.onDelete, key.onUpdate];
  if (isPeriod && actions.some((action) => action !== "no action"))
    fail(ledger, "0A000", "a foreign key with PERIOD has no other action than NO ACTION");
  const named = findRelation(world, key.references);
  if (named !== undefined && named.kind !== "table")
    fail(ledger, "42809", `${shortName(world, key.references.name.name)} is not a table`);
  if (table !== null && statement.only && isPartitioned(table) && hasChildren(world.schema, table))
    fail(ledger, "42809", "a foreign key cannot be added to only the partitioned table");
  const columns = key.columns.map(({ name }) => name);
  const known = placeIn(plan, "a foreign key").columns;
  if (!place.isOnNewColumn && known !== null)
    for (const name of columns)
      if (isSystemColumn(name)) fail(ledger, "0A000", "a system column cannot be part of a foreign key");
      else if (!known.has(name))
        fail(ledger, "42703", `column ${quoteName(name)} of the foreign key does not exist`);
  if (key.referencedColumns.length > 0 && key.referencedColumns.length !== columns.length)
    fail(ledger, "42830", "a foreign key has as many columns as it references");
  for (const { name } of key.referencedColumns)
    if (other?.isComplete === true && !other.columns.some((one) => one.name === name))
      fail(ledger, "42703", `column ${quoteName(name)} of ${quoteName(other.name)} does not exist`);
  for (const { name } of key.onDeleteColumns)
    if (!columns.includes(name))
      fail(ledger, "42P10", `column ${quoteName(name)} of ON DELETE SET is not part of the foreign key`);
  refuseGeneratedKey(plan, key, columns);
  if (other !== null) refusePersistence(plan, other);
}

/** PERIOD stands on both sides, or on neither. */
export function refusePeriods(ledger: Ledger, { span, references, referencedColumns }: ForeignKey): void {
  const [own, other] = [
    { start: span.start, end: references.span.start },
    { start: references.span.end, end: span.end },
  ].map((side) => hasWordBeforeName(ledger, side, "period"));
  if (referencedColumns.length > 0 && own !== other)
    fail(ledger, "42830", "a foreign key has PERIOD on both sides, or on neither");
}

/** A value that is computed cannot be set by the referenced row, and one that is not stored cannot be looked up. */
function refuseGeneratedKey(plan: AlterPlan, key: ForeignKey, columns: readonly string[]): void {
  const { ledger } = plan;
  for (const name of columns) {
    const [added] = actionsOn(plan.statement, "add column", name);
    const isStored = added?.column.generated?.stored === true;
    const generated = columnOf(plan, name)?.generated ?? (isStored ? "stored" : null);
    if (generated === "virtual" || isAddedVirtual(plan, name))
      fail(ledger, "0A000", "a foreign key on a virtual generated column is not supported");
    if (generated === null) continue;
    if (setsColumns(key))
      failSeen(
        ledger,
        "42601",
        `the generated column ${quoteName(name)} cannot be set by ON UPDATE or ON DELETE`,
      );
  }
}

/** Whether changes of the referenced row may write into the columns of the key. */
export function setsColumns({ onDelete, onUpdate }: ForeignKey): boolean {
  const isSet = onDelete === "set null" || onDelete === "set default";
  return isSet || onUpdate === "cascade" || onUpdate === "set null" || onUpdate === "set default";
}

/** What outlives a crash cannot rest on what does not. */
function refusePersistence(plan: AlterPlan, other: Table): void {
  const own = plan.target.known?.persistence;
  const isLess = own === "permanent" && other.persistence !== "permanent";
  const isMixed = own !== undefined && (own === "temporary") !== (other.persistence === "temporary");
  if (isLess || isMixed)
    fail(plan.ledger, "42P16", `a ${own} table cannot reference a table that is ${other.persistence}`);
}
