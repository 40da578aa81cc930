import type { Action } from "../../model/action.ts";
import { truncateName } from "../../sql/names.ts";
import { addNotNull, setValidated } from "./constraints.ts";
import { type Draft, tableById } from "./draft.ts";
import { changeColumn, changeTable, familyOf, hasConstraint } from "./tables.ts";
import { setTiming } from "./timing.ts";

/** ALTER and VALIDATE CONSTRAINT, of the table and of all below it. */
export function alterConstraint(
  draft: Draft,
  id: number,
  action: Extract<Action, { kind: "validate constraint" | "alter constraint" }>,
  only: boolean,
): void {
  const name = truncateName(action.constraint.name);
  if (action.kind === "alter constraint" && action.inherit !== null)
    setReach(draft, id, name, action.inherit);
  const validates = action.kind === "validate constraint" || action.enforced === true;
  for (const member of familyOf(draft, id, only)) {
    if (action.kind === "alter constraint" && action.enforced !== null) {
      const enforced = action.enforced;
      changeTable(draft, member, (table) => ({
        constraints: table.constraints.map((own) =>
          own.name === name ? { ...own, enforced, validated: enforced && own.validated } : own,
        ),
      }));
    }
    if (action.kind === "alter constraint" && action.deferrable !== null)
      setTiming(draft, member, name, { ...action, deferrable: action.deferrable });
    const table = tableById(draft, member);
    if (!validates || table === undefined || !hasConstraint(table, name)) continue;
    setValidated(draft, member, name);
    const constraint = table.constraints.find((own) => own.name === name);
    const column = constraint?.kind === "not null" ? constraint.columns[0] : undefined;
    if (column !== undefined) changeColumn(draft, member, column, () => ({ notNull: "valid" }));
  }
}

/** [NO] INHERIT of a not-null constraint (18): with INHERIT all below the table get it too. */
function setReach(draft: Draft, id: number, name: string, inherit: boolean): void {
  const own = tableById(draft, id)?.constraints.find((one) => one.name === name);
  const column = own?.kind === "not null" ? own.columns[0] : undefined;
  if (column === undefined) return;
  changeTable(draft, id, (table) => ({
    constraints: table.constraints.map((one) => (one.name === name ? { ...one, noInherit: !inherit } : one)),
  }));
  if (inherit) addNotNull(draft, id, column, name, { only: false, isValid: true });
}
