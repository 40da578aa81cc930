import { type Cursor, hasMark, isBehindDot, step, subCursor, tokenAt, wordAt } from "./cursor.ts";

/** The words that can follow a column's DEFAULT: all that may begin the next clause of the column. */
const columnClauses = new Set([
  "constraint",
  "not",
  "null",
  "unique",
  "primary",
  "check",
  "default",
  "generated",
  "references",
  "collate",
  "deferrable",
  "initially",
  "enforced",
]);

/** Words behind which an operand has to follow, so that NULL there is a value. */
const binders = new Set(["from", "distinct"]);

/**
 * The expression of a DEFAULT, which ends without any mark where the next clause of the column begins. The
 * grammar allows no AND, OR, NOT, IN or IS NULL here outside of brackets, so the next such word ends it, unless
 * an operand is still missing (`DEFAULT NULL`, `1 + NULL`) or it stands in CASE ... END.
 */
export function takeDefault(cursor: Cursor): Cursor {
  const from = cursor.at;
  let needsOperand = true;
  let cases = 0;
  for (; cursor.at < cursor.end; step(cursor)) {
    const word = isBehindDot(cursor) ? "" : wordAt(cursor);
    if (word === "case") cases++;
    else if (word === "end" && cases > 0) cases--;
    else if (cases === 0 && !needsOperand && columnClauses.has(word) && !isDistinct(cursor, word)) break;
    needsOperand = tokenAt(cursor)?.kind === "operator" || hasMark(cursor, "::") || binders.has(word);
  }
  return subCursor(cursor, from, cursor.at);
}

/** The NOT of IS NOT DISTINCT FROM, IS NOT DOCUMENT. */
function isDistinct(cursor: Cursor, word: string): boolean {
  return word === "not" && wordAt(cursor, cursor.at - 1) === "is";
}

/** What stands between the cursor and the next of these words outside of brackets, or the end. */
export function takeUntil(cursor: Cursor, ...words: readonly string[]): Cursor {
  const from = cursor.at;
  for (; cursor.at < cursor.end; step(cursor)) {
    const word = wordAt(cursor);
    if (word === "" || !words.includes(word) || isBehindDot(cursor)) continue;
    // IS DISTINCT FROM is an operator.
    if (word === "from" && wordAt(cursor, cursor.at - 1) === "distinct") continue;
    break;
  }
  return subCursor(cursor, from, cursor.at);
}
