import { shortName } from "../src/analysis/effect.ts";
import type { Schema } from "../src/analysis/schema.ts";
import type { HeldLock } from "../src/analysis/session.ts";
import { isAtLeast } from "../src/model/locks.ts";
import { type Context, defineRule } from "../src/rule.ts";
import { splitQualified } from "../src/sql/names.ts";

/** More than these nobody locks in one transaction on purpose; each new one is compared with all. */
const MOST = 50;

export default defineRule({
  id: "lock-order",
  severity: "off",
  category: "lock",
  summary: "Strong locks on several tables, in an order that invites a deadlock",
  why: `
A transaction that locks one table and then waits for another can meet one that took them the other way round. Neither can go on, and PostgreSQL
ends one of them with a deadlock error: the migration, or a request of the application.

An application usually writes the referenced row before the row that references it. A migration that locks the tables in the opposite order,
or two migrations of one release that differ in it, are likely to meet it half-way.`,
  instead:
    "Lock one table in each transaction. Where it has to be more, take them in the order in which the application writes them: referenced tables first.",
  references: ["explicit-locking.html#LOCKING-DEADLOCKS"],
  on: ["statement"],

  *check(statement, context) {
    const { session, notes } = context;
    if (session.transaction === "autocommit" || statement.kind === "transaction") return;
    const held = session.locks.strong.filter(isStrong).slice(0, MOST);
    if (held.length === 0) return;
    const wanted = context.waitedFor().filter((lock) => {
      const before = session.locks.get(lock.relation);
      return isStrong({ existed: true, ...lock }) && (before === undefined || !isStrong(before));
    });
    let told = false;
    for (const { relation } of wanted.slice(0, MOST)) {
      for (const { relation: first } of held) {
        const reverse = notes.get(`${relation}\n${first}`);
        notes.set(`${first}\n${relation}`, context.path);
        const reason = reasonFor(first, relation, reverse, context);
        if (told || reason === null) continue;
        told = true;
        yield {
          at: statement.head,
          message: `A transaction that uses ${shortName(first)} and ${shortName(relation)} can end in a deadlock with this one: ${reason}`,
          advice: `Lock ${shortName(relation)} in a transaction of its own, or before ${shortName(first)}`,
        };
      }
    }
  },
});

function isStrong({ kind, mode, existed }: HeldLock): boolean {
  return existed && kind === "table" && isAtLeast(mode, "SHARE ROW EXCLUSIVE");
}

function reasonFor(
  first: string,
  second: string,
  reverse: string | undefined,
  context: Context,
): string | null {
  if (references(context.schema, first, second))
    return `${shortName(second)}, which ${shortName(first)} references, is locked after it`;
  if (reverse === undefined) return null;
  return reverse === context.path
    ? "an earlier transaction of this file locks them the other way round"
    : `${reverse} locks them the other way round`;
}

/** Whether a foreign key of the first table points at the second. */
function references(schema: Schema, first: string, second: string): boolean {
  const [from, to] = [first, second].map((label) => schema.findTable(splitQualified(label)));
  if (from === undefined || to === undefined) return false;
  return from.constraints.some((one) => one.kind === "foreign key" && one.references.id === to.id);
}
