import type { AlterDomain } from "../src/model/statement.ts";
import { alterDomainRecipe } from "../src/recipes/alter-domain.ts";
import { renderList } from "../src/recipes/words.ts";
import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "domain-constraint-scan",
  severity: "warning",
  category: "lock",
  summary: "ALTER DOMAIN that checks every table which uses the domain",
  why: `
ADD CONSTRAINT, VALIDATE CONSTRAINT and SET NOT NULL of a domain take a SHARE lock on every table with a column of that domain, and read
all of them. Reads go on; writes to those tables wait until the last one is done.

VALIDATE CONSTRAINT is not the cheap half here, as it is for a table: it takes the same lock and does the same work. ADD CONSTRAINT
... NOT VALID locks no table at all, and new values are checked from then on.`,
  instead: `
Add the constraint NOT VALID and leave it so, if new values are what matters. Otherwise add a CHECK to each table that uses the domain, NOT
VALID first and validated later.`,
  references: ["sql-alterdomain.html"],
  aliases: ["ban-alter-domain-with-add-constraint"],
  on: ["alter domain"],

  *check(statement, context) {
    const { scans, uncertain } = context.effects;
    const tables = context.waitedFor().map(({ relation }) => shortNameOf(relation));
    const isKnown = scans.length > 0;
    if (isKnown ? tables.length === 0 : uncertain === null) return;
    const domain = context.nameOf(statement.domain);
    const rewrite = alterDomainRecipe(statement, context);
    yield {
      at: statement.head,
      message: isKnown
        ? `Writes to ${renderList(tables)} wait while every row is checked against ${domain}`
        : `Writes to every table that uses ${domain} wait while its rows are checked`,
      ...(rewrite === null ? { advice: adviceFor(statement) } : { rewrite }),
    };
  },
});

function shortNameOf(relation: string): string {
  return relation.startsWith("public.") ? relation.slice("public.".length) : relation;
}

function adviceFor(statement: AlterDomain): string {
  return statement.action === "validate constraint"
    ? "Leave it NOT VALID: new values are checked all the same. Or add a CHECK to each table that uses the domain, NOT VALID first and validated later"
    : "Add a CHECK to each table that uses the domain instead, NOT VALID first and validated later";
}
