import type { AlterSequence } from "../src/model/statement.ts";
import { isBriefAndBounded, lockTimeoutSql } from "../src/recipes/alone.ts";
import { setvalOf } from "../src/recipes/sequence.ts";
import { terminated } from "../src/recipes/text.ts";
import { type Context, defineRule, type Migration } from "../src/rule.ts";

export default defineRule({
  id: "sequence-blocked",
  severity: "warning",
  category: "lock",
  summary: "ALTER SEQUENCE that makes nextval() wait",
  why: `
ALTER SEQUENCE takes a SHARE ROW EXCLUSIVE lock on the sequence and keeps it until the transaction ends. nextval() waits for it, and with it
every INSERT into a table whose column takes its default from there.

setval() moves a sequence without such a lock.`,
  instead:
    "Run it as the only statement of a transaction, under a lock_timeout. To move a sequence use setval().",
  references: ["sql-altersequence.html", "functions-sequence.html"],
  on: ["alter sequence"],

  *check(statement, context) {
    if (context.isNew(statement.sequence) || isBriefAndBounded(context)) return;
    const lock = context.waitedFor().find(({ kind }) => kind === "sequence");
    if (lock === undefined) return;
    const name = context.nameOf(statement.sequence);
    const owner = ownerOf(statement, context);
    const until = context.session.transaction === "autocommit" ? "this is done" : "the transaction ends";
    yield {
      at: statement.head,
      message: `nextval() on ${name}, and with it every INSERT into ${owner ?? "tables that take their numbers from it"}, waits until ${until}`,
      rewrite: stepsFor(statement, context),
    };
  },
});

function ownerOf(statement: AlterSequence, context: Context): string | null {
  const owned = context.schema.findSequence(statement.sequence)?.ownedBy;
  const table = owned === null || owned === undefined ? undefined : context.schema.tableById(owned.table);
  return table === undefined ? null : table.name;
}

function stepsFor(statement: AlterSequence, context: Context): Migration[] {
  const setval = setvalOf(statement, context);
  const undo = "Set it back in the same way, to a number that no row has yet.";
  if (setval !== null)
    return [{ title: "Move the sequence without a lock", sql: setval, transaction: true, undo }];
  return [
    {
      title: "Run it in a migration of its own, which gives up instead of waiting long",
      sql: `${lockTimeoutSql(context)}\n${terminated(context.text(statement.span))}`,
      transaction: true,
    },
  ];
}
