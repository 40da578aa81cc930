import type { QualifiedName } from "../../model/name.ts";
import { foldName, nameOf } from "../../sql/names.ts";
import { createScanner, type Scanner, scanToken } from "../../sql/scanner.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isNameToken, isWord, tokenize, tokensIn } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import type { Ledger } from "./ledger.ts";

/** Whether ONLY stands before a name of the statement. */
export function isOnly(ledger: Ledger, statement: Span, name: QualifiedName): boolean {
  const { text } = ledger.world;
  const { last, before } = tokensBefore(ledger, statement.start, name.span.start);
  // ONLY (name) is allowed too.
  const word = last !== null && text.slice(last.start, last.end) === "(" ? before : last;
  return word?.kind === "word" && nameOf(text, word) === "only";
}

/** The two tokens before a place, and the scanner that has come so far. */
interface Walk {
  readonly start: number;
  readonly scanner: Scanner;
  last: Token | null;
  before: Token | null;
  end: number;
}

const walks = new WeakMap<Ledger, Walk>();

/** The names of a list are asked for one after the other: the walk goes on from the one before. */
function tokensBefore(ledger: Ledger, start: number, end: number): Pick<Walk, "last" | "before"> {
  let walk = walks.get(ledger);
  if (walk === undefined || walk.start !== start || walk.end > end) {
    walk = { start, scanner: createScanner(ledger.world.text, start), last: null, before: null, end: start };
    scanToken(walk.scanner);
    walks.set(ledger, walk);
  }
  const { scanner } = walk;
  walk.end = end;
  // The scanner stands on a token that is not taken yet.
  for (let { kind } = scanner; kind !== "end" && scanner.start < end; kind = scanToken(scanner)) {
    if (kind === "comment") continue;
    walk.before = walk.last;
    walk.last = { kind, start: scanner.start, end: scanner.end };
  }
  return walk;
}

/** Whether these words stand next to one another somewhere in the statement; words in lower case. */
export function hasWords(ledger: Ledger, statement: Span, ...words: readonly string[]): boolean {
  const scanner = createScanner(ledger.world.text, statement.start, statement.end);
  const isWord = (word: string | undefined) =>
    scanner.kind === "word" &&
    scanner.end - scanner.start === word?.length &&
    foldName(scanner.text.slice(scanner.start, scanner.end)) === word;
  let found = 0;
  for (let kind = scanToken(scanner); kind !== "end"; kind = scanToken(scanner)) {
    if (kind === "comment") continue;
    // The words that are looked for are all different: what breaks the row off can only begin it anew.
    if (isWord(words[found])) found += 1;
    else found = isWord(words[0]) ? 1 : 0;
    if (found === words.length) return true;
  }
  return false;
}

/** Whether the word stands right before a name, as PERIOD does, and is none itself. */
export function hasWordBeforeName(ledger: Ledger, span: Span, word: string): boolean {
  const { text } = ledger.world;
  const tokens = tokensIn(text, span.start, span.end);
  return tokens.some((token, k) => {
    return isWord(text, token, word) && isNameToken(tokens[k + 1]);
  });
}

/** Words that may end a constraint, in any order. */
const marks = "deferrable not initially immediate deferred valid no inherit enforced".split(" ");

/** Whether ENFORCED, with or without NOT, is among the marks that a constraint ends with. */
export function endsEnforced(ledger: Ledger, span: Span): boolean {
  const { text } = ledger.world;
  const tokens = tokensIn(text, span.start, span.end);
  const isMarkWord = (token: Token) => marks.some((mark) => isWord(text, token, mark));
  let first = tokens.length;
  for (let token = tokens[first - 1]; token !== undefined && isMarkWord(token); token = tokens[first - 1])
    first--;
  // REFERENCES enforced, NOT NULL enforced: a name.
  const before = tokens[first - 1];
  const isNamed =
    before !== undefined && (isWord(text, before, "references") || isWord(text, before, "null"));
  return tokens.slice(isNamed ? first + 1 : first).some((token) => isWord(text, token, "enforced"));
}

/** Whether the mark, such as an opening parenthesis, stands in the span. */
export function hasMark(ledger: Ledger, span: Span, mark: string): boolean {
  return findMark(ledger, span, mark) !== null;
}

