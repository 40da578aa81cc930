import type { DataChange } from "../../model/query.ts";
import { quoteName } from "../../sql/names.ts";
import { labelOf } from "../effect.ts";
import { isTable, isWrittenByHooks, type Table, type View } from "../entities.ts";
import { itemNamed } from "../schema/places.ts";
import type { EffectsWorld, Ledger, Target } from "./ledger.ts";
import { depend, fail, lock, targetOf } from "./ledger.ts";
import { outputsOf } from "./object-refusals.ts";
import { readRelation } from "./queries.ts";

/** A view with rules or INSTEAD OF triggers is read as it is; what is written then, these say. */
export function isHooked(ledger: Ledger, change: DataChange): boolean {
  const view = targetOf(ledger.world, change.table).known;
  if (view?.kind !== "view" || !isWrittenByHooks(view)) return false;
  if (change.kind !== "insert")
    readRelation(
      ledger,
      { schema: view.schema, name: view.name, locksRows: false, isBounded: false },
      "runs",
    );
  lock(ledger, view, "ROW EXCLUSIVE");
  depend(ledger, `what the rules and triggers of ${quoteName(view.name)} do`);
  return true;
}

/** The table that is written; through a view, which is locked as well, the one below it. */
export function writtenBy(ledger: Ledger, change: DataChange): Target<Table> {
  const { world } = ledger;
  let target = targetOf(world, change.table);
  const seen = new Set<number>();
  while (target.known?.kind === "view" && !seen.has(target.known.id)) {
    seen.add(target.known.id);
    lock(ledger, target.known, "ROW EXCLUSIVE");
    if (isWrittenByHooks(target.known)) {
      depend(ledger, `what the rules and triggers of ${quoteName(target.known.name)} do`);
      break;
    }
    refuseView(ledger, change, target.known);
    if (seen.size === 1) refuseOutputs(ledger, change, target.known);
    const [first, ...others] = target.known.reads;
    if (first === undefined || others.length > 0) break;
    const below = first.id === null ? undefined : world.schema.relationById(first.id);
    target = below === undefined ? targetOf(world, first) : { known: below, label: labelOf(below) };
  }
  if (target.known?.kind === "sequence")
    fail(ledger, "42809", `${quoteName(target.known.name)} is a sequence: setval() sets it`);
  if (target.known?.kind === "materialized view" || target.known?.kind === "index")
    fail(ledger, "42809", `${quoteName(target.known.name)} cannot be changed by rows`);
  return { known: isTable(target.known) ? target.known : null, label: target.label };
}

/** Whether what is written goes by the names of the table's own columns: a view may call them otherwise. */
export function keepsNames(world: EffectsWorld, change: DataChange, table: Table): boolean {
  const named = targetOf(world, change.table).known;
  if (named?.kind !== "view") return true;
  return named.outputs?.every((name) => itemNamed(table.columns, name) !== undefined) === true;
}

/** What is written through a view are columns of the view. */
function refuseOutputs(ledger: Ledger, change: DataChange, view: View): void {
  const outputs = outputsOf(view);
  if (outputs === null || (change.kind !== "insert" && change.kind !== "update")) return;
  const columns =
    change.kind === "insert" ? change.columns : change.assignments.map((assignment) => assignment.column);
  for (const { name } of columns)
    if (!outputs.includes(name))
      fail(ledger, "42703", `column ${quoteName(name)} of ${quoteName(view.name)} does not exist`);
}

/** Rows cannot be written through a view that puts them together. */
function refuseView(ledger: Ledger, change: DataChange, view: View): void {
  if (change.kind === "merge" || view.isReadOnly !== true || view.origin === null) return;
  fail(ledger, "55000", `rows cannot be written through the view ${quoteName(view.name)}`);
}
