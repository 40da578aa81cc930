import type { Token } from "./token.ts";

/** PostgreSQL cuts names to this many bytes, with a notice that nobody reads. */
export const MAX_NAME_BYTES = 63;

/**
 * The name that a word or quoted token stands for, not cut: unquoted ASCII letters are folded to lower
 * case, doubled quotes become one, `U&"\0061"` is decoded; `mark` is what UESCAPE behind it says.
 */
export function nameOf(text: string, token: Token, mark = "\\"): string {
  const raw = tokenText(text, token);
  if (token.kind !== "quoted") return foldName(raw);
  const isUnicode = raw.charCodeAt(0) !== 34;
  const body = raw.slice(isUnicode ? 3 : 1, -1).replaceAll('""', '"');
  return isUnicode ? decodeUnicodeEscapes(body, mark) : body;
}

/** The text of a token. One that stands in for a placeholder is as wide as that, filled up with spaces. */
export function tokenText(text: string, token: Token): string {
  const raw = text.slice(token.start, token.end);
  return raw.charCodeAt(raw.length - 1) === 32 ? raw.trimEnd() : raw;
}

/** Folds as the server does: ASCII only. */
export function foldName(name: string): string {
  let at = 0;
  while (at < name.length && !isCapital(name.charCodeAt(at))) at++;
  if (at === name.length) return name;
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

function decodeUnicodeEscapes(body: string, mark: string): string {
  let result = "";
  for (let at = 0; at < body.length; ) {
    if (body[at] !== mark) result += body[at++] ?? "";
    else if (body[at + 1] === mark) {
      result += mark;
      at += 2;
    } else {
      const isLong = body[at + 1] === "+";
      const digits = isLong ? body.slice(at + 2, at + 8) : body.slice(at + 1, at + 5);
      const code = Number.parseInt(digits, 16);
      // Surrogate pairs are written as two escapes: the two units join by themselves.
      result +=
        code <= 0x10ffff ? (code < 0x10000 ? String.fromCharCode(code) : String.fromCodePoint(code)) : "";
      at += isLong ? 8 : 5;
    }
  }
  return result;
}

/** What the server makes of a name: cut at 63 bytes of UTF-8, never inside a character. */
export function truncateName(name: string): string {
  if (name.length * 3 <= MAX_NAME_BYTES || (name.length <= MAX_NAME_BYTES && isAscii(name))) return name;
  let bytes = 0;
  let result = "";
  for (const character of name) {
    bytes += byteLength(character);
    if (bytes > MAX_NAME_BYTES) return result;
    result += character;
  }
  return name;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** The length in UTF-8 bytes: what the server counts where it cuts names. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** The words that PostgreSQL 18 reserves: as a name they need quotes. */
const reservedWords = new Set(
  (
    "all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char " +
    "character check coalesce collate collation column concurrently constraint create cross current_catalog current_date " +
    "current_role current_schema current_time current_timestamp current_user dec decimal default deferrable desc distinct do " +
    "else end except exists extract false fetch float for foreign freeze from full grant greatest group grouping having ilike in " +
    "initially inner inout int integer intersect interval into is isnull join json json_array json_arrayagg json_exists " +
    "json_object json_objectagg json_query json_scalar json_serialize json_table json_value lateral leading least left like " +
    "limit localtime localtimestamp merge_action national natural nchar none normalize not notnull null nullif numeric offset on " +
    "only or order out outer overlaps overlay placing position precision primary real references returning right row select " +
    "session_user setof similar smallint some substring symmetric system_user table tablesample then time timestamp to trailing " +
    "treat trim true union unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat " +
    "xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable"
  ).split(" "),
);

/** The name as SQL: quoted only where it has to be. */
export function quoteName(name: string): string {
  if (/^[a-z_][a-z0-9_]*$/.test(name) && !reservedWords.has(name)) return name;
  return `"${name.replaceAll('"', '""')}"`;
}

/** A name in its schema as SQL: `public.orders`, `public."Order Lines"`. */
export function qualifyName(schema: string, name: string): string {
  return `${quoteName(schema)}.${quoteName(name)}`;
}

/** The parts of a name of a collation or an operator class as SQL; `pg_catalog` goes without saying. */
export function joinNames(parts: readonly string[]): string {
  const own = parts.length > 1 && parts[0] === "pg_catalog" ? parts.slice(1) : parts;
  return own.map(quoteName).join(".");
}

/** What `qualifyName` put together. */
export function splitQualified(qualified: string): { readonly schema: string; readonly name: string } {
  const [, schema = "", name = ""] = /^("(?:[^"]|"")*"|[^".]*)\.(.*)$/s.exec(qualified) ?? [
    "",
    "",
    qualified,
  ];
  return { schema: unquoteName(schema), name: unquoteName(name) };
}

function unquoteName(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

/** The text as an SQL string literal. */
export function quoteLiteral(text: string): string {
  const doubled = text.replaceAll("'", "''");
  return doubled.includes("\\") ? ` E'${doubled.replaceAll("\\", "\\\\")}'`.trimStart() : `'${doubled}'`;
}
