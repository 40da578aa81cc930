import type { QualifiedName } from "../../model/name.ts";
import { nameOf } from "../../sql/names.ts";
import { tokenize } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import type { Ledger } from "./ledger.ts";

/** Whether ONLY stands before a name of the statement. */
export function isOnly(ledger: Ledger, statement: Span, name: QualifiedName): boolean {
  const { text } = ledger.world;
  const before = tokenize(text, statement.start, name.span.start).filter((token) => token.kind !== "comment");
  const last = before.at(-1);
  // ONLY (name) is allowed too.
  const word = last !== undefined && text.slice(last.start, last.end) === "(" ? before.at(-2) : last;
  return word?.kind === "word" && nameOf(text, word) === "only";
}

/** Whether these words stand next to one another somewhere in the statement; words in lower case. */
export function hasWords(ledger: Ledger, statement: Span, ...words: readonly string[]): boolean {
  const { text } = ledger.world;
  const tokens = tokenize(text, statement.start, statement.end).filter((token) => token.kind !== "comment");
  const found = tokens.map((token) => (token.kind === "word" ? nameOf(text, token) : ""));
  return found.some((_, index) => words.every((word, k) => found[index + k] === word));
}
