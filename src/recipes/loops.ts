import { boundOf, type RowBound } from "../analysis/row-bounds.ts";
import type { QualifiedName } from "../model/name.ts";
import type { DataChange } from "../model/query.ts";
import type { Context } from "../rule.ts";
import { nameOf } from "../sql/names.ts";
import { isNameToken, tokenize } from "../sql/tokens.ts";

/** How many rows a change touches in all rounds of the loop that it stands in: one row of each round is many rows of the table. */
export function boundInLoop(change: DataChange, context: Context): RowBound {
  const bound = boundOf(change, context.schema);
  return bound === "few" && context.loop === "rows" && runsOver(change.table, context) ? "many" : bound;
}

/** Whether the loops around a change run over rows of the very table that it changes. */
export function runsOver(table: QualifiedName, context: Context): boolean {
  const { loopOver } = context;
  return tokenize(loopOver).some(
    (token) => isNameToken(token) && nameOf(loopOver, token) === table.name.name,
  );
}
