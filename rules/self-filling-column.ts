import { fillCause } from "../src/recipes/fill.ts";
import { selfFillingRecipe } from "../src/recipes/self-filling.ts";
import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "self-filling-column",
  severity: "error",
  category: "lock",
  summary: "ADD COLUMN of a serial type or AS IDENTITY",
  why: `
A serial or identity column takes the next number of a sequence for every row that is there already. The whole table and its indexes are
written anew under an ACCESS EXCLUSIVE lock, and nobody reads or writes it meanwhile. There is no version of PostgreSQL on which
this is cheap.`,
  instead: `
Add a plain integer column, let a sequence be its default, and number the older rows in batches. Then make it NOT NULL without a scan, and
turn it into an identity column or a key at the end.`,
  references: ["sql-altertable.html#SQL-ALTERTABLE-NOTES", "ddl-identity-columns.html"],
  aliases: ["adding-serial-primary-key-field"],
  on: ["add column"],

  *check(action, context) {
    const { table } = context.table;
    if (context.hasNoRows(table) || fillCause(action, context) !== "self-filling") return;
    const { fails, uncertain } = context.effects;
    if (fails !== null && uncertain === null) return;
    yield {
      at: action.head,
      message: `Reads and writes of ${context.nameOf(table)} wait while the whole table is written anew to number its rows in ${context.text(action.column.name.span)}`,
      rewrite: selfFillingRecipe(action, context),
    };
  },
});
