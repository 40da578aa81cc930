import { changesOf } from "../src/analysis/changes.ts";
import { type Lock, labelOf, shortName } from "../src/analysis/effect.ts";
import { isSystemName } from "../src/analysis/schema/name-parts.ts";
import type { Schema } from "../src/analysis/schema.ts";
import { type HeldLock, isInTransaction, timeoutSeconds } from "../src/analysis/session.ts";
import { visitNodes } from "../src/analysis/visit-nodes.ts";
import type { Call } from "../src/model/expression.ts";
import { blocksReads, isAtLeast } from "../src/model/locks.ts";
import type { DataChange } from "../src/model/query.ts";
import type { Statement } from "../src/model/statement.ts";
import { addedBefore } from "../src/recipes/added-constraint.ts";
import { boundInLoop } from "../src/recipes/loops.ts";
import { type Context, defineRule, type LooseEnd } from "../src/rule.ts";
import { splitQualified } from "../src/sql/names.ts";

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
    if (!isInTransaction(context.session) || context.effects.refusesTransaction) return;
    const { strong } = context.session.locks;
    if (strong.length === 0) return;
    const own = new Map(context.effects.locks.map((lock) => [lock.relation, lock.mode]));
    // What the statement locks as strongly itself hurts without the earlier lock, too: the rule for its work says so.
    const isNews = ({ mode, relation }: HeldLock) => {
      const again = own.get(relation);
      return again === undefined || !isAtLeast(again, mode);
    };
    const isKept = (held: HeldLock) => !isDropped(held.relation, context.schema);
    // Of thousands of locks the first is mostly the one.
    const lock = strongestOf(strong, (held) => isNews(held) && isKept(held)) ?? strongestOf(strong, isNews);
    if (lock === undefined) return;
    if (isOwnValidation(statement, context)) return;
    const work = workOf(statement, context);
    const hurts = work ?? waitOf(context);
    const looseEnd = isKept(lock) ? null : backAgain(lock.relation);
    // A wait does not hide the work behind it, nor what may come to nothing what is sure.
    const kind = `${work === null ? "wait" : "work"}${looseEnd === null ? "" : " for what was dropped"}`;
    if (hurts === null || !context.isFirstInTransaction(kind)) return;
    const who = blocksReads(lock.mode) ? "reads and writes" : "writes";
    yield {
      at: statement.head,
      // What the statement's own lock lets go on, the earlier one does not.
      showsImpact: !own.has(lock.relation),
      message: `While this ${hurts}, ${who} of ${shortName(lock.relation)} wait: an earlier statement of the transaction has locked it`,
      advice: "Put it into the next migration, so that the earlier locks are gone by then",
      ...(looseEnd === null ? {} : { looseEnd }),
    };
  },
});

function strongestOf(locks: readonly HeldLock[], counts: (lock: HeldLock) => boolean): HeldLock | undefined {
  return locks.find((lock) => blocksReads(lock.mode) && counts(lock)) ?? locks.find(counts);
}

function isDropped(relation: string, schema: Schema): boolean {
  return schema.findGone("relation", splitQualified(relation))?.became === null;
}

/** Who waits for what the transaction has dropped gets an error in the end; unless the file makes it anew, as it does with views. */
function backAgain(relation: string): LooseEnd {
  return { by: "file", isSettled: (end) => isDropped(relation, end) };
}

/** VALIDATE of what this transaction added: validate-in-same-transaction speaks. */
function isOwnValidation(statement: Statement, context: Context): boolean {
  if (statement.kind !== "alter table") return false;
  return statement.actions.every(
    (action) =>
      action.kind === "validate constraint" &&
      addedBefore(action.constraint.name, statement, context) !== null,
  );
}

/** What takes long here; null: nothing, or nothing but work on relations that nobody else can see yet. */
function workOf(statement: Statement, context: Context): string | null {
  const names = new Set(waitedForTables(context).map((lock) => lock.relation));
  const rewritten = context.effects.rewrites.find((relation) => names.has(relation));
  if (rewritten !== undefined) return `rewrites ${shortName(rewritten)}`;
  if (context.effects.buildsIndexes.length > 0 && buildsOnExisting(statement, context))
    return "builds an index";
  const scanned = context.effects.scans.find((relation) => names.has(relation));
  if (scanned !== undefined && (isLongDefinition(statement, context) || copiesRows(statement, context)))
    return `reads all of ${shortName(scanned)}`;
  return isUnboundedChange(statement, context) ? "changes many rows" : otherWorkOf(statement, context);
}

