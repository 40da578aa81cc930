import { defineRule, type Memory } from "../src/rule.ts";
import type { Span } from "../src/text/span.ts";

/** The head of the first statement of the unit. */
const firstHead: Memory<{ head: Span | null }> = {
  start: () => ({ head: null }),
  note(first, statement) {
    first.head ??= statement.head;
  },
};

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
  remembers: [firstHead],

  *check(node, context) {
    if (context.down !== "missing" && context.down !== "empty") return;
    yield {
      at: context.recall(firstHead).head ?? node.span,
      message:
        context.down === "missing"
          ? "There is no way back from this migration: its down is missing"
          : "The way back from this migration is empty: taking it changes nothing and is recorded all the same",
      showsImpact: false,
      advice: "Write the down migration, or suppress this with the reason why there can be none",
    };
  },
});
