import { quoteName } from "../../sql/names.ts";
import { isReplica } from "../deferral.ts";
import type { Table, Trigger } from "../entities.ts";
import { familyOf } from "./family.ts";
import type { Ledger } from "./ledger.ts";
import { runRoutine } from "./routines.ts";

type Event = Trigger["events"][number];

/**
 * What the triggers of a table do when its rows change; of an UPDATE, `columns` are those that it sets. `isSure`: there are rows for
 * certain, as of INSERT ... VALUES.
 */
export function fireTriggers(
  ledger: Ledger,
  table: Table,
  event: Event,
  columns: ReadonlySet<string> | null = null,
  isSure = false,
): void {
  if (ledger.isPlan) return;
  const role = isReplica(ledger.world.settings) ? "replica" : "origin";
  for (const member of table.partitionBy === null ? [table] : familyOf(ledger.world.schema, table))
    for (const trigger of member.triggers)
      if (
        (trigger.fires === "always" || trigger.fires === role) &&
        fires(trigger, event, columns) &&
        (trigger.forEachRow || member === table)
      )
        runTrigger(ledger, trigger, isSure);
}

function fires(
  { events, isOfColumns, columns: own }: Trigger,
  event: Event,
  columns: ReadonlySet<string> | null,
): boolean {
  if (!events.includes(event)) return false;
  return (
    event !== "update" || isOfColumns !== true || columns === null || own.some((one) => columns.has(one))
  );
}

function runTrigger(ledger: Ledger, trigger: Trigger, isSure: boolean): void {
  const name = trigger.function.at(-1) ?? "";
  const schema = trigger.function.length > 1 ? (trigger.function[0] ?? null) : null;
  // A condition of its own decides whether it runs.
  const isCertain = isSure && trigger.hasCondition !== true;
  for (const routine of ledger.world.schema.findFunctions({ schema, name }))
    if (routine.isTrigger) runRoutine(ledger, routine, quoteName(trigger.name), isCertain);
}
