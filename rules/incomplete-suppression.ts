import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "incomplete-suppression",
  severity: "error",
  category: "loose-end",
  summary: "An ignore comment without the reason or the date that the configuration asks for",
  why: `
A suppression is a decision, and whoever reads it later needs to know why it was taken and for how long. The configuration
of this project asks for that with \`suppressions.requireReason\` or \`suppressions.requireUntil\`.`,
  instead: "Add `until=YYYY-MM-DD` behind the ids, and the reason behind ` -- `.",
  references: [],
  on: ["suppression"],

  *check(node) {
    if (node.rule === "incomplete-suppression")
      yield { at: node.at, message: node.message, showsImpact: false };
  },
});
