import { type Lock, shortName } from "../src/analysis/effect.ts";
import { boundOf } from "../src/analysis/row-bounds.ts";
import { type HeldLock, isInTransaction, timeoutSeconds } from "../src/analysis/session.ts";
import { blocksReads, isAtLeast } from "../src/model/locks.ts";
import type { Statement } from "../src/model/statement.ts";
import { type Context, defineRule } from "../src/rule.ts";

export default defineRule({
  id: "work-under-strong-lock",
  severity: "warning",
  category: "transaction",
  summary:
    "A scan, a table rewrite, an index build or another wait, while the transaction holds a strong lock from an earlier statement",
  why: `
Locks are kept until the transaction ends. A statement that is harmless by itself makes the earlier ones hurt: while it reads a
table, builds an index or waits for a lock of its own, whatever was locked before stays locked.`,
  instead: "Split the migration here: what holds the lock in one, the work in the next.",
  references: ["explicit-locking.html#LOCKING-TABLES"],
  on: ["statement"],

  *check(statement, context) {
    if (!isInTransaction(context.session)) return;
    const held = [...context.session.locks.values()].filter(
      (lock) => lock.existed && isAtLeast(lock.mode, "SHARE ROW EXCLUSIVE"),
    );
    if (held.length === 0) return;
    const work = workOf(statement, context, held);
    if (work === null || !context.isFirst(String(context.session.transactionNumber))) return;
    const lock = held.find(({ mode }) => blocksReads(mode)) ?? held[0];
    if (lock === undefined) return;
    const who = blocksReads(lock.mode) ? "reads and writes" : "writes";
    yield {
      at: statement.head,
      message: `While this ${work}, ${who} of ${shortName(lock.relation)} wait: an earlier statement of the transaction has locked it`,
      advice: "Put it into the next migration, so that the earlier locks are gone by then",
    };
  },
});

/** What takes long here; null: nothing. Work on a relation that nobody else can see yet, or on what is locked already, is the business of the rule for that work. */
function workOf(statement: Statement, context: Context, held: readonly HeldLock[]): string | null {
  const { rewrites, scans, buildsIndexes } = context.effects;
  const waited = context.waitedFor();
  const others = waited.filter(
    (lock) => lock.kind !== "index" && !held.some((one) => one.relation === lock.relation),
  );
  const touchesExisting = waited.some((lock) => lock.kind !== "index");
  if (touchesExisting && rewrites.length > 0) return `rewrites ${shortName(rewrites[0] ?? "")}`;
  if (touchesExisting && buildsIndexes.length > 0) return "builds an index";
  if (touchesExisting && scans.length > 0 && isDefinition(statement))
    return `reads all of ${shortName(scans[0] ?? "")}`;
  if (isUnboundedChange(statement, context)) return "changes many rows";
  const hasTimeout = (timeoutSeconds(context.session, "lock_timeout") ?? 0) > 0;
  const strong = others.find(
    (lock: Lock) => isAtLeast(lock.mode, "SHARE ROW EXCLUSIVE") && blocksReads(lock.mode),
  );
  return hasTimeout || strong === undefined ? null : `waits for its lock on ${shortName(strong.relation)}`;
}

/** Queries scan as well; what matters here is work that a definition does behind the scenes. */
function isDefinition(statement: Statement): boolean {
  return !["select", "insert", "update", "delete", "merge"].includes(statement.kind);
}

/** On the locked table itself backfill-with-ddl speaks. */
function isUnboundedChange(statement: Statement, context: Context): boolean {
  if (statement.kind !== "update" && statement.kind !== "delete") return false;
  if (context.isNew(statement.table) || boundOf(statement, context.schema) === "few") return false;
  const table = context.schema.findTable(statement.table);
  const key = `${table?.schema ?? statement.table.schema?.name ?? "public"}.${statement.table.name.name}`;
  return context.session.locks.get(key)?.mode !== "ACCESS EXCLUSIVE";
}
