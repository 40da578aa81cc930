import { nameOf } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isNameToken, isWord, tokensIn } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import { labelOf } from "../effect.ts";
import { isTable, type Relation } from "../entities.ts";
import { familyOf, hasStorage } from "./family.ts";
import type { Ledger } from "./ledger.ts";
import { findRelation, lock } from "./ledger.ts";

/** A relation that a text names, and whether rows of it are written. */
export interface Mention {
  readonly schema: string | null;
  readonly name: string;
  readonly isWritten: boolean;
}

/**
 * Locks the relations that SQL inside a statement names (the actions of a rule): the server looks at them when the statement
 * is made. Only relations that the history knows count, so a wrong guess does no harm.
 */
export function lockMentioned(
  ledger: Ledger,
  text: string,
  span: Span = { start: 0, end: text.length },
): void {
  for (const mention of mentionsIn(text, span)) {
    const found = findRelation(ledger.world, mention);
    if (found !== undefined) lock(ledger, found, mention.isWritten ? "ROW EXCLUSIVE" : "ACCESS SHARE");
  }
}

/** The same of the body of an SQL function: the server puts what a view reads in its place, to see what comes out. */
export function lockRewritten(ledger: Ledger, text: string, span: Span): void {
  for (const mention of mentionsIn(text, span)) {
    const found = findRelation(ledger.world, mention);
    if (found !== undefined) lockBelow(ledger, found, mention.isWritten);
  }
}

function lockBelow(ledger: Ledger, relation: Relation, isWritten: boolean, seen = new Set<number>()): void {
  lock(ledger, relation, isWritten ? "ROW EXCLUSIVE" : "ACCESS SHARE");
  if (relation.kind !== "view" || seen.has(relation.id)) return;
  seen.add(relation.id);
  // Rows of a view that can be written are those of the one table that it reads.
  const isOneWithIt = isWritten && relation.isReadOnly !== true && relation.reads.length === 1;
  for (const { id } of relation.reads) {
    const read = id === null ? undefined : ledger.world.schema.relationById(id);
    if (read !== undefined) lockBelow(ledger, read, isOneWithIt, seen);
  }
}

/** The same of what runs: indexes and children are locked too, and how much is read nobody can tell from here. */
export function runMentioned(ledger: Ledger, mentions: readonly Mention[]): void {
  const { schema } = ledger.world;
  for (const mention of mentions) {
    const found = findRelation(ledger.world, mention);
    if (found === undefined) continue;
    const mode = mention.isWritten ? "ROW EXCLUSIVE" : "ACCESS SHARE";
    lock(ledger, found, mode);
    if (!isTable(found)) continue;
    for (const member of familyOf(schema, found)) {
      lock(ledger, member, mode);
      if (!hasStorage(member)) continue;
      ledger.scans.add(labelOf(member));
      for (const index of schema.indexesOf(member.id)) lock(ledger, index, mode);
    }
  }
}

/** The relations that stand behind FROM, JOIN, UPDATE, INSERT INTO and DELETE FROM. */
export function mentionsIn(text: string, span: Span): readonly Mention[] {
  const tokens = tokensIn(text, span.start, span.end);
  const words = tokens.map((token) => (isNameToken(token) ? nameOf(text, token) : ""));
  const found: Mention[] = [];
  for (const [index, word] of words.entries()) {
    const isWritten =
      word === "update" ||
      (word === "into" && words[index - 1] === "insert") ||
      (word === "from" && words[index - 1] === "delete");
    if (!isWritten && word !== "from" && word !== "join") continue;
    for (const name of namesFrom(text, tokens, words, index + 1)) found.push({ isWritten, ...name });
  }
  return found;
}

/** A list ends where another may begin. */
const openers = new Set(["from", "join", "update", "into", ""]);

type Name = { readonly schema: string | null; readonly name: string };

/** The names of a list: `users u, app.orders`. */
function namesFrom(
  text: string,
  tokens: readonly Token[],
  words: readonly string[],
  start: number,
): readonly Name[] {
  const names: Name[] = [];
  for (let at = start; !openers.has(words[at] ?? ""); ) {
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
