import { joinColumnNames, makeObjectName } from "../../src/analysis/schema/naming.ts";
import { nameOf, quoteLiteral, quoteName } from "../../src/sql/names.ts";
import type { Token } from "../../src/sql/token.ts";
import { tokenize } from "../../src/sql/tokens.ts";

/** Other names for those of a migration: each must be another one, and no two may be the same. */
export interface NewNames {
  readonly id: string;
  /** Whether {@link restored} finds the old names again. */
  readonly isRestorable: boolean;
  /** What a name becomes; `index` counts the names of a text. */
  rename(name: string, index: number): string;
}

const mark = " Xy";
const dots = '."Z';

/** As long as a name can be, and different at the front, since PostgreSQL cuts what it puts together behind. */
function atFullLength(name: string): string {
  return `${name}_`.padEnd(63, "and_so_on_");
}

const reserved = (
  "order user select table group where from column primary references check default limit offset union window grant analyze " +
  "array all any case cast collate constraint create desc distinct do else end except false fetch for foreign having in " +
  "initially intersect into lateral leading not null on only or placing returning some symmetric then to trailing true " +
  "unique using variadic when with asc and as both localtime session_user"
).split(" ");

export const newNames: readonly NewNames[] = [
  { id: "capitals and spaces", isRestorable: true, rename: (name) => `${name}${mark}` },
  { id: "dots and quotes", isRestorable: true, rename: (name) => `${name}${dots}` },
  { id: "63 bytes", isRestorable: false, rename: atFullLength },
  { id: "reserved words", isRestorable: false, rename: (name, index) => reserved[index] ?? `${name} ` },
];

/** The text with its old names again, as far as it can be told. */
export function restored(text: string): string {
  return text
    .replaceAll('.""Z', "")
    .replaceAll(dots, "")
    .replaceAll(mark, "")
    .replaceAll(/"([a-z_][a-z0-9_]*)"/g, (whole, name: string) => (quoteName(name) === name ? name : whole));
}

const generated = /^(.+?)_(key|pkey|fkey|check|idx|excl|seq|not_null)(\d*)$/;

/** The words that are the server's own. */
export const BUILT_IN = `
SELECT word FROM pg_get_keywords() UNION SELECT proname FROM pg_proc UNION SELECT typname FROM pg_type
UNION SELECT relname FROM pg_class UNION SELECT attname FROM pg_attribute WHERE attrelid < 16384
UNION SELECT nspname FROM pg_namespace UNION SELECT amname FROM pg_am UNION SELECT opcname FROM pg_opclass
UNION SELECT collname FROM pg_collation UNION SELECT lanname FROM pg_language UNION SELECT cfgname FROM pg_ts_config
UNION SELECT split_part(name, '.', 1) FROM pg_settings UNION SELECT rolname FROM pg_roles`;

/** Those that no catalog has: of PL/pgSQL, of partition bounds, of options, and types that are none. */
export const otherBuiltIn =
  "serial bigserial smallserial list hash modulus remainder fillfactor fastupdate deduplicate_items buffering pages_per_range autosummarize parallel_workers toast_tuple_target user_catalog_table loop raise notice exception found elsif elseif exit continue perform diagnostics".split(
    " ",
  );

/**
 * The text with other names for all that is not the server's own. `isBuiltIn` is told names in lower case; `whole` has all
 * names, where the text is only a part of a migration.
 */
export function mutateNames(
  text: string,
  { rename }: NewNames,
  isBuiltIn: (name: string) => boolean,
  whole = text,
): string {
  const names = new Map<string, string>();
  const collected: string[] = [];
  collect(whole);
  if (whole !== text) collect(text);
  for (const name of collected) if (!names.has(name)) names.set(name, rename(name, names.size));
  // What the server names itself follows from the names of the table and its columns.
  for (const name of collected) {
    const [, stem = "", label = "", number = ""] = generated.exec(name) ?? [];
    const table = collected
      .filter((one) => stem === one || stem.startsWith(`${one}_`))
      .sort((a, b) => b.length - a.length)[0];
    if (table === undefined) continue;
    const rest = stem.slice(table.length + 1);
    const columns = rest === "" ? [] : columnsOf(rest);
    if (columns === null) continue;
    const middle = columns.length === 0 ? null : joinColumnNames(columns.map((one) => names.get(one) ?? one));
    names.set(name, makeObjectName(names.get(table) ?? table, middle, `${label}${number}`));
  }
  return changed(text);

  function isName(token: Token, of: string): boolean {
    if (token.kind === "quoted")
      return !of.startsWith("U&", token.start) && !of.startsWith("u&", token.start);
    return token.kind === "word" && !isBuiltIn(of.slice(token.start, token.end).toLowerCase());
  }

  function collect(part: string): void {
    for (const token of tokenize(part)) {
      const raw = part.slice(token.start, token.end);
      if (isName(token, part)) {
        if (!isBuiltIn(nameOf(part, token))) collected.push(nameOf(part, token));
      } else if (token.kind === "string") {
        const body = bodyOf(raw);
        if (body !== null) collect(body.text);
      }
    }
  }

  function columnsOf(rest: string): string[] | null {
    if (names.has(rest) || isBuiltIn(rest)) return [rest];
    for (let at = rest.indexOf("_"); at > 0; at = rest.indexOf("_", at + 1)) {
      const first = rest.slice(0, at);
      if (!names.has(first) && !isBuiltIn(first)) continue;
      const others = columnsOf(rest.slice(at + 1));
      if (others !== null) return [first, ...others];
    }
    return null;
  }

  function changed(part: string): string {
    let result = "";
    let at = 0;
    for (const token of tokenize(part)) {
      result += part.slice(at, token.start);
      at = token.end;
      const raw = part.slice(token.start, token.end);
      const other = isName(token, part) ? names.get(nameOf(part, token)) : undefined;
      if (other !== undefined) result += quoteName(other);
      else if (token.kind === "string") result += changedString(raw);
      else if (token.kind === "comment") result += changedComment(raw);
      else result += raw;
    }
    return result + part.slice(at);
  }

  function changedString(raw: string): string {
    const body = bodyOf(raw);
    if (body !== null) return `${body.before}${changed(body.text)}${body.after}`;
    const words = /^'([A-Za-z_][\w.]*)'$/.exec(raw)?.[1]?.split(".");
    if (words === undefined || !words.some((word) => names.has(word))) return raw;
    return quoteLiteral(words.map((word) => quoteName(names.get(word) ?? word)).join("."));
  }

  function changedComment(raw: string): string {
    const [, before = "", tables] = /^(-- tables: )(.+)$/.exec(raw) ?? [];
    if (tables === undefined) return raw;
    const entries = Object.entries(JSON.parse(tables) as Record<string, unknown>);
    const other = entries.map(([key, value]) => [
      key
        .split(".")
        .map((word) => quoteName(names.get(word) ?? word))
        .join("."),
      value,
    ]);
    return before + JSON.stringify(Object.fromEntries(other));
  }
}

/** What stands in dollar quotes, or an SQL statement in single ones. */
function bodyOf(raw: string): { before: string; text: string; after: string } | null {
  const dollars = /^(\$\w*\$)(.*)\1$/s.exec(raw);
  if (dollars !== null) return { before: dollars[1] ?? "", text: dollars[2] ?? "", after: dollars[1] ?? "" };
  const quoted = /^'((?:select|insert|update|delete|alter|create|drop|truncate) [^']*)'$/is.exec(raw);
  return quoted === null ? null : { before: "'", text: quoted[1] ?? "", after: "'" };
}
