import type { Identifier, QualifiedName } from "../../model/name.ts";
import { joinNames, nameOf, truncateName } from "../../sql/names.ts";
import { isNameToken } from "../../sql/tokens.ts";
import {
  type Cursor,
  commaSegments,
  hasMark,
  spanBetween,
  takeBracket,
  takeMark,
  takeWords,
  tokenAt,
  wordAt,
} from "./cursor.ts";

/** What a reader gives where the name that must stand there does not: the rest of the model stays usable. */
function nameless(cursor: Cursor): Identifier {
  return { name: "", quoted: false, span: spanBetween(cursor, cursor.at, cursor.at + 1) };
}

/** Whether a name could stand at the index: an unquoted or quoted one. */
export function isNameAt(cursor: Cursor, index = cursor.at): boolean {
  return isNameToken(tokenAt(cursor, index));
}

/** The name at the cursor, which moves behind it. A number or a string stands for itself (ALTER INDEX ... ALTER COLUMN 1). */
export function readIdentifier(cursor: Cursor): Identifier {
  const token = tokenAt(cursor);
  if (token === undefined) return nameless(cursor);
  const from = cursor.at++;
  const quoted = token.kind === "quoted";
  if (!quoted && token.kind !== "word") {
    const raw = cursor.text.slice(token.start, token.end);
    const name = token.kind === "string" ? raw.slice(1, -1).replaceAll("''", "'") : raw;
    return { name, quoted: token.kind === "string", span: { start: token.start, end: token.end } };
  }
  let mark = "\\";
  if (quoted && wordAt(cursor) === "uescape") {
    const value = tokenAt(cursor, cursor.at + 1);
    if (value !== undefined) mark = cursor.text[value.start + 1] ?? mark;
    cursor.at = Math.min(cursor.at + 2, cursor.end);
  }
  const name = truncateName(nameOf(cursor.text, token, mark));
  return { name, quoted, span: spanBetween(cursor, from, cursor.at) };
}

/** The next tokens that spell a name with dots: its parts, first to last. */
export function readParts(cursor: Cursor): Identifier[] {
  const parts = [readIdentifier(cursor)];
  while (hasMark(cursor, ".") && isNameAt(cursor, cursor.at + 1)) {
    cursor.at++;
    parts.push(readIdentifier(cursor));
  }
  return parts;
}

/** A name that may carry its schema (a database before it is left out, but for the span). */
export function readQualifiedName(cursor: Cursor): QualifiedName {
  return qualify(cursor, readParts(cursor));
}

function qualify(cursor: Cursor, parts: readonly Identifier[]): QualifiedName {
  const name = parts[parts.length - 1] ?? nameless(cursor);
  const schema = parts[parts.length - 2] ?? null;
  const first = parts[0] ?? name;
  return { schema, name, span: { start: first.span.start, end: name.span.end } };
}

/** `schema.table.column`: the last part, and what it belongs to (null where nothing stands before it). */
export function readMember(cursor: Cursor): { owner: QualifiedName | null; member: Identifier } {
  const parts = readParts(cursor);
  const member = parts.pop() ?? nameless(cursor);
  return { owner: parts.length === 0 ? null : qualify(cursor, parts), member };
}

/** A relation as in FROM: the name with its `*`, ONLY and ONLY (...) taken off. */
export function readRelation(cursor: Cursor): { table: QualifiedName; only: boolean } {
  if (wordAt(cursor) === "only") {
    cursor.at++;
    const inside = takeBracket(cursor);
    return { table: readQualifiedName(inside ?? cursor), only: true };
  }
  const table = readQualifiedName(cursor);
  takeMark(cursor, "*");
  return { table, only: false };
}

/** A collation, an operator class: the name with its schema, as SQL. */
export function readDottedName(cursor: Cursor): string {
  return joinNames(readParts(cursor).map((part) => part.name));
}

/** The first name of each comma segment of the bracket at the cursor; empty where no bracket opens. */
export function readNameList(cursor: Cursor): Identifier[] {
  const inside = takeBracket(cursor);
  return inside === null ? [] : commaSegments(inside).map(readIdentifier);
}

/** The names between the commas of a whole stretch. */
export function readQualifiedNames(cursor: Cursor): QualifiedName[] {
  return commaSegments(cursor).map((segment) => readRelation(segment).table);
}

/** The collation behind COLLATE, if it stands here. */
export function readCollation(cursor: Cursor): string | null {
  return takeWords(cursor, "collate") ? readDottedName(cursor) : null;
}
