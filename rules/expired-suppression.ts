import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "expired-suppression",
  severity: "error",
  category: "loose-end",
  summary: "An ignore comment whose date has passed",
  why: `
Somebody wrote \`until=\` so that the finding would be looked at again. That day has come; from here on the comment hides
nothing.`,
  instead: "Deal with the finding, or set a new date and say why.",
  references: [],
  on: ["suppression"],

  *check(node) {
    if (node.rule === "expired-suppression") yield { at: node.at, message: node.message, showsImpact: false };
  },
});
