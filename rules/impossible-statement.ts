import { behindUnread } from "../src/analysis/effect.ts";
import { refusedAlone } from "../src/analysis/effects/transaction-refusal.ts";
import { refusalToTell } from "../src/analysis/refusal.ts";
import type { Action } from "../src/model/action.ts";
import type { Statement } from "../src/model/statement.ts";
import { actionKinds } from "../src/recipes/action-kinds.ts";
import { type Context, defineRule } from "../src/rule.ts";

export default defineRule({
  id: "impossible-statement",
  severity: "error",
  category: "error",
  summary: "A statement that PostgreSQL parses and then refuses",
  why: `
The grammar accepts the statement, but what it asks for does not exist on this version, or the schema stands in its
way: an index of a partitioned table built CONCURRENTLY, a column dropped that a view reads, a partition detached
CONCURRENTLY beside a default partition. Or it names what an earlier migration has dropped or renamed.

The migration stops there. Outside a transaction the statements before it stay.`,
  instead: "The message says what stands in the way; remove that first, or use the form that the server has.",
  references: ["sql-altertable.html", "sql-createindex.html", "ddl-depend.html"],
  on: ["statement", ...actionKinds],

  *check(node: Statement | Action, context) {
    // Each action of ALTER TABLE is asked by itself: its own words are worth more than all of them.
    if (node.kind === "alter table") return;
    // A DO block asks the catalog first, more often than not: what stands in its IF may never run.
    if (!context.isSure) return;
    const cut =
      "span" in node && node === context.statement ? cutOf(context.statement, context.runner) : null;
    if (cut !== null) {
      yield {
        at: node.head,
        message: `${context.runner.title} ends this statement in the middle of its body, at the end of a line, and PostgreSQL refuses the half that it is sent`,
        showsImpact: false,
        advice: cut,
      };
      return;
    }
    const alone =
      "span" in node && node === context.statement ? refusedAlone(context.statement, context.session) : null;
    if (alone !== null) {
      yield {
        at: node.head,
        message: `PostgreSQL refuses ${alone} outside of a transaction, and ${context.runner.title} starts none here`,
        // Where no sign shows the tool, one that nobody knows may start it.
        severity: "warning",
        showsImpact: false,
        advice: "Put BEGIN and COMMIT around it and what has to happen under it",
      };
      return;
    }
    const failure = refusalToTell(context.effects);
    if (failure === null) return;
    const { uncertain } = context.effects;
    // What nobody could read may have cleared the way, and a policy or a function may be gone: no reason to wake anybody.
    if (uncertain === behindUnread || (uncertain !== null && context.isInBody)) return;
    if (uncertain !== null && failure.sqlstate === dependentsLeft) return;
    yield {
      at: node.head,
      message:
        uncertain === null
          ? `PostgreSQL refuses this: ${failure.reason}`
          : `PostgreSQL may refuse this: ${failure.reason}; it depends on ${uncertain.on}`,
      ...(uncertain === null ? {} : { severity: "warning" as const }),
      showsImpact: false,
    };
  },
});

/** What to put around a statement that the runner cuts in two; null where it does not. */
function cutOf({ span }: Statement, { cuts, bodyMarks }: Context["runner"]): string | null {
  if (bodyMarks === null || !cuts.some((at) => span.start < at && at < span.end)) return null;
  return `Put the line \`${bodyMarks.begin}\` before it and \`${bodyMarks.end}\` behind it`;
}

/** dependent_objects_still_exist. */
const dependentsLeft = "2BP01";
