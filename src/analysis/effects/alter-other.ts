import type { Action } from "../../model/action.ts";
import type { LockMode } from "../../model/locks.ts";
import type { AlterTable } from "../../model/statement.ts";
import type { Lock } from "../effect.ts";
import { actionFacts, modeOfOptions } from "../facts/actions.ts";
import type { Ledger, Target } from "./ledger.ts";
import { fail, lock, lockTarget } from "./ledger.ts";
import { attachPartition } from "./partitions.ts";

/** ALTER INDEX, VIEW, MATERIALIZED VIEW, SEQUENCE and TYPE, and ALTER TABLE on one of them. */
export function alterOther(
  ledger: Ledger,
  statement: AlterTable,
  target: Target,
  actions: readonly Action[],
): void {
  if (statement.object === "type" && target.known === null) return;
  const kind = kindOf(statement, target);
  for (const action of actions) {
    refuseForKind(ledger, target, action, kind);
    if (action.kind === "attach partition") {
      attachPartition(ledger, target, action);
      continue;
    }
    lockTarget(ledger, target, kind, modeOf(action, kind));
    if (action.kind === "set tablespace" && action.tablespace.name !== "pg_default") {
      if (kind === "index") ledger.buildsIndexes.add(target.known?.name ?? afterDot(target.label));
      else if (kind === "materialized view") ledger.rewrites.add(target.label);
    }
    if (action.kind === "owner to" && target.known?.kind === "materialized view")
      for (const index of ledger.world.schema.indexesOf(target.known.id))
        lock(ledger, index, "ACCESS EXCLUSIVE");
  }
}

const viewActions = new Set(["set default", "drop default", "set options", "reset options", "owner to"]);

/** What a view or a sequence cannot be given. */
function refuseForKind(ledger: Ledger, target: Target, action: Action, kind: Lock["kind"]): void {
  if (kind === "view" && !viewActions.has(action.kind))
    fail(ledger, "42809", `${action.kind} is not possible for a view`);
  const index = target.known?.kind === "index" ? target.known : undefined;
  const table = index === undefined ? undefined : ledger.world.schema.tableById(index.table);
  if (table?.partitionBy != null && (action.kind === "set options" || action.kind === "reset options"))
    fail(ledger, "42809", "a partitioned index has no storage parameters");
  if (action.kind === "owner to" && target.known?.kind === "sequence" && target.known.ownedBy !== null)
    fail(ledger, "0A000", "an owned sequence has the owner of its table");
  const isPersistence = action.kind === "set logged" || action.kind === "set unlogged";
  if (kind === "sequence" && isPersistence && ledger.world.version < 15)
    fail(ledger, "42809", `${action.kind} of a sequence needs PostgreSQL 15`);
}

function afterDot(label: string): string {
  return label.slice(label.indexOf(".") + 1);
}

function kindOf(statement: AlterTable, target: Target): Lock["kind"] {
  const known = target.known?.kind;
  if (known !== undefined) return known === "foreign table" ? "table" : known;
  const { object } = statement;
  return object === "foreign table" || object === "type" ? "table" : object;
}

function modeOf(action: Action, kind: Lock["kind"]): LockMode {
  if (action.kind === "set options" || action.kind === "reset options")
    return modeOfOptions(action.options, kind === "view");
  return actionFacts[action.kind].mode;
}
