import { leavingWords } from "../src/layout/leaving.ts";
import type { DataChange } from "../src/model/query.ts";
import { runsOver } from "../src/recipes/loops.ts";
import { type Context, defineRule, type Loop } from "../src/rule.ts";

export default defineRule({
  id: "batched-backfill-in-one-transaction",
  severity: "error",
  category: "data",
  summary: "A loop that changes rows in batches without committing between them",
  why: `
Batches help because each one lets go of its rows. A DO block or a function that loops without COMMIT is a single transaction:
all rows of all batches stay locked to the end, and a pause between the batches (pg_sleep) only makes that longer.

COMMIT inside works in a DO block or a procedure that is called on its own. Inside a transaction, the migration tool's or one
written down, the server refuses it; so it does in a block with EXCEPTION.`,
  instead: `
COMMIT at the end of each round, in a DO block or procedure that runs outside a transaction; or loop in the client, one
transaction for each batch.`,
  references: ["plpgsql-transactions.html", "sql-do.html"],
  on: ["update", "delete", "insert"],

  *check(change, context) {
    const isOneByOne = context.loop === "rows";
    if (context.loop === "none" || context.loop === "commits") return;
    // Over the rows of another table, or over a list, a loop makes no batches.
    if (isOneByOne && !runsOver(change.table, context)) return;
    if (context.isNew(change.table) || isOneRow(change) || !context.isFirst(String(context.outer.start)))
      return;
    const table = context.nameOf(change.table);
    yield {
      at: change.head,
      message: messageOf(context.loop, table),
      ...(isOneByOne ? { severity: "warning" as const } : {}),
      showsImpact: false,
      advice: adviceOf(context),
    };
  },
});

function messageOf(loop: Loop, table: string): string {
  if (loop === "refused") return "The loop cannot COMMIT inside of a transaction: the server refuses it";
  if (loop === "caught")
    return "The loop cannot COMMIT inside of a block with EXCEPTION: the server refuses it";
  return `The rows of ${table} that this loop changes all stay locked until its last round is done`;
}

function adviceOf(context: Context): string {
  const { loop, session, runner, statement } = context;
  if (loop === "caught") return "COMMIT behind the END of the block that has the handlers, or leave them out";
  if (loop !== "refused")
    return !context.mayCommit
      ? "A function cannot COMMIT: make a procedure of it that does at the end of each round, and CALL that outside of any transaction"
      : "Put COMMIT; at the end of each round, and run the block outside of any transaction";
  return session.transaction === "explicit"
    ? "Take the block out of BEGIN and COMMIT"
    : `Run the block outside of any transaction: ${leavingWords(runner.leaving, context.text(statement.span))}`;
}

/** INSERT ... VALUES locks only rows that nobody else knows of yet. */
function isOneRow(change: DataChange): boolean {
  return change.kind === "insert" && change.onConflict !== "update";
}
