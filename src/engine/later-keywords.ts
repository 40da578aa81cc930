import type { ParseResult, Parser, ParserInput } from "../parse/parser.ts";
import type { Token } from "../sql/token.ts";
import { isMark, textOf } from "../sql/tokens.ts";

/**
 * Words that may not stand for a routine, a parameter or a type of somebody's own, by the major from which on: pg_get_keywords()
 * of 12 to 18. The grammar that reads statements is the newest.
 */
const keywordSince = new Map([
  ["normalize", 13],
  ["json_array", 16],
  ["json_arrayagg", 16],
  ["json_object", 16],
  ["json_objectagg", 16],
  ["system_user", 16],
  ["json", 17],
  ["json_exists", 17],
  ["json_query", 17],
  ["json_scalar", 17],
  ["json_serialize", 17],
  ["json_table", 17],
  ["json_value", 17],
  ["merge_action", 17],
]);

/** `json` is the name of a type as well, and a statement that the grammar takes means that. */
const common = "json";

/**
 * The parser as it reads on `version`: the grammar is the newest, and takes words for its own that were plain names before, such
 * as those of functions that somebody made.
 */
export function parserAsOf(parser: Parser, version: number): Parser {
  const words = [...keywordSince].flatMap(([word, since]) => (since > version ? [word] : []));
  if (words.length === 0) return parser;
  const hint = new RegExp(`\\b(?:${words.filter((word) => word !== common).join("|")})\\b`, "i");
  const names = new Set(words);
  const parse = (input: ParserInput): ParseResult => {
    const result = parser.parse(input);
    const isWrong = result.outcome === "syntax error";
    const { text, statement, tokens } = input;
    if (!isWrong && !hint.test(text.slice(statement.start, statement.end))) return result;
    const isMeant = (token: Token, k: number) =>
      token.kind === "word" &&
      names.has(textOf(text, token).toLowerCase()) &&
      (isWrong || isMark(text, tokens[k + 1], "("));
    const meant = tokens.filter(isMeant);
    if (meant.length === 0) return result;
    const plain = parseAsNames(parser, input, meant);
    // What the newest grammar alone takes is SQL/JSON: that it came later, is told by its words.
    return isWrong || plain.outcome === "statement" ? plain : result;
  };
  return { name: parser.name, parse };
}

/** Parses with other names in the place of the words, as long as they are, and gives them back their own. */
function parseAsNames(parser: Parser, input: ParserInput, meant: readonly Token[]): ParseResult {
  const { text, statement } = input;
  const own = text.slice(statement.start, statement.end).toLowerCase();
  const names = new Map<string, string>();
  const parts: string[] = [];
  let copied = 0;
  for (const token of meant) {
    const word = textOf(text, token).toLowerCase();
    const name = names.get(word) ?? freeName(word, own);
    if (name === null)
      return { outcome: "not understood", reason: `${word} is a keyword of the grammar that reads it` };
    names.set(word, name);
    parts.push(text.slice(copied, token.start), name);
    copied = token.end;
  }
  const result = parser.parse({ ...input, text: parts.join("") + text.slice(copied) });
  if (result.outcome !== "statement") return result;
  return { outcome: "statement", statement: withWords(result.statement, names) };
}

/** A name of the same length that stands nowhere in the text. */
function freeName(word: string, text: string): string | null {
  for (const last of "zqxjkvwy") {
    const name = word.slice(0, -1) + last;
    if (!text.includes(name)) return name;
  }
  return null;
}

/** The same with the words in the place of the names, however deep. */
function withWords<Value>(value: Value, names: ReadonlyMap<string, string>): Value {
  if (typeof value === "string") {
    let text: string = value;
    for (const [word, name] of names) text = text.replaceAll(name, word);
    return text as Value;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => withWords(each, names)) as Value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, withWords(part, names)]),
  ) as Value;
}
