import type { QualifiedName } from "../../model/name.ts";
import type { Statement } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { isTable, type Relation } from "../entities.ts";
import { descendantsOf } from "./family.ts";
import { depend, fail, findRelation, type Ledger } from "./ledger.ts";

/**
 * What checks of the open transaction still wait for, or its cursors read, cannot be altered, indexed, emptied or dropped.
 * Looked at before anything else of it, but for DROP: that asks first what depends on what goes.
 */
export function refuseInUse(ledger: Ledger, statement: Statement, isDrop: boolean): void {
  const { deferral } = ledger.world;
  if (deferral === undefined || (deferral.waiting.size === 0 && deferral.cursors.size === 0)) return;
  if (isDrop !== (statement.kind === "drop")) return;
  const read = new Set([...deferral.cursors.values()].flat());
  for (const relation of isDrop ? droppedBy(ledger, statement) : wantedBy(ledger, statement)) {
    if (read.has(relation.id))
      fail(ledger, "55006", `an open cursor of this transaction reads ${quoteName(relation.name)}`);
    const found = deferral.waiting.get(relation.id);
    if (found === undefined) continue;
    if (![...found.values()].includes("surely"))
      depend(ledger, `whether rows of ${quoteName(relation.name)} were changed before`);
    fail(
      ledger,
      "55006",
      `deferred checks of this transaction still wait for rows of ${quoteName(relation.name)}`,
    );
  }
}

/** All that goes with a table or a schema is wanted by nobody else, and so are the triggers of its foreign keys. */
function droppedBy({ locks, world }: Ledger, statement: Statement): readonly Relation[] {
  const objects = ["table", "foreign table", "schema", "materialized view"];
  if (statement.kind !== "drop" || !objects.includes(statement.object)) return [];
  return [...locks.values()].flatMap(({ id, kind, mode }) => {
    const isTaken = kind === "table" || kind === "materialized view";
    const found =
      id === null || !isTaken || mode !== "ACCESS EXCLUSIVE" ? undefined : world.schema.relationById(id);
    return found ?? [];
  });
}

function wantedBy({ world }: Ledger, statement: Statement): readonly Relation[] {
  const isAlone = "only" in statement && statement.only;
  return namesInUse(statement).flatMap((name) => {
    const found = findRelation(world, name);
    if (found === undefined) return [];
    return isTable(found) && !isAlone ? [found, ...descendantsOf(world.schema, found)] : [found];
  });
}

/**
 * The tables that a statement names and cannot have while somebody uses them. Measured: triggers, rules, policies, comments,
 * renames and REINDEX do not mind.
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
    case "refresh materialized view":
      return [statement.view];
    default:
      return [];
  }
}
