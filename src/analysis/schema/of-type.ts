import type { Action } from "../../model/action.ts";
import { nameOf, truncateName } from "../../sql/names.ts";
import { isMark, tokensIn } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import { type Draft, findType } from "./draft.ts";
import { changeTable } from "./tables.ts";

/** Of a table that is made of a type that the history does not know. */
const unknownType = -1;

/** ALTER TABLE ... OF type, and NOT OF. */
export function foldOfType(draft: Draft, id: number, { kind, span }: Action): void {
  const ofType = kind === "of type" ? typeAtEnd(draft, span) : undefined;
  changeTable(draft, id, () => ({ ofType }));
}

function typeAtEnd(draft: Draft, { start, end }: Span): number {
  const { text } = draft.context;
  const tokens = tokensIn(text, start, end);
  const named = (place: number) => {
    const token = tokens.at(place);
    return token === undefined ? "" : truncateName(nameOf(text, token));
  };
  const schema = isMark(text, tokens.at(-2), ".") ? named(-3) : null;
  return findType(draft, { schema, name: named(-1) })?.id ?? unknownType;
}
