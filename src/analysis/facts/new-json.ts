import type { Token } from "../../sql/token.ts";
import { isMark, isWord } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";

/** Something that the grammar has not always had, seen from words in a row. */
export interface NewWords {
  readonly at: Span;
  /** What it is called: `FETCH FIRST ... WITH TIES`. */
  readonly what: string;
  /** The first major version that has it. */
  readonly since: number;
  /** What older servers say; null: they read it as something else. */
  readonly sqlstate: string | null;
  /** The function that older servers take it for: who has one of that name calls it. */
  readonly called?: string;
}

/** SQL/JSON, which has a grammar of its own. Older servers take most of it for calls of functions that they do not have. */
const names: ReadonlyMap<string, number> = new Map([
  ["json_object", 16],
  ["json_objectagg", 16],
  ["json_array", 16],
  ["json_arrayagg", 16],
  ["json_scalar", 17],
  ["json_serialize", 17],
  ["json_exists", 17],
  ["json_query", 17],
  ["json_value", 17],
  ["json_table", 17],
]);

/** All of them, in lower case. */
export const jsonNames: readonly string[] = [...names.keys()];

/** Words in a row, right inside of the parentheses, that no call of a function has. */
const clauses = [
  "returning",
  "absent on null",
  "null on null",
  "with unique",
  "without unique",
  "format json",
  "on error",
  "on empty",
  "passing",
  "with wrapper",
  "without wrapper",
  "keep quotes",
  "omit quotes",
];

/** Calls of SQL/JSON that came after `version`. */
export function newJson(text: string, tokens: readonly Token[], version: number): readonly NewWords[] {
  const found: NewWords[] = [];
  for (const [k, token] of tokens.entries()) {
    if (token.kind !== "word" || !isMark(text, tokens[k + 1], "(")) continue;
    // A schema stands before a function.
    if (isMark(text, tokens[k - 1], ".")) continue;
    const name = text.slice(token.start, token.end).toLowerCase();
    const since = names.get(name);
    if (since === undefined || version >= since) continue;
    const inside = insideOf(text, tokens, k + 1);
    const isNewForm = hasClause(text, inside);
    // json_object('{a,1}') is a function that has always been there.
    if (name === "json_object" && !isNewForm && inside.length > 0) continue;
    const isSyntax =
      isNewForm || (name === "json_table" && inside.some((one) => isWord(text, one, "columns")));
    const what = `${name.toUpperCase()}()`;
    found.push({
      at: token,
      what,
      since,
      ...(isSyntax ? { sqlstate: "42601" } : { sqlstate: "42883", called: name }),
    });
  }
  return found;
}

/** The tokens between the parenthesis at `open` and the one that closes it, without those in deeper ones. */
function insideOf(text: string, tokens: readonly Token[], open: number): readonly Token[] {
  const inside: Token[] = [];
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    if (isMark(text, token, "(")) depth += 1;
    if (depth === 1 && at > open && !isMark(text, token, ")")) inside.push(token);
    if (isMark(text, token, ")")) {
      if (depth > 1) inside.push(token);
      depth -= 1;
      if (depth === 0) break;
    }
  }
  return inside;
}

function hasClause(text: string, inside: readonly Token[]): boolean {
  return inside.some((token, k) => {
    if (isMark(text, token, ":")) return true;
    if (isWord(text, token, "value")) return isBetweenValues(text, inside, k);
    return clauses.some((words) => words.split(" ").every((word, n) => isWord(text, inside[k + n], word)));
  });
}

/** `key VALUE value`: a word between two values; elsewhere it is the name of a column. */
function isBetweenValues(text: string, inside: readonly Token[], at: number): boolean {
  const before = inside[at - 1];
  const behind = inside[at + 1];
  if (before === undefined || behind === undefined) return false;
  const isEnd =
    before.kind === "string" ||
    before.kind === "number" ||
    before.kind === "quoted" ||
    isMark(text, before, ")") ||
    (before.kind === "word" &&
      (at === 1 || isMark(text, inside[at - 2], ",") || isMark(text, inside[at - 2], ".")));
  return isEnd && behind.kind !== "operator" && behind.kind !== "punctuation";
}
