import { findFreshValue } from "../src/analysis/fresh-enum.ts";
import { isInTransaction } from "../src/analysis/session.ts";
import { defineRule, type Memory } from "../src/rule.ts";
import { quoteLiteral, quoteName } from "../src/sql/names.ts";

/**
 * Whether the unit has added an enum value so far: most never do, and need not be looked through. Where all pending files
 * share a transaction an earlier file may have.
 */
const additions: Memory<{ isAny: boolean }> = {
  start: () => ({ isAny: false }),
  note(found, statement) {
    if (statement.kind === "alter enum" && statement.action === "add value") found.isAny = true;
  },
};

export default defineRule({
  id: "enum-value-in-same-transaction",
  severity: "error",
  category: "transaction",
  summary: "An enum value used in the transaction that added it",
  why: `
A value that ALTER TYPE ... ADD VALUE has added cannot be used before that transaction is committed: the server refuses it with
55P04, unsafe use of new value. From PostgreSQL 17 on it works where the type itself was created in the same transaction.`,
  instead: "Add the value in one migration, and use it in the next.",
  references: ["sql-altertype.html"],
  on: ["statement"],
  remembers: [additions],

  *check(statement, context) {
    if (!isInTransaction(context.session)) return;
    if (!context.recall(additions).isAny && context.runner.mode !== "run") return;
    const use = findFreshValue(statement, {
      schema: context.schema,
      version: context.version,
      transaction: context.session.transactionNumber,
      text: context.sourceText,
      locks: () => context.statementEffects.locks,
    });
    if (use === null) return;
    yield {
      at: use.span,
      message: `PostgreSQL refuses ${quoteLiteral(use.value)} here: it was added to ${quoteName(use.type.name)} in this same transaction`,
      showsImpact: false,
      advice: "Put what uses the value into the next migration",
    };
  },
});
