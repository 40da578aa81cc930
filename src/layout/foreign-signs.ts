import { createScanner, scanToken } from "../sql/scanner.ts";

/**
 * What no script for PostgreSQL holds. `quotes`: names in back-ticks; `keys`: numbered keys and unsigned numbers; `engine`:
 * storage engines; `brackets`: names in brackets; `owner`: [dbo]; `batches`: GO on a line of its own; `variables`: DECLARE
 * @x; `server`: CREATE OR ALTER, CLUSTERED; `types`: types of others; `upsert`: ON DUPLICATE KEY; `pragma`: SQLite's settings;
 * `modify`: ALTER TABLE t MODIFY; `sqlite`: INSERT OR and the like; `clock`: its functions of time; `mysql`: INSERT IGNORE, USE
 * INDEX, DROP INDEX i ON t, ADD COLUMN c int AFTER d, DELIMITER; `dual`: what Oracle has of its own, FROM dual and the like;
 * `cockroach`: INVERTED INDEX, STORING (c), t@index and the like.
 */
export type ForeignSign =
  | "quotes"
  | "keys"
  | "engine"
  | "brackets"
  | "owner"
  | "batches"
  | "variables"
  | "server"
  | "types"
  | "upsert"
  | "pragma"
  | "modify"
  | "sqlite"
  | "clock"
  | "mysql"
  | "dual"
  | "cockroach";

/** A text without any of these is not worth a closer look. */
const hints = new RegExp(
  `[\`@]|\\bafter\\s+\\w+\\s*[,;]|\\[dbo\\b|\\.nextval\\b|mergetree\\b|\\b(?:table|view|function|proc|procedure|into|from|on|join|update)\\s*\\[|\\b(?:${[
    "go|auto_?increment|unsigned|engine|varchar2\\s*\\(|number\\s*\\(|nvarchar2?|datetime(?:2|64)|lowcardinality|codec|duplicate|pragma",
    "identity\\s*\\(|(?:non)?clustered|create\\s+or\\s+alter|modify|dual|sysdate|systimestamp|[nc]?clob|tinyint|mediumint|blob|datetime|uniqueidentifier|getdate|longtext|mediumtext",
    "inverted|storing|sharded|string|crdb_internal|rowid|insert\\s+(?:or|ignore)|use\\s+index|update\\s+or|conflict\\s+(?:replace|ignore|abort|fail|rollback)|strftime|julianday|unixepoch|define|sqlblanklines",
    "drop\\s+index\\s+\\w+\\s+on|nocache|nocycle|set\\s+unused|delimiter",
  ].join("|")})\\b`,
  "i",
);

/** The signs of another database in a script, outside of comments, strings and quoted names. */
export function foreignSigns(text: string): ReadonlySet<ForeignSign> {
  const signs = new Set<ForeignSign>();
  if (!hints.test(text)) return signs;
  const scanner = createScanner(text);
  let second = "";
  let first = ";";
  for (let kind = scanToken(scanner); kind !== "end"; kind = scanToken(scanner)) {
    if (kind === "comment") continue;
    const isOpaque = kind === "string" || kind === "quoted";
    // Long tokens are names that nobody looks for.
    const word =
      isOpaque || scanner.end - scanner.start > 24 ? "" : lowerText(text, scanner.start, scanner.end);
    const sign = signOf(word, first, second, text, scanner.start, scanner.end);
    if (sign !== null) signs.add(sign);
    second = first;
    first = word;
  }
  return signs;
}

function lowerText(text: string, start: number, end: number): string {
  return text.slice(start, end).toLowerCase();
}

