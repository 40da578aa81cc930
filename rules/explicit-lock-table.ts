import { refusedAlone } from "../src/analysis/effects/transaction-refusal.ts";
import { blocksReads, blocksWrites } from "../src/model/locks.ts";
import { renderList } from "../src/recipes/words.ts";
import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "explicit-lock-table",
  severity: "warning",
  category: "lock",
  summary: "LOCK TABLE in a mode that keeps writers or readers out",
  why: `
LOCK TABLE waits until it has the lock, while everybody else queues behind it, and keeps it until the transaction ends, whatever the rest
of the transaction does. A bare LOCK TABLE takes ACCESS EXCLUSIVE, which keeps out readers as well.

Statements of PostgreSQL take the locks that they need by themselves.`,
  instead:
    "Leave it out, or take the weakest mode that does, with NOWAIT or under a lock_timeout, in a short transaction.",
  references: ["sql-lock.html", "explicit-locking.html#LOCKING-TABLES"],
  on: ["lock"],

  *check(lock, context) {
    // By itself it is refused before it locks anything: impossible-statement says so.
    if (!blocksWrites(lock.mode) || refusedAlone(lock, context.session) !== null) return;
    const tables = lock.tables.filter((table) => !context.isNew(table)).map((table) => context.nameOf(table));
    if (tables.length === 0) return;
    const who = blocksReads(lock.mode) ? "Reads and writes" : "Writes";
    const waiting = lock.nowait
      ? ""
      : ". NOWAIT, or a lock_timeout before it, lets it give up instead of queueing";
    yield {
      at: lock.head,
      message: `${who} of ${renderList(tables)} wait until the transaction ends`,
      advice: `Leave it out if the statements behind it take the locks that they need, or take a weaker mode${waiting}`,
    };
  },
});