/** The first such mark of the span; null where there is none. */
export function findMark(ledger: Ledger, span: Span, mark: string): Span | null {
  const { text } = ledger.world;
  return tokenize(text, span.start, span.end).find((token) => isMark(text, token, mark)) ?? null;
}

/** Those of the tokens that stand in no parentheses. */
export function tokensOutside(text: string, tokens: readonly Token[]): readonly Token[] {
  let depth = 0;
  return tokens.filter((token) => {
    if (isMark(text, token, "(")) depth += 1;
    if (isMark(text, token, ")")) depth -= 1;
    return depth === 0;
  });
}

/** The name that the span ends with; null where it ends with something else. */
export function lastName(ledger: Ledger, span: Span): string | null {
  const { text } = ledger.world;
  const last = tokensIn(text, span.start, span.end).at(-1);
  return isNameToken(last) ? nameOf(text, last) : null;
}

/** The name that stands behind the word, with its schema: `ALTER STATISTICS app.s`; null: none does. */
export function nameBehind(
  ledger: Ledger,
  span: Span,
  word: string,
): { readonly schema: string | null; readonly name: string } | null {
  const { text } = ledger.world;
  const tokens = tokensIn(text, span.start, span.end);
  const at = tokens.findIndex((token) => isWord(text, token, word)) + 1;
  const isQualified = isMark(text, tokens[at + 1], ".");
  const [first, last] = [tokens[at], tokens[isQualified ? at + 2 : at]];
  if (at === 0 || first === undefined || last === undefined) return null;
  if (!isNameToken(last)) return null;
  return { schema: isQualified ? nameOf(text, first) : null, name: nameOf(text, last) };
}

/** The number behind a word, an equals sign or BY between them: `INCREMENT BY -1`, `fillfactor = 70`; null: there is none. */
export function numberAfter(ledger: Ledger, span: Span, word: string): number | null {
  const value = Number(numeralAfter(ledger, span, word) ?? Number.NaN);
  return Number.isNaN(value) ? null : value;
}

function numeralAfter(ledger: Ledger, span: Span, word: string): string | null {
  const { text } = ledger.world;
  const tokens = tokensIn(text, span.start, span.end);
  let at = tokens.findIndex((token) => isWord(text, token, word)) + 1;
  if (at === 0) return null;
  if (isMark(text, tokens[at], "=") || isWord(text, tokens[at], "by")) at += 1;
  const isNegative = isMark(text, tokens[at], "-");
  const token = tokens[isNegative ? at + 1 : at];
  return token?.kind === "number" ? `${isNegative ? "-" : ""}${text.slice(token.start, token.end)}` : null;
}

/** The names that stand first in each part of the first list in parentheses: `(a WITH =, b WITH =)`; null: not a name. */
export function listHeads(ledger: Ledger, span: Span): readonly (string | null)[] {
  const { text } = ledger.world;
  const heads: (string | null)[] = [];
  let depth = 0;
  let isHead = false;
  for (const token of tokenize(text, span.start, span.end)) {
    if (token.kind === "comment") continue;
    if (isHead) {
      heads.push(isNameToken(token) ? nameOf(text, token) : null);
      isHead = false;
    }
    if (isMark(text, token, "(")) {
      depth += 1;
      isHead ||= depth === 1;
    } else if (isMark(text, token, ")")) {
      depth -= 1;
      if (depth === 0) return heads;
    } else if (depth === 1 && isMark(text, token, ",")) isHead = true;
  }
  return heads;
}

/** The same of the first list behind a word that an opening parenthesis follows: `INCLUDE (a, b)`, `WITH (fillfactor = 70)`. */
export function headsAfter(ledger: Ledger, span: Span, word: string): readonly (string | null)[] {
  const { text } = ledger.world;
  const tokens = tokensIn(text, span.start, span.end);
  const at = tokens.findIndex((token, k) => isWord(text, token, word) && isMark(text, tokens[k + 1], "("));
  const start = tokens[at + 1]?.start;
  return at === -1 || start === undefined ? [] : listHeads(ledger, { start, end: span.end });
}
