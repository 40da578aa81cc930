import { nameOf } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isWord } from "../../sql/tokens.ts";

/**
 * The tokens by which each variable of a body is assigned, ascending, at a guess that leaves none out: `name :=`, `name =`
 * where a statement can start, and what follows INTO.
 */
export function findAssignments(text: string, tokens: readonly Token[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  const add = (k: number) => {
    const token = tokens[k];
    if (token?.kind !== "word" && token?.kind !== "quoted") return;
    const name = nameOf(text, token);
    const known = found.get(name);
    if (known === undefined) found.set(name, [k]);
    else known.push(k);
  };
  for (const [k, token] of tokens.entries()) {
    if (isMark(text, token, ":=")) add(k - 1);
    else if (isMark(text, token, "=") && startsStatement(text, tokens, k - 1)) add(k - 1);
    else if (isWord(text, token, "into")) {
      let target = isWord(text, tokens[k + 1], "strict") ? k + 2 : k + 1;
      add(target);
      while (isMark(text, tokens[target + 1], ",")) {
        target += 2;
        add(target);
      }
    }
  }
  return found;
}

/** The token END that closes what was opened just before a token; the number of tokens where it is not found. */
export function closingEnd(text: string, tokens: readonly Token[], from: number): number {
  let depth = 1;
  for (let k = from; k < tokens.length; k++) {
    const isAt = (...words: string[]) => words.some((word) => isWord(text, tokens[k], word));
    if (isAt("end")) {
      depth--;
      if (depth === 0) return k;
      if (["loop", "if", "case"].some((word) => isWord(text, tokens[k + 1], word))) k++;
    } else if (isAt("loop", "case", "begin") || (isAt("if") && !isOfName(text, tokens, k))) depth++;
  }
  return tokens.length;
}

/** `IF [NOT] EXISTS name` of a statement, and no IF of a body, whose EXISTS has a query in parentheses. */
function isOfName(text: string, tokens: readonly Token[], at: number): boolean {
  const exists = isWord(text, tokens[at + 1], "not") ? at + 2 : at + 1;
  return isWord(text, tokens[exists], "exists") && !isMark(text, tokens[exists + 1], "(");
}

/** Whether any of ascending positions lies in a stretch. */
export function isAnyIn(positions: readonly number[], from: number, to: number): boolean {
  let [low, high] = [0, positions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return (positions[low] ?? to) < to;
}

const openers = ["begin", "then", "else", "loop", "declare"];

function startsStatement(text: string, tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  return isMark(text, before, ";") || openers.some((word) => isWord(text, before, word));
}
