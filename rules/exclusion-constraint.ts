import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "exclusion-constraint",
  severity: "error",
  category: "lock",
  summary: "Exclusion constraint added to a table that may hold rows",
  why: `
An exclusion constraint builds its index under an ACCESS EXCLUSIVE lock, and checks each row against all others while it does. Reads and
writes wait for all of it.

There is no gentle way: it cannot be NOT VALID, and no index built beforehand can be taken over.`,
  instead: `
Declare it together with the table, while that is empty. On a table with rows choose a quiet time, and set lock_timeout, so that
the statement gives up instead of queueing in front of everybody.`,
  references: ["sql-createtable.html#SQL-CREATETABLE-EXCLUDE", "sql-altertable.html"],
  on: ["add constraint"],

  *check(action, context) {
    const { table } = context.table;
    if (action.constraint.kind !== "exclusion" || context.hasNoRows(table)) return;
    const { buildsIndexes, fails, uncertain } = context.effects;
    if (buildsIndexes.length === 0 || (fails !== null && uncertain === null)) return;
    yield {
      at: action.head,
      message: `Reads and writes of ${context.nameOf(table)} wait until the index of the exclusion constraint is built`,
      advice:
        "There is no gentle way to an exclusion constraint on a table with rows: choose a quiet time, and set lock_timeout so that the statement gives up instead of queueing",
    };
  },
});
