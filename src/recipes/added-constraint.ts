import type { TableConstraint } from "../analysis/entities.ts";
import { actionsOn } from "../analysis/same-statement.ts";
import type { AlterTable } from "../model/statement.ts";
import type { Context } from "../rule.ts";

/** The kind of the constraint, where this statement or an earlier one of its transaction made it; null: it did not. */
export function addedBefore(
  name: string,
  statement: AlterTable,
  context: Context,
): TableConstraint["kind"] | null {
  const { session } = context;
  const own = addedHere(name, statement);
  if (own !== null) return own;
  if (session.transaction === "autocommit") return null;
  const known = context.schema.findTable(statement.table)?.constraints.find((one) => one.name === name);
  if (known === undefined || known.validated) return null;
  return known.origin?.transaction === session.transactionNumber ? known.kind : null;
}

function addedHere(name: string, statement: AlterTable): TableConstraint["kind"] | null {
  const [action] = actionsOn(statement, "add constraint", name);
  return action?.constraint.notValid === true ? action.constraint.kind : null;
}
