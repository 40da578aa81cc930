import type { StatementOf } from "../../model/statement.ts";
import { labelOf } from "../effect.ts";
import { isTable } from "../entities.ts";
import { hasStorage } from "./family.ts";
import { depend, type Ledger, lock } from "./ledger.ts";
import { hasWords } from "./words.ts";

/** ALTER TABLE ALL IN TABLESPACE: the history does not tell where tables lie; all are taken to lie in the default one. */
export function moveAll(ledger: Ledger, { object, to, span }: StatementOf<"alter all in tablespace">): void {
  if (to === "pg_default") return;
  if (hasWords(ledger, span, "owned", "by")) depend(ledger, "what the roles own");
  for (const relation of ledger.world.schema.relations()) {
    if (relation.kind !== object) continue;
    lock(ledger, relation, "ACCESS EXCLUSIVE");
    // A partitioned table has nothing of its own to move.
    if (isTable(relation) && !hasStorage(relation)) continue;
    if (relation.kind === "index") ledger.buildsIndexes.add(relation.name);
    else ledger.rewrites.add(labelOf(relation));
  }
}

/** DROP OWNED and REASSIGN OWNED: the history does not tell who owns what, so all of it may be meant. */
export function lockOwned(ledger: Ledger): void {
  for (const relation of ledger.world.schema.relations()) lock(ledger, relation, "ACCESS EXCLUSIVE");
  depend(ledger, "what the role owns");
}
