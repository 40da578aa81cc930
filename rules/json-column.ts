import { declaredTypes, declaringKinds } from "../src/recipes/declared-types.ts";
import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "json-column",
  severity: "off",
  category: "style",
  summary: "json, where jsonb would do",
  why: `
json keeps the text as it came and reads all of it again for every access. It has no equality, so DISTINCT, GROUP BY
and UNION fail on it, and no GIN index helps it. Changing it to jsonb later is a table rewrite.

The two are not the same: jsonb forgets white space, the order of keys and all but the last of equal keys, and refuses
\\u0000. Where the very text matters, json is right.`,
  instead: "Use jsonb, unless the text has to come back as it was.",
  references: ["datatype-json.html"],
  on: declaringKinds,

  *check(node, context) {
    for (const { type, column } of declaredTypes(node)) {
      if (type.name !== "json" || type.schema !== null) continue;
      const name = context.text(column.span);
      yield {
        at: type.span,
        message: `${name} is text that is read again for every access, without equality and without an index`,
        showsImpact: false,
        advice: `Declare ${name} as jsonb, unless white space, the order of keys or equal keys matter`,
      };
    }
  },
});
