import { domainOf } from "../src/analysis/effects/domains.ts";
import { constrainedDomainRecipe } from "../src/recipes/constrained-domain.ts";
import { fillCause } from "../src/recipes/fill.ts";
import { worldOf } from "../src/recipes/world.ts";
import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "constrained-domain-column",
  severity: "error",
  category: "lock",
  summary: "ADD COLUMN of a domain that has a CHECK or NOT NULL",
  why: `
The rows that are there already get null in the new column, or its default, and PostgreSQL checks that value against the domain, row by row.
For that the whole table and its indexes are written anew under an ACCESS EXCLUSIVE lock, even where there is no default at all.

A domain without constraints costs nothing, and neither does its base type.`,
  instead:
    "Add the column with the domain's base type, and what the domain demands as a CHECK of the table: NOT VALID first, validated later.",
  references: ["sql-createdomain.html", "sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  on: ["add column"],

  *check(action, context) {
    const { table } = context.table;
    const { column } = action;
    if (context.hasNoRows(table) || column.type === null || fillCause(action, context) !== "domain") return;
    const { fails, uncertain } = context.effects;
    if (fails !== null && uncertain === null) return;
    const domain = context.text(column.type.span);
    const rewrite = constrainedDomainRecipe(action, domainOf(worldOf(context), column.type), context);
    yield {
      at: column.type.span,
      message: `Reads and writes of ${context.nameOf(table)} wait while the whole table is written anew to check ${context.text(column.name.span)} against the domain ${domain}`,
      ...(rewrite === null
        ? {
            advice:
              "Add the column with the domain's base type, and what the domain demands as a CHECK NOT VALID that is validated later",
          }
        : { rewrite }),
    };
  },
});
