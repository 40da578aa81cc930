import type { Statement } from "../../model/statement.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isWord, tokensIn } from "../../sql/tokens.ts";
import { append } from "../../text/append.ts";
import type { Span } from "../../text/span.ts";
import { visitNodes } from "../visit-nodes.ts";
import { jsonNames, type NewWords, newJson } from "./new-json.ts";

/**
 * Words in a row, `|` between those of which one has to stand there, or none behind `!`, `*` for any; what they are called,
 * since when, and what older servers say.
 */
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
      ["row|rows with ties", "FETCH FIRST ... WITH TIES", 13],
      ["group by distinct", "GROUP BY DISTINCT", 14],
      ["search depth first", "SEARCH of a recursive query", 14],
      ["search breadth first", "SEARCH of a recursive query", 14],
      [") cycle * set|,", "CYCLE of a recursive query", 14],
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
      ["on parameter !to|from|,|.", "privileges on parameters", 15],
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

/** A row, ready to be looked for. */
interface Form {
  readonly words: readonly (readonly string[])[];
  readonly what: string;
  readonly since: number;
  readonly sqlstate: string;
}

/** The forms that one kind of statement can have. */
interface Forms {
  readonly forms: readonly Form[];
  /** Something of each of them: all but a few statements hold none of it, and are not worth a list of tokens. */
  readonly hint: RegExp;
}

const known = new Map<string, Forms>();

function formsOf(kind: string): Forms {
  const found = known.get(kind) ?? readForms(kind);
  known.set(kind, found);
  return found;
}

function readForms(kind: string): Forms {
  const own = rows
    .filter(([kinds]) => kinds === "" || kinds.split("|").includes(kind))
    .flatMap(([, some]) => some);
  const forms = own.map(([words, what, since, sqlstate = "42601"]) => {
    return { words: words.split(" ").map((word) => word.split("|")), what, since, sqlstate };
  });
  const isHint = (word: string) => !word.startsWith("!");
  const longest = own.map(([words]) => {
    return words
      .split(" ")
      .filter(isHint)
      .reduce((a, b) => (b.length > a.length ? b : a));
  });
  return { forms, hint: new RegExp(`\\b(?:${[...longest, ...jsonNames].join("|")})\\b`, "i") };
}

/** The statement that was asked about last: rules ask again what its effects have asked. */
let last: { statement: Statement; text: string; version: number; found: readonly NewWords[] } | null = null;

/** Everything in a statement that came after `version`, as far as its words alone show. */
export function findNewWords(statement: Statement, text: string, version: number): readonly NewWords[] {
  if (last?.statement !== statement || last.text !== text || last.version !== version)
    last = { statement, text, version, found: lookForWords(statement, text, version) };
  return last.found;
}

/** What of it the grammar of `version` cannot read: a body is put through that before anybody asks what its names mean. */
export function findNewGrammar(statement: Statement, text: string, version: number): readonly NewWords[] {
  const found = findNewWords(statement, text, version).filter(
    ({ sqlstate, called }) => sqlstate === "42601" && called === undefined,
  );
  if (statement.kind !== "merge" || version >= 17) return found;
  const { start, end } = statement.span;
  const [at] = placesOf(text, tokensIn(text, start, end), [["matched"], ["by"], ["source", "target"]]);
  const head = statement.head;
  const own = { what: "MERGE", since: 15, at: head };
  const later = { since: 17, at: at ?? head, what: at ? "MERGE ... NOT MATCHED BY" : "MERGE ... RETURNING" };
  if (version < 15) return [{ ...own, sqlstate: "42601" }, ...found];
  return at || statement.isReturning ? [{ ...later, sqlstate: "42601" }, ...found] : found;
}

function lookForWords(statement: Statement, text: string, version: number): readonly NewWords[] {
  if (version >= 18) return none;
  const { start, end } = statement.span;
  const source = text.slice(start, end);
  const hasNumber = version < 16 && newNumber.test(source);
  const { forms, hint } = formsOf(statement.kind === "other" ? statement.command : statement.kind);
  if (!hasNumber && !hint.test(source)) return none;
  const tokens = tokensIn(text, start, end);
  const found: NewWords[] = [];
  if (statement.kind !== "create function" || statement.isProcedure)
    for (const { words, what, since, sqlstate } of forms) {
      if (version >= since) continue;
      for (const at of placesOf(text, tokens, words)) found.push({ at, what, since, sqlstate });
    }
  const isCalled = ({ called }: NewWords) => called === undefined || calls(statement, called);
  append(found, newJson(text, tokens, version).filter(isCalled));
  // Up to 14, 0x1F is 0 under the name x1F where a query can name what it yields.
  const sqlstate =
    version < 15 && tokens.some((token) => isOneOf(text, token, ["select", "returning"])) ? null : "42601";
  if (hasNumber)
    for (const token of tokens)
      if (token.kind === "number" && newNumber.test(text.slice(token.start, token.end)))
        found.push({ at: token, what: "numbers written like this", since: 16, sqlstate });
  return found;
}

const none: readonly NewWords[] = [];

/** Whether it calls a function of the name: a table, or a function that is made or dropped, may bear it. */
function calls(statement: Statement, name: string): boolean {
  let isThere = false;
  visitNodes(statement, (node) => {
    // Beside SQL/JSON that no older server can read, its calls are read as that too.
    if (node.kind === "special") isThere ||= "name" in node && String(node.name).startsWith("json ");
    else if (node.kind === "call")
      isThere ||= "name" in node && node.name === name && !("schema" in node && node.schema !== null);
  });
  return isThere;
}

function placesOf(
  text: string,
  tokens: readonly Token[],
  words: readonly (readonly string[])[],
): readonly Span[] {
  const places: Span[] = [];
  for (const [at, token] of tokens.entries()) {
    const end = tokens[at + words.length - 1]?.end;
    if (end !== undefined && words.every((word, k) => isOneOf(text, tokens[at + k], word)))
      places.push({ start: token.start, end });
  }
  return places;
}

function isOneOf(text: string, token: Token | undefined, words: readonly string[]): boolean {
  const [first = ""] = words;
  if (first === "*") return token !== undefined;
  if (first.startsWith("!")) return !isOneOf(text, token, [first.slice(1), ...words.slice(1)]);
  return words.some((word) =>
    "(),.".includes(word) ? isMark(text, token, word) : isWord(text, token, word),
  );
}

/** `1_000`, `0x1F`, `0o17`, `0b11`, where a number begins. */
const newNumber = /(?<![\w$\u0080-\uffff])(?:0[xob]|\d[\w$\u0080-\uffff]*_)/i;
