import type { LockMode } from "../../model/locks.ts";
import { nameOf } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isWord, tokenize } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import { familyOf, hasStorage } from "./family.ts";
import type { Ledger } from "./ledger.ts";
import { findRelation, isTable, labelOf, lock } from "./ledger.ts";

/**
 * Locks the relations that SQL inside a statement names (the body of an SQL function, the actions of a rule): the server
 * looks at them when the statement is made. Only relations that the history knows count, so a wrong guess does no harm.
 * What runs locks their indexes and children too.
 */
export function lockMentioned(
  ledger: Ledger,
  text: string,
  span: Span = { start: 0, end: text.length },
  purpose: "plans" | "runs" = "plans",
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
    for (const name of namesFrom(text, tokens, words, index + 1)) {
      const found = findRelation(ledger.world, name);
      if (found === undefined) continue;
      const mode = isWritten ? "ROW EXCLUSIVE" : "ACCESS SHARE";
      lock(ledger, found, mode);
      if (purpose === "runs" && isTable(found)) lockBelow(ledger, found, mode);
    }
  }
}

type Name = { readonly schema: string | null; readonly name: string };

/** The names of a list: `users u, app.orders`. */
function namesFrom(
  text: string,
  tokens: readonly Token[],
  words: readonly string[],
  start: number,
): readonly Name[] {
  const names: Name[] = [];
  for (let at = start; words[at] !== undefined && words[at] !== ""; ) {
    const first = words[at] ?? "";
    const second = isMark(text, tokens[at + 1], ".") ? words[at + 2] : undefined;
    names.push(second === undefined ? { schema: null, name: first } : { schema: first, name: second });
    at += second === undefined ? 1 : 3;
    // An alias, with or without AS.
    if (isWord(text, tokens[at], "as")) at += 1;
    if (!isMark(text, tokens[at], ",") && isMark(text, tokens[at + 1], ",")) at += 1;
    if (!isMark(text, tokens[at], ",")) break;
    at += 1;
  }
  return names;
}

function lockBelow(ledger: Ledger, table: Parameters<typeof familyOf>[1], mode: LockMode): void {
  const { schema } = ledger.world;
  for (const member of familyOf(schema, table)) {
    lock(ledger, member, mode);
    // How much of it is read, nobody can tell from here.
    if (hasStorage(member)) ledger.scans.add(labelOf(member));
    if (hasStorage(member)) for (const index of schema.indexesOf(member.id)) lock(ledger, index, mode);
  }
}
