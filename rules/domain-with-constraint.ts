import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "domain-with-constraint",
  severity: "off",
  category: "style",
  summary: "CREATE DOMAIN with a constraint",
  why: `
Adding a column of such a domain is a table rewrite, even without a default. Changing the constraint later reads every
table that uses the domain while their writes wait, and the half of the work that is cheap on a table, VALIDATE
CONSTRAINT, is not on a domain.`,
  instead: "Create the domain without constraints, or use the base type, and put a CHECK on each table.",
  references: ["sql-createdomain.html", "sql-alterdomain.html"],
  aliases: ["ban-create-domain-with-constraint"],
  on: ["create domain"],

  *check(create, context) {
    if (!create.notNull && create.constraints.length === 0) return;
    yield {
      at: create.head,
      message: `Every column of type ${context.nameOf(create.domain)} that is added later is a table rewrite`,
      showsImpact: false,
      advice: `Create ${context.nameOf(create.domain)} without the constraint, and put a CHECK on each table`,
    };
  },
});
