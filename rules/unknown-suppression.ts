import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "unknown-suppression",
  severity: "warning",
  category: "loose-end",
  summary: "An ignore comment that names no rule",
  why: "A misspelt id hides nothing, and the finding that it was meant for comes back as a surprise.",
  instead: "Use the id as `lockwise rules` lists it. The ids of squawk are understood as well.",
  references: [],
  on: ["suppression"],

  *check(node) {
    if (node.rule === "unknown-suppression") yield { at: node.at, message: node.message, showsImpact: false };
  },
});
