import type { QualifiedName } from "../../model/name.ts";
import type { Statement } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { depend, fail, findRelation, type Ledger } from "./ledger.ts";

/** What checks of the open transaction still wait for, cannot be altered, indexed, emptied or dropped. */
export function refuseInUse(ledger: Ledger, statement: Statement): void {
  const waiting = ledger.world.deferral?.waiting;
  if (waiting === undefined || waiting.size === 0) return;
  for (const name of namesInUse(statement)) {
    const table = findRelation(ledger.world, name);
    const found = table === undefined ? undefined : waiting.get(table.id);
    if (table === undefined || found === undefined) continue;
    if (![...found.values()].includes("surely"))
      depend(ledger, `whether rows of ${quoteName(table.name)} were changed before`);
    fail(
      ledger,
      "55006",
      `deferred checks of this transaction still wait for rows of ${quoteName(table.name)}`,
    );
  }
}

/**
 * The tables that a statement names and cannot have while checks wait for their rows. Measured: triggers, rules, policies,
 * comments, renames and REINDEX do not mind.
 */
function namesInUse(statement: Statement): readonly QualifiedName[] {
  switch (statement.kind) {
    case "alter table":
    case "create index":
      return [statement.table];
    case "alter owner":
      return [statement.target];
    case "cluster":
      return statement.table === null ? [] : [statement.table];
    case "truncate":
      return statement.tables;
    case "drop":
      return statement.object === "table" ? statement.names : [];
    default:
      return [];
  }
}
