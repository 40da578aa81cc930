import type { Column } from "../src/analysis/entities.ts";
import { isNullConstant } from "../src/model/expression.ts";
import { defineRule, type LooseEnd } from "../src/rule.ts";

export default defineRule({
  id: "drop-default",
  severity: "warning",
  category: "compatibility",
  summary: "DROP DEFAULT on a NOT NULL column",
  why: `
An INSERT that does not name the column got the default until now. From here on it gets null, which the column
refuses. The application that is still running may rely on the default, and it certainly does where the column was
added by the same migration: it has never heard of the column.`,
  instead: "Deploy an application that always writes the column, then drop the default in a later release.",
  references: ["sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-DEFAULT"],
  on: ["drop default", "set default"],

  *check(action, context) {
    // SET DEFAULT NULL says the same.
    if (action.kind === "set default" && !isNullConstant(action.default.value)) return;
    const { table } = context.table;
    const known = context.schema.findTable(table);
    const column = known?.columns.find(({ name }) => name === action.column.name);
    if (known === undefined || column === undefined || context.isNew(table)) return;
    if (column.notNull !== "valid" || column.default === null) return;
    const name = context.text(action.column.span);
    const tableName = context.nameOf(table);
    yield {
      at: action.head,
      message: `Inserts of the running application that do not name ${name} fail: ${tableName} refuses a null there`,
      showsImpact: false,
      advice: `Keep the default until every running version of the application writes ${name}`,
      // A new default, an identity, or a column that may be null after all.
      looseEnd: isFilled(known.id, column.id),
    };
  },
});

function isFilled(table: number, column: number): LooseEnd {
  return {
    by: "file",
    isSettled(end) {
      const then: Column | undefined = end.tableById(table)?.columns.find(({ id }) => id === column);
      return then === undefined || then.default !== null || then.identity || then.notNull !== "valid";
    },
  };
}
