import { fillCause } from "../src/recipes/fill.ts";
import { filledColumnRecipe } from "../src/recipes/filled-column.ts";
import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "volatile-default",
  severity: "error",
  category: "lock",
  summary: "ADD COLUMN with a default that differs from row to row",
  why: `
A constant default is kept in the catalog and costs nothing, and so is one that is the same for the whole statement, such as now(). A
volatile default, such as gen_random_uuid() or random(), has to be computed for each row: the whole table and its indexes are
written anew under an ACCESS EXCLUSIVE lock, and nobody reads or writes it meanwhile.

PostgreSQL judges an SQL function by what it is made of, any other function by how it was declared: VOLATILE unless it says
otherwise.`,
  instead: `
Add the column without the default, set the default for new rows, and fill the older ones in batches. NOT NULL, CHECK and UNIQUE
come last, each without a scan under the lock.`,
  references: ["sql-altertable.html#SQL-ALTERTABLE-NOTES", "xfunc-volatility.html"],
  aliases: ["adding-field-with-default"],
  on: ["add column"],

  *check(action, context) {
    const { table } = context.table;
    if (context.hasNoRows(table) || fillCause(action, context) !== "default") return;
    const { uncertain, fails } = context.effects;
    if (fails !== null && uncertain === null) return;
    const tableName = context.nameOf(table);
    const column = context.text(action.column.name.span);
    const message =
      uncertain === null
        ? `Reads and writes of ${tableName} wait while the whole table is written anew to give each row its ${column}`
        : `Reads and writes of ${tableName} may wait while the whole table is written anew: it depends on ${uncertain.on}`;
    const { default: value } = action.column;
    const at = action.head;
    const severity = uncertain === null ? {} : { severity: "warning" as const };
    if (value === null) {
      // The default is the domain's own; the history has no text of it to print.
      yield {
        at,
        message,
        ...severity,
        advice:
          "Add the column with the domain's base type and without a default, set the default for new rows, and fill the older ones in batches",
      };
      return;
    }
    const expression = context.text(value.span);
    const rewrite = filledColumnRecipe(
      action,
      {
        title: "Add the column without the default, which new rows get from now on",
        omission: { default: true },
        behind: `ALTER TABLE ${tableName} ALTER COLUMN ${column} SET DEFAULT ${expression};`,
        value: expression,
        isRequired: false,
      },
      context,
    );
    yield { at, message, ...severity, rewrite };
  },
});
