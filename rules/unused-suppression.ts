import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "unused-suppression",
  severity: "warning",
  category: "loose-end",
  summary: "An ignore comment that hides nothing",
  why: `
The finding that the comment was written for is gone, or the comment stands where it covers another statement. Left in
place, it will hide the next finding that nobody has looked at.`,
  instead: "Remove the comment, or move it in front of the statement that it is meant for.",
  references: [],
  on: ["suppression"],

  *check(node) {
    if (node.rule === "unused-suppression") yield { at: node.at, message: node.message, showsImpact: false };
  },
});