/** The sign that a token is behind the two before it. */
function signOf(
  word: string,
  before: string,
  earlier: string,
  text: string,
  start: number,
  end: number,
): ForeignSign | null {
  if (word.startsWith("`")) return "quotes";
  switch (word) {
    case "autoincrement":
    case "auto_increment":
      return keyEnds.has(before) ? "keys" : null;
    case "unsigned":
      return before.endsWith("int") || before === "integer" || before === ")" ? "keys" : null;
    case "int":
    case "integer":
    case "bigint":
      // SQLite takes it in this order, too. Without a column's name in front it is one itself.
      return before === "unsigned" && typeComes.test(earlier) ? "keys" : null;
    case "blob":
    case "datetime":
      return columnComes.has(earlier) && typeComes.test(before) ? "types" : null;
    case "=":
      return before === "engine" && (earlier === ")" || earlier === ";") ? "engine" : null;
    case "[":
      return nameComes.has(before) ? "brackets" : null;
    case "dbo":
      return before === "[" ? "owner" : null;
    case "alter":
      return before === "or" && earlier === "create" ? "server" : null;
    case "clustered":
    case "nonclustered":
      return clusteredComes.has(before) ? "server" : null;
    case "go":
      return isAlone(text, start, end) ? "batches" : null;
    case "key":
      return before === "duplicate" && earlier === "on" ? "upsert" : null;
    case "pragma":
      return before === ";" ? "pragma" : null;
    case "modify":
      return earlier === "table" || /^\s+column\b/i.test(text.slice(end, end + 20)) ? "modify" : null;
    case "rowid":
      return before === "without" ? "sqlite" : null;
    case "or":
      return earlier === ";" && (before === "insert" || before === "update") ? "sqlite" : null;
    case "ignore":
      if (before === "insert" && earlier === ";") return "mysql";
      return before === "conflict" ? "sqlite" : null;
    case "index":
      if (before === "inverted") return "cockroach";
      return before === "use" ? "mysql" : null;
    case "sharded":
      return before === "hash" ? "cockroach" : null;
    case "replace":
    case "abort":
    case "fail":
    case "rollback":
      return before === "conflict" ? "sqlite" : null;
    case "on":
      return earlier === "index" && dropComes.test(text.slice(Math.max(0, start - 100), start))
        ? "mysql"
        : null;
    case "delimiter":
      return before === ";" ? "mysql" : null;
    case "after":
      return isPlaceOfColumn(text, start, end) ? "mysql" : null;
    case "nocache":
    case "nocycle":
      return ofSequence.test(text.slice(text.lastIndexOf(";", start) + 1, start)) ? "dual" : null;
    case "unused":
      return before === "set" && /^\s*(?:\(|column\b)/i.test(text.slice(end, end + 20)) ? "dual" : null;
    case "define":
    case "sqlblanklines":
      return before === "set" && earlier === ";" ? "dual" : null;
    case "string":
      return columnComes.has(earlier) && typeComes.test(before) && ofColumn.test(text.slice(end, end + 40))
        ? "types"
        : null;
    case "@":
      return earlier === "index" ? "cockroach" : null;
    case "crdb_internal":
      return "cockroach";
    case "dual":
      return before === "from" ? "dual" : null;
    case "sysdate":
    case "systimestamp":
      return before === "." || before === "as" ? null : "dual";
    case "nextval":
      return before === "." && earlier !== "pg_catalog" ? "dual" : null;
    case "(":
      if (before === "storing" && earlier === ")") return "cockroach";
      // GENERATED ... AS IDENTITY (...) is ours.
      if (before === "identity") return keyEnds.has(earlier) ? "keys" : null;
      if (clocks.has(before)) return /^\s*'(?:now|%)/i.test(text.slice(end, end + 20)) ? "clock" : null;
      return typesOfOthers.has(before) ? "types" : null;
  }
  if (word.endsWith("mergetree")) return before === "=" ? "types" : null;
  // A name in front: what is called so itself is a table or a domain.
  if (plainTypesOfOthers.has(word)) return typeComes.test(before) ? "types" : null;
  return word.startsWith("@") && (before === "declare" || before === "set") ? "variables" : null;
}

const keyEnds = new Set(["key", "null", "int", "integer", "bigint", "smallint", "tinyint", "unsigned", ")"]);

/** What a clustered index or key is declared with. */
const clusteredComes = new Set(["key", "unique", "create"]);

/** A name has to follow these, and none begins with a bracket. */
const nameComes = new Set([
  "table",
  "view",
  "function",
  "procedure",
  "proc",
  "into",
  "from",
  "on",
  "join",
  "update",
]);

/** SQLite's functions of time: PostgreSQL has none that is called so with what they are told. */
const clocks = new Set(["strftime", "datetime", "julianday", "unixepoch"]);

const typesOfOthers = new Set([
  "nvarchar",
  "varchar2",
  "nvarchar2",
  "number",
  "datetime2",
  "datetime64",
  "getdate",
  "lowcardinality",
  "codec",
]);

const plainTypesOfOthers = new Set([
  "clob",
  "nclob",
  "tinyint",
  "mediumint",
  "uniqueidentifier",
  "longtext",
  "mediumtext",
]);

/** What may stand in front of a column's type: its name, if it is no word of a statement that makes something. */
const typeComes = /^(?!(?:add|domain|type|table|view|function|from|join|as|on|column|select|cast)$)[a-z_]/;

/** What stands in front of a column that is declared. */
const columnComes = new Set(["(", ",", "add", "column"]);

/** What only a column's type is followed by: behind a name it tells the type from an alias. */
const ofColumn = /^\s+(?:not\s+null|null|primary\s+key|unique|default)\b/i;

/** What stands in front of the ON of DROP INDEX i ON t: ours names no table. */
const dropComes = /\bdrop\s+index\s+\S+\s+$/i;

const ofSequence = /\b(?:create|alter)\s+sequence\b/i;

/** Whether AFTER tells where a new column goes: behind another, and the action ends. */
function isPlaceOfColumn(text: string, start: number, end: number): boolean {
  if (!/^\s+\w+\s*[,;]/.test(text.slice(end, end + 80))) return false;
  return /\balter\s+table\b[^;]*\badd\b/i.test(text.slice(text.lastIndexOf(";", start) + 1, start));
}

/** Whether nothing else stands on the line. */
function isAlone(text: string, start: number, end: number): boolean {
  const before = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  const newline = text.indexOf("\n", end);
  const after = text.slice(end, newline === -1 ? text.length : newline);
  return before.trim() === "" && after.trim() === "";
}
