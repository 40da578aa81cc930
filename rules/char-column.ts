import { declaredTypes, declaringKinds } from "../src/recipes/declared-types.ts";
import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "char-column",
  severity: "off",
  category: "style",
  summary: "char(n), which pads with spaces",
  why: `
char(n) fills every value up with spaces and takes them for nothing when it compares, but not when it matches a
pattern. It saves no room, and changing it to varchar or text later is a table rewrite.`,
  instead: "Use text, with a CHECK where the length matters.",
  references: ["datatype-character.html"],
  aliases: ["ban-char-field"],
  on: declaringKinds,

  *check(node, context) {
    for (const { type, column } of declaredTypes(node)) {
      const [length] = type.modifiers;
      // CHAR comes with the length 1 that it stands for; bpchar without a length pads nothing.
      if (type.name !== "bpchar" || type.schema !== null || length === undefined) continue;
      const name = context.text(column.span);
      yield {
        at: type.span,
        message: `Values of ${name} are padded with spaces to ${length} ${length === "1" ? "character" : "characters"}`,
        showsImpact: false,
        advice: `Declare it as ${name} text CHECK (char_length(${name}) = ${length})`,
      };
    }
  },
});
