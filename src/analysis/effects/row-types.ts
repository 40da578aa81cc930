import { quoteName } from "../../sql/names.ts";
import { labelOf } from "../effect.ts";
import type { Table } from "../entities.ts";
import type { AlterPlan } from "./alter-plan.ts";
import { familyOf } from "./family.ts";
import { fail, shortName } from "./ledger.ts";

/** Values of a table's row type in other tables would have to be changed with its rows: that is refused. */
export function refuseRowUsers(plan: AlterPlan, table: Table): void {
  const { ledger } = plan;
  const { schema } = ledger.world;
  for (const member of familyOf(schema, table, plan.statement.only)) {
    const [user] = schema.tablesUsingRow(member.id);
    if (user === undefined) continue;
    const label = shortName(ledger.world, labelOf(user));
    fail(ledger, "0A000", `${label} has a column of the row type of ${quoteName(member.name)}`);
  }
}
