import type { Statement } from "../../model/statement.ts";
import { isNamePart } from "../../sql/scanner.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isWord, tokenize } from "../../sql/tokens.ts";
import { append } from "../../text/append.ts";
import type { Span } from "../../text/span.ts";
import { type NewWords, newJson } from "./new-json.ts";

/** Words in a row, `|` between those of which one has to stand there; what they are called, since when, and what older servers say. */
type Row = readonly [words: string, what: string, since: number, sqlstate?: string];

const queries = "select|insert|update|delete|merge|create view|create table as|declare cursor";

/** For each kind of statement, or command of those that have none of their own. Words that can be names stand where no name can. */
const rows: readonly (readonly [kinds: string, rows: readonly Row[]])[] = [
  [
    "",
    [
      ["is normalized", "IS NORMALIZED", 13],
      ["is not normalized", "IS NORMALIZED", 13],
      ["is nfc|nfd|nfkc|nfkd normalized", "IS NORMALIZED", 13],
      ["is not nfc|nfd|nfkc|nfkd normalized", "IS NORMALIZED", 13],
      ["is json", "IS JSON", 16],
      ["is not json", "IS JSON", 16],
    ],
  ],
  [
    queries,
    [
      ["with ties", "FETCH FIRST ... WITH TIES", 13],
      ["group by distinct", "GROUP BY DISTINCT", 14],
      ["search depth first", "SEARCH of a recursive query", 14],
      ["search breadth first", "SEARCH of a recursive query", 14],
      [") cycle", "CYCLE of a recursive query", 14],
      ["returning with (", "RETURNING WITH (OLD AS ...)", 18],
    ],
  ],
  [
    "create table|alter table|create index",
    [
      ["including|excluding compression", "COMPRESSION of LIKE", 14],
      ["nulls distinct", "NULLS DISTINCT", 15],
      ["not null no inherit", "NOT NULL ... NO INHERIT", 18],
    ],
  ],
  ["alter table|alter owner", [["owner to current_role", "CURRENT_ROLE as the name of a role", 14]]],
  ["create schema", [["authorization current_role", "CURRENT_ROLE as the name of a role", 14]]],
  [
    "grant|revoke",
    [
      ["to|from|by current_role", "CURRENT_ROLE as the name of a role", 14],
      ["on parameter", "privileges on parameters", 15],
      ["with inherit|set true|false|option", "WITH INHERIT and WITH SET of a membership", 16],
      [", inherit|set true|false|option", "WITH INHERIT and WITH SET of a membership", 16],
      ["with admin true|false", "WITH ADMIN TRUE and WITH ADMIN FALSE", 16],
      ["inherit|set option for", "INHERIT OPTION and SET OPTION of a membership", 16],
      ["pg_read_all_data", "the role pg_read_all_data", 14, "42704"],
      ["pg_write_all_data", "the role pg_write_all_data", 14, "42704"],
      ["pg_database_owner", "the role pg_database_owner", 14, "42704"],
      ["pg_checkpoint", "the role pg_checkpoint", 15, "42704"],
      ["pg_use_reserved_connections", "the role pg_use_reserved_connections", 16, "42704"],
      ["pg_create_subscription", "the role pg_create_subscription", 16, "42704"],
      ["pg_maintain", "the role pg_maintain", 17, "42704"],
      ["pg_signal_autovacuum_worker", "the role pg_signal_autovacuum_worker", 18, "42704"],
    ],
  ],
  [
    "create function",
    [
      // A procedure: functions have always had them.
      ["( out", "an OUT argument of a procedure", 14, "0A000"],
      [", out", "an OUT argument of a procedure", 14, "0A000"],
    ],
  ],
  ["create publication|alter publication", [["publish_generated_columns", "publish_generated_columns", 18]]],
  ["vacuum", [["index_cleanup auto", "INDEX_CLEANUP AUTO", 14]]],
  ["create type", [["multirange_type_name", "MULTIRANGE_TYPE_NAME", 14]]],
  ["alter type", [["set (", "ALTER TYPE ... SET", 13]]],
  ["alter database", [["refresh collation version", "REFRESH COLLATION VERSION", 15]]],
  [
    "alter default privileges",
    [
      ["grant|revoke maintain", "the privilege MAINTAIN", 17],
      ["maintain on", "the privilege MAINTAIN", 17],
      ["on large objects", "default privileges of large objects", 18],
    ],
  ],
  ["create event trigger", [["on login", "an event trigger on login", 17]]],
];

/** What one of all rows holds: all but a few statements hold none, and are not worth a list of tokens. */
const first =
  /\b(?:ties|group|search|cycle|json\w*|returning|normalized|compression|distinct|inherit|current_role|parameter|admin|set|pg_\w+|out|publish_generated_columns|auto|multirange_type_name|version|maintain|objects|login)\b/i;

/** Everything in a statement that came after `version`, as far as its words alone show. */
export function findNewWords(statement: Statement, text: string, version: number): readonly NewWords[] {
  const { start, end } = statement.span;
  const source = text.slice(start, end);
  const hasNumber = version < 16 && mayHoldNumber(source);
  if (version >= 18 || (!hasNumber && !first.test(source))) return [];
  const tokens = tokenize(text, start, end).filter(({ kind }) => kind !== "comment");
  const found: NewWords[] = [];
  const kind = statement.kind === "other" ? statement.command : statement.kind;
  for (const [kinds, some] of rows) {
    if (kinds !== "" && !kinds.split("|").includes(kind)) continue;
    if (statement.kind === "create function" && !statement.isProcedure) continue;
    for (const [words, what, since, sqlstate = "42601"] of some) {
      if (version >= since) continue;
      for (const at of placesOf(text, tokens, words.split(" "))) found.push({ at, what, since, sqlstate });
    }
  }
  append(found, newJson(text, tokens, version));
  // Up to 14, 0x1F is 0 under the name x1F where a query can name what it yields.
  const sqlstate = version < 15 && tokens.some((token) => isWord(text, token, "select")) ? null : "42601";
  if (hasNumber)
    for (const token of tokens)
      if (token.kind === "number" && isNewNumber(text.slice(token.start, token.end)))
        found.push({ at: token, what: "numbers written like this", since: 16, sqlstate });
  return found;
}

function placesOf(text: string, tokens: readonly Token[], words: readonly string[]): readonly Span[] {
  const places: Span[] = [];
  for (const [at, token] of tokens.entries()) {
    const last = tokens[at + words.length - 1];
    if (last !== undefined && words.every((word, k) => isOneOf(text, tokens[at + k], word)))
      places.push({ start: token.start, end: last.end });
  }
  return places;
}

function isOneOf(text: string, token: Token | undefined, words: string): boolean {
  if ("(),".includes(words)) return isMark(text, token, words);
  return words.split("|").some((word) => isWord(text, token, word));
}

/** Whether digits stand in it with what only newer servers take for a part of the number. */
function mayHoldNumber(source: string): boolean {
  let isInside = false;
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (!isInside && isDigit(code)) {
      const start = at;
      while (at + 1 < source.length && isNamePart(source.charCodeAt(at + 1))) at++;
      if (isNewNumber(source.slice(start, at + 1))) return true;
    }
    isInside = isNamePart(code);
  }
  return false;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** `1_000`, `0x1F`, `0o17`, `0b11`. */
function isNewNumber(text: string): boolean {
  return text.includes("_") || (text[0] === "0" && "xXoObB".includes(text[1] ?? " "));
}
