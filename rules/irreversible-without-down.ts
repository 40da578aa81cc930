import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "irreversible-without-down",
  severity: "off",
  category: "data",
  summary: "A migration whose down section or file is missing or empty, where the others have one",
  why: `
A team that keeps a way back for its migrations finds out in the night that this one has none. An empty down is worse than
none: the tool takes the step back, records it, and the schema stays as it was.`,
  instead: "Write what undoes the migration; where nothing can, say so in a suppression with the reason.",
  references: [],
  on: ["file"],

  *check(node, context) {
    if (context.down !== "missing" && context.down !== "empty") return;
    const [first] = context.earlier;
    yield {
      at: first?.head ?? node.span,
      message:
        context.down === "missing"
          ? "There is no way back from this migration: its down is missing"
          : "The way back from this migration is empty: taking it changes nothing and is recorded all the same",
      showsImpact: false,
      advice: "Write the down migration, or suppress this with the reason why there can be none",
    };
  },
});
