import { type Context, defineRule, type Memory } from "../src/rule.ts";

/** Whether the unit has begun or committed anything. */
const ends: Memory<{ hasBegun: boolean; hasCommitted: boolean }> = {
  start: () => ({ hasBegun: false, hasCommitted: false }),
  note(found, statement) {
    if (statement.kind !== "transaction") return;
    if (statement.action === "begin") found.hasBegun = true;
    if (statement.action === "commit") found.hasCommitted = true;
  },
};

export default defineRule({
  id: "unfinished-transaction",
  severity: "error",
  category: "transaction",
  summary: "BEGIN without COMMIT, COMMIT without BEGIN, or a file that ends the runner's transaction",
  why: `
A transaction that is open when the file ends is rolled back when the connection closes: where the tool records
the migration through another one it counts as done, and nothing of it is there. Until then its locks are held.

A COMMIT with no BEGIN before it does nothing, where the tool wraps nothing. Where it does, it commits the tool's own
transaction: what follows runs unprotected, and a failure there leaves half a migration that is not recorded.`,
  instead:
    "Pair BEGIN and COMMIT in the file, or leave both out where the migration tool wraps the file itself.",
  references: ["sql-begin.html", "sql-commit.html"],
  aliases: ["ban-uncommitted-transaction", "transaction-nesting"],
  on: ["transaction", "file"],
  remembers: [ends],

  *check(node, context) {
    const { session, runner } = context;
    if (node.kind !== "transaction") {
      if (session.transaction !== "explicit" || session.begunAt === null) return;
      // COMMIT, something that no transaction takes, and BEGIN again: the runner's own COMMIT ends what is left open.
      if (isRunnersCommitLeft(context)) return;
      yield {
        at: session.begunAt,
        message: "The file ends inside this transaction: nothing of it is kept, unless somebody commits it",
        showsImpact: false,
        advice: "Add COMMIT; at the end of the file",
      };
      return;
    }
    if (node.action !== "commit" && node.action !== "rollback") return;
    const word = node.action.toUpperCase();
    if (session.transaction === "autocommit") {
      const message = `There is no transaction for this ${word} to end`;
      yield { at: node.head, message, severity: "warning", showsImpact: false };
    } else if (session.transaction === "runner") {
      // A pair around the whole file is told of its BEGIN, by nested-transaction.
      if (node.action === "commit" && context.isLast && context.recall(ends).hasBegun) return;
      yield {
        at: node.head,
        message: `This ${word} ends ${runner.title}'s own transaction, so ${lossOf(node.action, context)}`,
        // Where nothing follows, all that can be lost is the tool's own note of it.
        ...(node.action === "commit" && context.isLast ? { severity: "warning" as const } : {}),
        showsImpact: false,
        advice:
          node.action === "commit" && context.isLast
            ? `Leave it out: ${runner.title} commits by itself`
            : runner.leaving.by === "nothing"
              ? `Leave it out; what cannot run in a transaction goes another way: ${runner.leaving.words}`
              : `Leave it out, or take the migration out of the transaction: ${runner.leaving.words}`,
      };
    }
  },
});

function lossOf(action: "commit" | "rollback", { isLast, runner }: Context): string {
  if (action === "rollback")
    return `what ran before it is gone while ${runner.title} records the migration as done`;
  return isLast
    ? `the migration stays if ${runner.title} then fails to record it`
    : "what follows is not undone if it fails";
}

/** Whether a runner that wraps the file still has a COMMIT to send: the file has ended its transaction, then begun another. */
function isRunnersCommitLeft(context: Context): boolean {
  const { mode } = context.runner;
  return (mode === "file" || mode === "run") && context.recall(ends).hasCommitted;
}
