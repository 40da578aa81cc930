import { isDeepStrictEqual } from "node:util";
import { readFast } from "../../src/parse/fast-path.ts";
import type { Parser } from "../../src/parse/parser.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { statementTokens } from "../../src/sql/tokens.ts";

/** How many statements were read, and how many of them without the grammar. */
export interface Tally {
  read: number;
  sure: number;
}

export function newTally(): Tally {
  return { read: 0, sure: 0 };
}

/**
 * Reads every statement of a text without the grammar, and with it where the first was sure. Throws where they do not
 * say the same.
 */
export function checkFastPath(grammar: Parser, text: string, tally: Tally = newTally()): Tally {
  for (const statement of splitStatements(text).statements) {
    if (statement.kind !== "sql") continue;
    const tokens = statementTokens(text, statement);
    if (tokens.length === 0) continue;
    const input = { text, statement, tokens };
    tally.read++;
    const fast = readFast(input);
    if (fast === null) continue;
    tally.sure++;
    const slow = grammar.parse(input);
    const sql = text.slice(statement.start, statement.end);
    if (slow.outcome !== "statement") throw new Error(`the grammar rejects: ${sql}`);
    if (!isDeepStrictEqual(fast, slow.statement)) {
      const models = `${JSON.stringify(fast)}\n${JSON.stringify(slow.statement)}`;
      throw new Error(`the grammar reads something else: ${sql}\n${models}`);
    }
  }
  return tally;
}
