import type { Schema } from "../src/analysis/schema.ts";
import type { QualifiedName } from "../src/model/name.ts";
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
        looseEnd: byTheEnd(table, (then) => !then.rowSecurity || then.policies.length > 0),
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
      looseEnd: byTheEnd(table, (then) => then.rowSecurity || then.policies.length === 0 || !then.isComplete),
    };
  },
});

type TableThen = NonNullable<ReturnType<Schema["tableById"]>>;

function byTheEnd(name: QualifiedName, isFine: (then: TableThen) => boolean): LooseEnd {
  return {
    by: "history",
    isSettled(end, after) {
      const table = after.findTable(name);
      const then = table === undefined ? undefined : end.tableById(table.id);
      return then === undefined || isFine(then);
    },
  };
}
