import { walkExpression } from "../src/model/expression.ts";
import type { Constraint } from "../src/model/table.ts";
import { isNewColumn } from "../src/recipes/new-columns.ts";
import { renderList } from "../src/recipes/words.ts";
import { defineRule } from "../src/rule.ts";
import { quoteName } from "../src/sql/names.ts";

export default defineRule({
  id: "new-constraint-on-written-column",
  severity: "off",
  category: "compatibility",
  summary: "A constraint on columns that the running application writes",
  why: `
A new constraint holds for every write from its first moment on, with NOT VALID as well. The version of the
application that is still running was written without it: a row that breaks it is refused, and so is a change to any
other column of an old row that breaks a CHECK.`,
  instead:
    "Deploy an application that keeps to the rule first, look for writes that break it, then add the constraint.",
  references: ["ddl-constraints.html", "sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT"],
  on: ["add constraint"],

  *check(action, context) {
    const { constraint } = action;
    const { table } = context.table;
    if (constraint.kind === "not null" || constraint.kind === "primary key" || constraint.notEnforced) return;
    if (context.isNew(table)) return;
    const added = context.table.actions.flatMap((one) =>
      one.kind === "add column" ? [one.column.name.name] : [],
    );
    const columns = columnsOf(constraint).filter(
      (name) => !added.includes(name) && !isNewColumn(table, name, context),
    );
    if (columns.length === 0 && constraint.kind !== "exclusion") return;
    const name = constraint.name === null ? "the new constraint" : context.text(constraint.name.span);
    const where =
      columns.length === 0
        ? context.nameOf(table)
        : `${renderList(columns.map(quoteName))} of ${context.nameOf(table)}`;
    yield {
      at: action.head,
      message: `Writes of the running application to ${where} that break ${name} fail from now on`,
      showsImpact: false,
      advice: "Deploy an application that keeps to the rule first",
    };
  },
});

function columnsOf(constraint: Constraint): string[] {
  if (constraint.kind === "unique" || constraint.kind === "foreign key")
    return constraint.columns.map(({ name }) => name);
  if (constraint.kind !== "check") return [];
  const names = new Set<string>();
  walkExpression(constraint.expression.value, (node) => {
    const name = node.kind === "column" ? node.path[node.path.length - 1] : undefined;
    if (name !== undefined && name !== "*") names.add(name);
  });
  return [...names];
}
