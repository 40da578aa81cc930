import { type Lock, shortName } from "../src/analysis/effect.ts";
import { refusedAlone } from "../src/analysis/effects/transaction-refusal.ts";
import { timeoutSeconds } from "../src/analysis/session.ts";
import { blocksReads, isAtLeast } from "../src/model/locks.ts";
import type { Statement } from "../src/model/statement.ts";
import { isMadeConcurrent } from "../src/recipes/alone.ts";
import { linesBefore } from "../src/recipes/before.ts";
import { isKeptApart } from "../src/recipes/lifted.ts";
import { clearsForItself } from "../src/recipes/made-anew.ts";
import { type Context, defineRule, type Fix } from "../src/rule.ts";
import { splitQualified } from "../src/sql/names.ts";

export default defineRule({
  id: "missing-lock-timeout",
  severity: "warning",
  category: "transaction",
  summary: "A strong lock on an existing table while no lock_timeout is in force",
  why: `
A statement that changes the catalog for five milliseconds still has to wait for its lock. While it waits behind one long
query or an idle transaction, every later query on the table queues behind it: the application stops, and it stops for as
long as the long query runs.

With a lock_timeout the statement gives up instead, the queue drains, and the migration can be tried again. The setting
counts for each lock wait by itself, not for the whole statement.`,
  instead: `
Set lock_timeout to a few seconds before the first such statement, and run the migration again if it fails. Where the
runner or the role sets it already, say so: \`"session": { "lockTimeout": "5s" }\` in the configuration.`,
  references: ["runtime-config-client.html#GUC-LOCK-TIMEOUT", "explicit-locking.html"],
  aliases: ["require-timeout-settings"],
  on: ["statement"],

  *check(statement, context) {
    if ((timeoutSeconds(context.session, "lock_timeout") ?? 0) > 0) return;
    // CONCURRENTLY and its kin wait on purpose; a timeout would leave half an index behind.
    if (context.effects.refusesTransaction && !isExclusive(statement)) return;
    if (refusedAlone(statement, context.session) !== null) return;
    const strong = context.waitedFor().filter(({ mode }) => isAtLeast(mode, "SHARE ROW EXCLUSIVE"));
    // People read and write tables: an index is named only where the history does not know whose it is.
    const lock = strong.find(({ kind }) => kind !== "index") ?? strong[0];
    if (lock === undefined) return;
    // What is set in the first of the files that share a transaction holds in all of them.
    const looseEnd = statement.kind === "drop" ? clearsForItself(statement, context) : null;
    const isShared = context.runner.mode === "run" && context.session.transaction === "runner";
    if (
      !(isShared
        ? context.isFirstInTransaction("timeout")
        : context.isFirst(looseEnd === null ? "file" : "cleared"))
    )
      return;
    const who = blocksReads(lock.mode) ? "reads and writes" : "writes";
    const becomesConcurrent = isMadeConcurrent(context);
    const fix = becomesConcurrent ? null : fixBefore(context);
    yield {
      at: statement.head,
      message: `While this waits for its lock, ${who} of ${spelling(lock, context)} queue behind it, with no lock_timeout to end that`,
      ...(fix === null ? {} : { fix }),
      ...(becomesConcurrent
        ? { advice: "Add CONCURRENTLY, which keeps nobody out while it waits; or set lock_timeout before it" }
        : context.isInBody
          ? { advice: "Set lock_timeout before the statement that runs this" }
          : isKeptApart(context)
            ? { advice: `Set lock_timeout before it, and ${context.runner.leaving.unseen}` }
            : {}),
      ...(looseEnd === null ? {} : { looseEnd }),
    };
  },
});

/** The relation as the user wrote it, where the statement names it; else as the server calls it. */
function spelling(lock: Lock, context: Context): string {
  const { statement } = context;
  if (lock.kind === "index") return `the table of ${shortName(lock.relation)}`;
  const name = "table" in statement ? statement.table : null;
  if (name === null || !("span" in name)) return shortName(lock.relation);
  const known = context.schema.findRelation(name);
  // What the statement makes is not what it waits for: unknown by now, but no more than its own name.
  const isIt =
    known === undefined
      ? lock.id === null && splitQualified(lock.relation).name === name.name.name
      : known.id === lock.id;
  return isIt ? context.nameOf(name) : shortName(lock.relation);
}

/** What refuses a transaction and keeps others out all the same. */
function isExclusive(statement: Statement): boolean {
  if (statement.kind === "vacuum") return statement.full;
  return statement.kind === "cluster" || (statement.kind === "reindex" && !statement.concurrently);
}

/** SET in the place and scope that fits: SET LOCAL where there is a transaction for it to end with. */
function fixBefore(context: Context): Fix | null {
  const { session, runner } = context;
  if (context.isInBody) return null;
  // A lone statement is no transaction, but two in one message are: unless the runner sends each by itself.
  const isJoined = runner.mode === "message" && runner.leaving.alone;
  // Beside another statement in its message it would be refused.
  if ((isJoined && context.effects.refusesTransaction) || isKeptApart(context)) return null;
  const needsLocal = session.transaction !== "autocommit" || isJoined;
  const setting = `SET ${needsLocal ? "LOCAL " : ""}lock_timeout = '${renderSeconds(context.maxLockTimeout)}';`;
  return {
    title: `Set lock_timeout before it`,
    edits: [linesBefore([setting], context)],
  };
}

function renderSeconds(seconds: number): string {
  return Number.isInteger(seconds) ? `${seconds}s` : `${Math.round(seconds * 1000)}ms`;
}
