import type { Schema } from "../src/analysis/schema.ts";
import { defineRule, type Finding, type LooseEnd } from "../src/rule.ts";

export default defineRule({
  id: "row-security-without-policy",
  severity: "off",
  category: "loose-end",
  summary: "Row security without a policy, or a policy without row security",
  why: `
Row security that no policy goes with hides every row from everybody but the owner and roles that bypass it: queries return nothing, and say so
to nobody. A policy without row security is ignored: the rows that it should hide are there for all to see.`,
  instead: "Enable row security and create its policies together.",
  references: ["ddl-rowsecurity.html", "sql-createpolicy.html"],
  on: ["enable row security", "create policy"],

  *check(node, context): Iterable<Finding> {
    if (node.kind === "enable row security") {
      const { table } = context.table;
      yield {
        at: node.head,
        message: `No policy of ${context.nameOf(table)} ever lets anybody but its owner see a row`,
        showsImpact: false,
        advice: "Create a policy, in the same transaction",
        looseEnd: (after) => byTheEnd(after.findTable(table)?.id, letsRowsBeSeen),
      };
      return;
    }
    const { table } = node;
    const written = context.nameOf(table);
    yield {
      at: node.head,
      message: `The policy hides nothing: row security of ${written} is never enabled`,
      showsImpact: false,
      rewrite: [
        {
          title: "Enable it",
          sql: `ALTER TABLE ${written} ENABLE ROW LEVEL SECURITY;`,
          transaction: true,
        },
      ],
      looseEnd: (after) => byTheEnd(after.findTable(table)?.id, isInForce),
    };
  },
});

type TableThen = NonNullable<ReturnType<Schema["tableById"]>>;

const letsRowsBeSeen = (then: TableThen) => !then.rowSecurity || then.policies.length > 0;
const isInForce = (then: TableThen) => then.rowSecurity || then.policies.length === 0 || !then.isComplete;

function byTheEnd(table: number | undefined, isFine: (then: TableThen) => boolean): LooseEnd {
  return {
    by: "history",
    isSettled(end) {
      const then = table === undefined ? undefined : end.tableById(table);
      return then === undefined || isFine(then);
    },
  };
}
