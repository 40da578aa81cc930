import { renderList } from "../src/recipes/words.ts";
import { defineRule, type FileEnd, type Memory } from "../src/rule.ts";
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
  summary:
    "A migration whose down section or file is missing or empty, where the others have one, or does not undo it",
  why: `
A team that keeps a way back for its migrations finds out in the night that this one has none. A down that is empty, or forgets a part,
is worse than none: the tool takes the step back, records it, and the schema is not what it was. The migration then fails
when it is run again, or finds what it expects to make.

The down is replayed behind the migration, and the schema compared with the one before it.`,
  instead: "Write what undoes the migration; where nothing can, say so in a suppression with the reason.",
  references: [],
  on: ["file"],
  remembers: [firstHead],

  *check(node, context) {
    if (context.down === "none") return;
    const told = context.down === "there" ? tellRest(node) : tellNone(context.down);
    if (told === null) return;
    yield { at: context.recall(firstHead).head ?? node.span, showsImpact: false, ...told };
  },
});

function tellNone(down: "missing" | "empty") {
  return {
    message:
      down === "missing"
        ? "There is no way back from this migration: its down is missing"
        : "The way back from this migration is empty: taking it changes nothing and is recorded all the same",
    advice: "Write the down migration, or suppress this with the reason why there can be none",
  };
}

/** What the down leaves undone; null where it undoes everything, or where something in it cannot be read. */
function tellRest(node: FileEnd) {
  const back = node.wayBack();
  if (back === null) return null;
  const { left, missing, changed, dropped } = back;
  const parts = [
    ...(left.length === 0 ? [] : [`leaves ${renderList(left, 5)}`]),
    ...(missing.length === 0 ? [] : [`does not bring back ${renderList(missing, 5)}`]),
    ...(changed.length === 0 ? [] : [`does not restore ${renderList(changed, 5)}`]),
    ...(dropped.length === 0 ? [] : [`drops ${renderList(dropped, 5)}, which it did not make`]),
  ];
  if (parts.length === 0) return null;
  return {
    message: `The way back from this migration ${renderList(parts)}`,
    advice: "Let the down undo that as well, or suppress this with the reason why it cannot",
  };
}
