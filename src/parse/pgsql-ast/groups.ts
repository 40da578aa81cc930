import type { Token } from "../../sql/token.ts";
import { isMark, isWord } from "../../sql/tokens.ts";

/** The function whose call stands for brackets around an expression; all names of the user's own are stand-ins. */
export const GROUP_NAME = "G";
export const GROUP = `"${GROUP_NAME}"`;

interface Brackets {
  /** Opening brackets that are closed, are not empty and hold no comma of their own. */
  readonly holdsOne: ReadonlySet<number>;
  /** Opening brackets of VALUES rows, and of what stands in FROM. */
  readonly others: ReadonlySet<number>;
}

/** What is known inside of one bracket while it is being read. */
interface Level {
  readonly open: number;
  /** Whether it holds joined tables. */
  readonly isSource: boolean;
  hasComma: boolean;
  /** The word that says what a comma parts here. */
  clause: string;
}

const clauses = [
  "values",
  "from",
  "where",
  "group",
  "order",
  "having",
  "limit",
  "select",
  "returning",
  "set",
  "union",
];
const sourceWords = ["from", "join", "lateral"];

/** One pass over the brackets of a statement. */
export function scanBrackets(text: string, tokens: readonly Token[]): Brackets {
  const holdsOne = new Set<number>();
  const others = new Set<number>();
  const outer: Level[] = [];
  let level: Level = { open: -1, isSource: false, hasComma: false, clause: "" };
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "word") {
      level.clause = clauses.find((word) => isWord(text, token, word)) ?? level.clause;
    } else if (isMark(text, token, "(") || isMark(text, token, "[")) {
      const isSource = opensSource(text, tokens[index - 1], level, index);
      if (isSource || level.clause === "values") others.add(index);
      outer.push(level);
      level = { open: index, isSource, hasComma: false, clause: "" };
    } else if (isMark(text, token, ")") || isMark(text, token, "]")) {
      if (!level.hasComma && index > level.open + 1) holdsOne.add(level.open);
      level = outer.pop() ?? { open: -1, isSource: false, hasComma: false, clause: "" };
    } else if (isMark(text, token, ",")) level.hasComma = true;
  }
  return { holdsOne, others };
}

function opensSource(text: string, before: Token | undefined, level: Level, index: number): boolean {
  if (level.isSource && level.open === index - 1) return true;
  if (isMark(text, before, ",")) return level.clause === "from";
  return sourceWords.some((word) => isWord(text, before, word));
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
  if (!brackets.holdsOne.has(index) || brackets.others.has(index)) return false;
  if (queryWords.some((word) => isWord(text, tokens[index + 1], word))) return false;
  if (before.kind === "operator") return true;
  if (before.kind === "punctuation") return ["(", ",", "["].some((mark) => isMark(text, before, mark));
  if (before.kind !== "word" || !openers.has(text.slice(before.start, before.end).toLowerCase()))
    return false;
  // DISTINCT ON (a, b) is a list, and so it is with one column.
  return !(isWord(text, before, "on") && isWord(text, tokens[index - 2], "distinct"));
}
