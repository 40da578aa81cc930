import type { Identifier } from "../src/model/name.ts";
import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "duplicate-column-assignment",
  severity: "error",
  category: "data",
  summary: "The same column twice in SET, or in the column list of an INSERT",
  why: "PostgreSQL refuses the statement: multiple assignments to one column (42601), or a column named more than once (42701).",
  instead: "Keep the assignment that is meant.",
  references: ["sql-update.html", "sql-insert.html"],
  aliases: ["ban-duplicate-column-assignments"],
  on: ["update", "insert"],

  *check(change, context) {
    const lists: (readonly Identifier[])[] = [
      change.assignments.filter(({ isWhole }) => isWhole).map(({ column }) => column),
    ];
    if (change.kind === "insert") lists.push(change.columns);
    for (const column of lists.flatMap(repeated)) {
      yield {
        at: column.span,
        message: `${context.text(column.span)} is assigned twice, which PostgreSQL refuses`,
        showsImpact: false,
      };
    }
  },
});

function repeated(columns: readonly Identifier[]): Identifier[] {
  const seen = new Set<string>();
  return columns.filter(({ name }) => seen.size === seen.add(name).size);
}
