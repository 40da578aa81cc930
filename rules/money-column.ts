import { declaredTypes, declaringKinds } from "../src/recipes/declared-types.ts";
import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "money-column",
  severity: "off",
  category: "style",
  summary: "money, whose currency and decimals are a setting",
  why: `
How many decimals money has, and which sign is printed, the setting lc_monetary decides. Under another setting, as
after a restore elsewhere, the same bytes are another amount. It holds no currency, and a division by an integer cuts off what is left.`,
  instead: "Use numeric, and a column for the currency.",
  references: ["datatype-money.html"],
  on: declaringKinds,

  *check(node, context) {
    for (const { type, column } of declaredTypes(node)) {
      if (type.name !== "money" || type.schema !== null) continue;
      const name = context.text(column.span);
      yield {
        at: type.span,
        message: `What the amounts in ${name} mean depends on the server's lc_monetary`,
        showsImpact: false,
        advice: `Declare ${name} as numeric, and keep the currency in a column of its own`,
      };
    }
  },
});