/** What takes its time without a scan that the server would count. */
function otherWorkOf(statement: Statement, context: Context): string | null {
  switch (statement.kind) {
    case "analyze": {
      const read = statement.tables.find((table) => !context.hasNoRows(table));
      if (statement.tables.length === 0) return "reads a sample of every table";
      return read === undefined ? null : `reads a sample of ${context.nameOf(read)}`;
    }
    case "copy":
      // What stands in the migration itself is not much.
      return statement.direction === "from" && !/\bfrom\s+stdin\b/i.test(context.text(statement.span))
        ? "loads a file"
        : null;
    case "select":
      return /pg_sleep/i.test(context.text(statement.span)) && sleeps(statement) ? "sleeps" : null;
    default:
      return null;
  }
}

/** Whether it sleeps, for more than a moment. */
function sleeps(statement: Statement): boolean {
  let found = false;
  visitNodes(statement, (node) => {
    const call = node as Call;
    if (node.kind !== "call" || !/^pg_sleep(?:_for|_until)?$/.test(call.name)) return;
    const [time] = call.arguments;
    found ||= time?.kind !== "constant" || time.type === "string" || Number(time.value) >= 1;
  });
  return found;
}

/** The lock that has to wait for queries of others, with nothing to end the wait. */
function waitOf(context: Context): string | null {
  if ((timeoutSeconds(context.session, "lock_timeout") ?? 0) > 0) return null;
  const held = context.session.locks;
  const lock = waitedForTables(context).find((own) => blocksReads(own.mode) && !isHeld(own, held));
  return lock === undefined ? null : `waits for its lock on ${shortName(lock.relation)}`;
}

function waitedForTables(context: Context): readonly Lock[] {
  return context.waitedFor().filter((lock) => lock.kind !== "index");
}

/**
 * A lock that is held already need not be waited for, unless it was weaker: then those that it let in have to go. A name that the
 * history does not know, and a locked relation of another schema bears: a search path may well mean that one.
 */
function isHeld({ id, relation, mode }: Lock, held: Context["session"]["locks"]): boolean {
  const before = held.get(relation);
  if (before !== undefined) return isAtLeast(before.mode, mode);
  if (id !== null) return false;
  const { name } = splitQualified(relation);
  // To take a label apart is slow, and thousands may be held.
  const spelt = name.replaceAll('"', '""');
  return held.strong.some(
    (other) => other.relation.includes(spelt) && splitQualified(other.relation).name === name,
  );
}

function buildsOnExisting(statement: Statement, context: Context): boolean {
  if (statement.kind !== "create index" && statement.kind !== "alter table") return true;
  return !context.hasNoRows(statement.table);
}

/** The foreign keys of a table without rows look nothing up in the tables that they point at. */
function isKeyOfNewTable(statement: Statement, context: Context): boolean {
  return statement.kind === "alter table" && context.hasNoRows(statement.table);
}

/** Queries scan as well; what matters here is work that a definition does behind the scenes. */
function isLongDefinition(statement: Statement, context: Context): boolean {
  if (["select", "insert", "update", "delete", "merge"].includes(statement.kind)) return false;
  return !isKeyOfNewTable(statement, context);
}

/** What is read to be written elsewhere is read to the end, whether or not anybody else can see where it goes. */
function copiesRows(statement: Statement, context: Context): boolean {
  if (statement.kind !== "insert" && statement.kind !== "merge" && statement.kind !== "select") return false;
  return changesOf(statement).some(
    (change) => (change.kind === "insert" || change.kind === "merge") && !isLocked(change, context),
  );
}

function isUnboundedChange(statement: Statement, context: Context): boolean {
  if (statement.kind !== "update" && statement.kind !== "delete") return false;
  if (isSystemName(statement.table)) return false;
  if (context.isNew(statement.table) || boundInLoop(statement, context) === "few") return false;
  return !isLocked(statement, context);
}

/** On a table that is locked itself backfill-with-ddl speaks. */
function isLocked({ table: { name, schema: qualifier }, table }: DataChange, context: Context): boolean {
  const schema = context.schema.findTable(table)?.schema ?? qualifier?.name ?? "public";
  return context.session.locks.get(labelOf({ schema, name: name.name }))?.mode === "ACCESS EXCLUSIVE";
}
