import { type FoldWorldContext, foldWorld, type World } from "../analysis/world.ts";
import type { Token } from "../sql/token.ts";
import { textOf } from "../sql/tokens.ts";

/** First words of what ends a transaction, where a statement begins with them. */
const ends: ReadonlyMap<string, "commit" | "rollback"> = new Map([
  ["commit", "commit"],
  ["end", "commit"],
  ["rollback", "rollback"],
  ["abort", "rollback"],
]);

/**
 * The world behind a broken statement. Where its semicolon is missing it has swallowed the next one: a COMMIT on a line of its
 * own ends the transaction all the same, and what follows is not told of as if it had not.
 */
export function endSwallowed(world: World, tokens: readonly Token[], context: FoldWorldContext): World {
  const { text } = context;
  if (world.session.transaction !== "explicit") return world;
  const last = tokens.findLast(({ kind }) => kind === "word");
  const action =
    last === undefined || !isAlone(last, text) ? undefined : ends.get(textOf(text, last).toLowerCase());
  if (last === undefined || action === undefined) return world;
  const span = { start: last.start, end: last.end };
  const statement = {
    kind: "transaction",
    action,
    savepoint: null,
    access: null,
    chain: false,
    span,
    head: span,
  } as const;
  return foldWorld(world, statement, null, context);
}

/** Whether nothing but white space stands before it on its line. */
function isAlone({ start }: Token, text: string): boolean {
  return /(?:^|[\n\r])[ \t]*$/.test(text.slice(Math.max(0, start - 200), start));
}
