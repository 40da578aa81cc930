import type { Token } from "../../sql/token.ts";
import { isMark, isWord } from "../../sql/tokens.ts";

/** The function whose call stands for brackets around an expression; all names of the user's own are stand-ins. */
export const GROUP_NAME = "G";
export const GROUP = `"${GROUP_NAME}"`;

interface Brackets {
  /** For each opening bracket, whether it is closed, is not empty and holds no comma of its own. */
  readonly holdsOne: ReadonlySet<number>;
  /** Opening brackets that stand in a list of VALUES rows. */
  readonly rows: ReadonlySet<number>;
}

/** One pass over the brackets of a statement. */
export function scanBrackets(text: string, tokens: readonly Token[]): Brackets {
  const holdsOne = new Set<number>();
  const rows = new Set<number>();
  const open: { index: number; hasComma: boolean; inValues: boolean }[] = [];
  let level = { index: -1, hasComma: false, inValues: false };
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "word") level.inValues = isWord(text, token, "values");
    else if (isMark(text, token, "(") || isMark(text, token, "[")) {
      if (level.inValues) rows.add(index);
      open.push(level);
      level = { index, hasComma: false, inValues: false };
    } else if (isMark(text, token, ")") || isMark(text, token, "]")) {
      if (!level.hasComma && index > level.index + 1) holdsOne.add(level.index);
      level = open.pop() ?? { index: -1, hasComma: false, inValues: false };
    } else if (isMark(text, token, ",")) level.hasComma = true;
  }
  return { holdsOne, rows };
}

/** Words behind which a bracket can only hold an expression or a query. */
const openers = new Set(
  "where and or not select on when then else by having case default between like ilike limit offset returning".split(
    " ",
  ),
);

const queryWords = ["select", "values", "with", "table"];

/** Whether the bracket at the index does nothing but hold one expression together. */
export function isGroup(text: string, tokens: readonly Token[], brackets: Brackets, index: number): boolean {
  const token = tokens[index];
  const before = tokens[index - 1];
  if (token === undefined || before === undefined || !isMark(text, token, "(")) return false;
  if (!brackets.holdsOne.has(index) || brackets.rows.has(index)) return false;
  if (queryWords.some((word) => isWord(text, tokens[index + 1], word))) return false;
  if (before.kind === "operator") return true;
  if (before.kind === "punctuation") return ["(", ",", "["].some((mark) => isMark(text, before, mark));
  if (before.kind !== "word" || !openers.has(text.slice(before.start, before.end).toLowerCase()))
    return false;
  // DISTINCT ON (a, b) is a list, and so it is with one column.
  return !(isWord(text, before, "on") && isWord(text, tokens[index - 2], "distinct"));
}
