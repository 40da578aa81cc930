import { nameOf } from "../../sql/names.ts";
import { isMark, tokenize } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import type { Ledger } from "./ledger.ts";
import { findRelation, lock } from "./ledger.ts";

/**
 * Locks the relations that SQL inside a statement names (the body of an SQL function, the actions of a rule): the server
 * looks at them when the statement is made. Only relations that the history knows count, so a wrong guess does no harm.
 */
export function lockMentioned(
  ledger: Ledger,
  text: string,
  span: Span = { start: 0, end: text.length },
): void {
  const tokens = tokenize(text, span.start, span.end).filter((token) => token.kind !== "comment");
  const words = tokens.map((token) =>
    token.kind === "word" || token.kind === "quoted" ? nameOf(text, token) : "",
  );
  for (const [index, word] of words.entries()) {
    const isWritten =
      word === "update" ||
      (word === "into" && words[index - 1] === "insert") ||
      (word === "from" && words[index - 1] === "delete");
    if (!isWritten && word !== "from" && word !== "join") continue;
    const first = words[index + 1];
    if (first === undefined || first === "") continue;
    const isQualified = isMark(text, tokens[index + 2], ".");
    const second = isQualified ? words[index + 3] : undefined;
    const name = second === undefined ? { schema: null, name: first } : { schema: first, name: second };
    const found = findRelation(ledger.world, name);
    if (found !== undefined) lock(ledger, found, isWritten ? "ROW EXCLUSIVE" : "ACCESS SHARE");
  }
}
