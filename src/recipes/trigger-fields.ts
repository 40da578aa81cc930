import type { Trigger } from "../analysis/entities.ts";
import { usesOfField } from "../analysis/row-fields.ts";
import type { QualifiedName } from "../model/name.ts";
import type { Context, Finding, LooseEnd } from "../rule.ts";
import { quoteName, truncateName } from "../sql/names.ts";
import type { Span } from "../text/span.ts";
import { renderList, verb } from "./words.ts";

/** What fails with a column that the functions of triggers name in the rows that they are handed. `when`: `it is dropped`. */
export function* fieldsMissed(
  table: QualifiedName,
  column: string,
  at: Span,
  when: string,
  context: Context,
): Iterable<Finding> {
  const known = context.schema.findTable(table);
  const name = truncateName(column);
  const uses = known === undefined ? [] : usesOfField(known, name, context.schema);
  const [first] = uses;
  if (known === undefined || first === undefined) return;
  const triggers = renderList(uses.map(({ trigger }) => quoteName(trigger.name)));
  const routines = renderList(uses.map(({ routine }) => `${quoteName(routine.name)}()`));
  const field = `${first.row.toUpperCase()}.${quoteName(name)}`;
  yield {
    at,
    severity: "error",
    message: `${writesOf(uses.map(({ trigger }) => trigger))} of ${context.nameOf(table)} fail once ${when}: ${verb(uses.length, "its trigger", "its triggers")} ${triggers} ${verb(uses.length, "names", "name")} ${field}`,
    showsImpact: false,
    advice: `Replace ${routines} before, in the same transaction, with what does not name ${quoteName(name)}`,
    looseEnd: isUnused(known.id, name),
  };
}

function isUnused(table: number, column: string): LooseEnd {
  return {
    by: "file",
    isSettled(end) {
      const left = end.tableById(table);
      return (
        left === undefined ||
        left.columns.some(({ name }) => name === column) ||
        usesOfField(left, column, end).length === 0
      );
    },
  };
}

/** `Inserts and updates`: what the triggers fire at. */
function writesOf(triggers: readonly Trigger[]): string {
  const fired = new Set(triggers.flatMap(({ events }) => events));
  const words = (["insert", "update", "delete"] as const).filter((event) => fired.has(event));
  const list = renderList(words.map((event) => `${event}s`));
  return `${list.charAt(0).toUpperCase()}${list.slice(1)}`;
}
