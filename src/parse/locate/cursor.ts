import { tokenText } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { isMark } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";

/**
 * A place in the tokens of one statement, and the token behind the last one that may be read. Positions of the
 * model come from here and from nowhere else, so that every parser gives the same ones.
 */
export interface Cursor {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** For each opening bracket the index of its closing one, else 0. */
  readonly closing: Int32Array;
  at: number;
  readonly end: number;
}

/** A cursor at the first token; the ends of all brackets are found once, here. */
export function openCursor(text: string, tokens: readonly Token[]): Cursor {
  const closing = new Int32Array(tokens.length);
  const open: number[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined || token.kind !== "punctuation") continue;
    const code = text.charCodeAt(token.start);
    if (code === 40 || code === 91) open.push(index);
    else if (code === 41 || code === 93) {
      const opener = open.pop();
      if (opener !== undefined) closing[opener] = index;
    }
  }
  for (const opener of open) closing[opener] = tokens.length;
  return { text, tokens, closing, at: 0, end: tokens.length };
}

/** A cursor over the tokens from `from` up to and without `to`. */
export function subCursor(cursor: Cursor, from: number, to: number): Cursor {
  const { text, tokens, closing } = cursor;
  return { text, tokens, closing, at: from, end: Math.max(from, Math.min(to, cursor.end)) };
}

/** Whether nothing of the cursor's stretch is left. */
export function isDone(cursor: Cursor): boolean {
  return cursor.at >= cursor.end;
}

/** The token at an index, or undefined outside of the cursor's stretch. */
export function tokenAt(cursor: Cursor, index = cursor.at): Token | undefined {
  return index < cursor.end ? cursor.tokens[index] : undefined;
}

/** No keyword of PostgreSQL is longer. */
const LONGEST_KEYWORD = 20;

/** The unquoted word at an index in lower case; "" where there is none. */
export function wordAt(cursor: Cursor, index = cursor.at): string {
  const token = tokenAt(cursor, index);
  if (token === undefined || token.kind !== "word" || token.end - token.start > LONGEST_KEYWORD) return "";
  return tokenText(cursor.text, token).toLowerCase();
}

/** Whether this punctuation or operator is at the cursor, or at an index. */
export function hasMark(cursor: Cursor, mark: string, index = cursor.at): boolean {
  return isMark(cursor.text, tokenAt(cursor, index), mark);
}

/** Whether these words stand at the cursor, in order; words in lower case. */
export function hasWords(cursor: Cursor, ...words: readonly string[]): boolean {
  for (let k = 0; k < words.length; k++) if (!hasWord(cursor, words[k] ?? "", cursor.at + k)) return false;
  return true;
}

/** Whether this word stands at an index. Letter by letter: most words are other ones from their first letter on. */
function hasWord({ text, tokens, end }: Cursor, word: string, index: number): boolean {
  const token = index < end ? tokens[index] : undefined;
  if (token === undefined || token.end - token.start !== word.length || token.kind !== "word") return false;
  for (let k = 0; k < word.length; k++) {
    const code = text.charCodeAt(token.start + k);
    const lower = code >= 65 && code <= 90 ? code + 32 : code;
    if (lower !== word.charCodeAt(k)) return false;
  }
  return true;
}

/** Steps over these words if all of them stand here. */
export function takeWords(cursor: Cursor, ...words: readonly string[]): boolean {
  if (!hasWords(cursor, ...words)) return false;
  cursor.at += words.length;
  return true;
}

/** Steps over this punctuation or operator if it comes next. */
export function takeMark(cursor: Cursor, mark: string): boolean {
  if (!hasMark(cursor, mark)) return false;
  cursor.at++;
  return true;
}

/** Steps over one token, or over a whole bracket. */
export function step(cursor: Cursor): void {
  const closing = cursor.closing[cursor.at] ?? 0;
  cursor.at = Math.min(closing > cursor.at ? closing + 1 : cursor.at + 1, cursor.end);
}

/** Whether the token before the cursor is a dot: then a keyword here is a name. */
export function isBehindDot(cursor: Cursor): boolean {
  return cursor.at > 0 && isMark(cursor.text, cursor.tokens[cursor.at - 1], ".");
}

/** Moves to the next of these words outside of brackets. False, and at the end, where there is none. */
export function seekWord(cursor: Cursor, ...words: readonly string[]): boolean {
  for (; cursor.at < cursor.end; step(cursor)) {
    const word = wordAt(cursor);
    if (word !== "" && words.includes(word) && !isBehindDot(cursor)) return true;
  }
  return false;
}

/** What stands inside the bracket at the cursor, which moves behind it. Null where no bracket opens. */
export function takeBracket(cursor: Cursor): Cursor | null {
  const closing = cursor.closing[cursor.at] ?? 0;
  if (cursor.at >= cursor.end || closing <= cursor.at) return null;
  const inside = subCursor(cursor, cursor.at + 1, closing);
  step(cursor);
  return inside;
}

/** The stretches between the commas outside of brackets. Empty stretches are left out. */
export function commaSegments(cursor: Cursor): Cursor[] {
  const segments: Cursor[] = [];
  let from = cursor.at;
  const walk = subCursor(cursor, cursor.at, cursor.end);
  for (; walk.at < walk.end; step(walk)) {
    if (!hasMark(walk, ",")) continue;
    if (walk.at > from) segments.push(subCursor(cursor, from, walk.at));
    from = walk.at + 1;
  }
  if (from < cursor.end) segments.push(subCursor(cursor, from, cursor.end));
  return segments;
}

/** From the start of the token `from` to the end of the one before `to`. */
export function spanBetween(cursor: Cursor, from: number, to: number): Span {
  const first = cursor.tokens[from] ?? cursor.tokens[cursor.tokens.length - 1];
  const last = cursor.tokens[to - 1] ?? first;
  if (first === undefined || last === undefined) return { start: 0, end: 0 };
  return { start: first.start, end: Math.max(first.end, last.end) };
}

/** The span of what is left of the cursor's stretch. */
export function spanOfRest(cursor: Cursor): Span {
  return spanBetween(cursor, cursor.at, cursor.end);
}
