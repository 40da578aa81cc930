import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "nested-transaction",
  severity: "warning",
  category: "transaction",
  summary: "BEGIN inside a transaction",
  why: `
PostgreSQL has no nested transactions. A second BEGIN does nothing but warn, and the first COMMIT ends everything: what the
outer transaction was meant to hold together is committed by halves.`,
  instead:
    "Leave BEGIN and COMMIT out where the migration tool wraps the file, and use SAVEPOINT for a part that may fail.",
  references: ["sql-begin.html", "sql-savepoint.html"],
  aliases: ["transaction-nesting"],
  on: ["transaction"],

  *check(node, context) {
    const { session, runner } = context;
    if (node.action !== "begin") return;
    if (session.transaction !== "explicit" && session.transaction !== "runner") return;
    const isRunners = session.transaction === "runner";
    const around = isRunners ? `${runner.title}'s own transaction` : "another transaction";
    yield {
      at: node.head,
      message: `This BEGIN stands inside of ${around}: it does nothing, and the next COMMIT ends all of it`,
      showsImpact: false,
      ...(isRunners && {
        advice: `Leave it out, and the COMMIT as well: ${runner.title} begins and commits by itself`,
      }),
    };
  },
});
