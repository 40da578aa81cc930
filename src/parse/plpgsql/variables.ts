import { nameOf } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isWord } from "../../sql/tokens.ts";

/**
 * How often each variable of a body is assigned, at a guess that is never too low for what is kept: `name :=`,
 * `name =` where a statement can start, and what follows INTO.
 */
export function countAssignments(text: string, tokens: readonly Token[]): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (token: Token | undefined) => {
    if (token?.kind !== "word" && token?.kind !== "quoted") return;
    const name = nameOf(text, token);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  for (const [k, token] of tokens.entries()) {
    if (isMark(text, token, ":=")) count(tokens[k - 1]);
    else if (isMark(text, token, "=") && startsStatement(text, tokens, k - 1)) count(tokens[k - 1]);
    else if (isWord(text, token, "into")) {
      let target = isWord(text, tokens[k + 1], "strict") ? k + 2 : k + 1;
      count(tokens[target]);
      while (isMark(text, tokens[target + 1], ",")) {
        target += 2;
        count(tokens[target]);
      }
    }
  }
  return counts;
}

const openers = ["begin", "then", "else", "loop", "declare"];

function startsStatement(text: string, tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  return isMark(text, before, ";") || openers.some((word) => isWord(text, before, word));
}
