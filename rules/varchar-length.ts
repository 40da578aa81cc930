import { declaredTypes, declaringKinds } from "../src/recipes/declared-types.ts";
import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "varchar-length",
  severity: "off",
  category: "style",
  summary: "varchar(n), where text with a CHECK would do",
  why: `
varchar(n) and text are stored alike. The length is part of the type: making it shorter later is a table rewrite,
views have to be dropped for any change of it, and prepared statements fail once. A CHECK can be changed by itself,
NOT VALID and validated later.`,
  instead: "Use text, with CHECK (char_length(c) <= n) where a limit is meant.",
  references: ["datatype-character.html"],
  aliases: ["prefer-text-field"],
  on: declaringKinds,

  *check(node, context) {
    for (const { type, column } of declaredTypes(node)) {
      const [length] = type.modifiers;
      if (type.name !== "varchar" || type.schema !== null || length === undefined) continue;
      const name = context.text(column.span);
      yield {
        at: type.span,
        message: `The limit of ${name} is part of its type: changing it later takes more than changing a CHECK`,
        showsImpact: false,
        advice: `Declare it as ${name} text CHECK (char_length(${name}) <= ${length})`,
      };
    }
  },
});
