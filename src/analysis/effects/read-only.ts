import type { Statement } from "../../model/statement.ts";
import { isReadOnly } from "../access-mode.ts";
import { isTable } from "../entities.ts";
import { fail, type Ledger } from "./ledger.ts";

/** Commands that a transaction READ ONLY has, or that are looked at when they run: rows of temporary tables may change. */
const running: ReadonlySet<Statement["kind"]> = new Set([
  "select",
  "insert",
  "update",
  "delete",
  "merge",
  "copy",
  "declare cursor",
  "explain",
  "prepare",
]);

/** Measured: none of them changes what a dump would show. */
const allowed: ReadonlySet<Statement["kind"]> = new Set([
  "set",
  "transaction",
  "lock",
  "vacuum",
  "analyze",
  "reindex",
  "cluster",
  "do",
  "call",
]);

const allowedOthers = new Set(
  "checkpoint close deallocate execute fetch move listen load notify unlisten show"
    .split(" ")
    .concat("set constraints", "alter system"),
);

/** A transaction READ ONLY has no command that changes the schema, or anything else that is shared. */
export function refuseReadOnly(ledger: Ledger, statement: Statement): void {
  const { kind } = statement;
  if (running.has(kind) || allowed.has(kind) || !isReadOnly(ledger.world.settings)) return;
  if (kind === "other" && allowedOthers.has(statement.command)) return;
  fail(ledger, "25006", reason);
}

const reason = "the transaction is READ ONLY";

/** Rows of tables that outlive the session stay as they are, locked ones too, and sequences go no further. */
export function refuseWriting(ledger: Ledger, statement: Statement): void {
  if (!running.has(statement.kind) || ledger.isPlan || !isReadOnly(ledger.world.settings)) return;
  const writes = [...ledger.locks.values()].some(({ id, kind, mode }) => {
    if (mode === "ACCESS SHARE" || kind === "index") return false;
    const found = id === null ? undefined : ledger.world.schema.relationById(id);
    return !(isTable(found) && found.persistence === "temporary") && found?.schema !== "pg_temp";
  });
  if (writes) fail(ledger, "25006", reason);
}
