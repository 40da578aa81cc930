import { findColumn, isNewColumn } from "../src/recipes/new-columns.ts";
import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "drop-not-null",
  severity: "off",
  category: "compatibility",
  summary: "DROP NOT NULL on a column that the running application reads",
  why: `
Code that has never seen a null in the column may not cope with one. The first null is written by the new version of
the application, and read by the old one while both are running.`,
  instead:
    "Deploy an application that copes with nulls first, then drop the constraint, and only then write nulls.",
  references: ["sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL"],
  aliases: ["ban-drop-not-null"],
  on: ["drop not null"],

  *check(action, context) {
    const { table } = context.table;
    if (isNewColumn(table, action.column.name, context)) return;
    if (findColumn(table, action.column.name, context)?.notNull === "no") return;
    const name = context.text(action.column.span);
    yield {
      at: action.head,
      message: `The running application may read a null from ${name} of ${context.nameOf(table)}, where there was none before`,
      showsImpact: false,
      advice: `Deploy an application that copes with a null in ${name} first`,
    };
  },
});
