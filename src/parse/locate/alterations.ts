import type { QualifiedName } from "../../model/name.ts";
import type {
  AlterExtensionMember,
  AlterOwner,
  CommentOn,
  Drop,
  ObjectType,
  Rename,
  SetSchema,
} from "../../model/statement.ts";
import {
  type Cursor,
  commaSegments,
  hasMark,
  seekWord,
  spanOfRest,
  subCursor,
  takeBracket,
  takeWords,
  wordAt,
} from "./cursor.ts";
import { takeHead } from "./heads.ts";
import { isNameAt, readIdentifier, readMember, readQualifiedName, readRelation } from "./names.ts";
import { isOnTable, readObjectType } from "./objects.ts";

/** Whether the statement ends in CASCADE, and that is not a name. */
export function isCascade(cursor: Cursor): boolean {
  const last = cursor.end - 1;
  return last > cursor.at && wordAt(cursor, last) === "cascade" && !hasMark(cursor, ",", last - 1);
}

/** DROP of anything that has a name. */
export function readDropStatement(cursor: Cursor): Drop {
  const span = spanOfRest(cursor);
  const head = takeHead(subCursor(cursor, cursor.at, cursor.end));
  cursor.at++;
  const object = readObjectType(cursor) ?? "other";
  const concurrently = takeWords(cursor, "concurrently");
  const ifExists = takeWords(cursor, "if", "exists");
  const cascade = isCascade(cursor);
  const names: QualifiedName[] = [];
  let on: QualifiedName | null = null;
  for (const segment of commaSegments(cursor)) {
    if (!isNameAt(segment)) continue;
    names.push(readQualifiedName(segment));
    if (isOnTable(object) && takeWords(segment, "on")) on = readQualifiedName(segment);
  }
  return { kind: "drop", span, head, object, names, on, ifExists, cascade, concurrently };
}

/** The start of ALTER <object> <name>, which RENAME, SET SCHEMA, OWNER TO and DEPENDS ON share. */
function readAltered(cursor: Cursor): {
  object: ObjectType;
  ifExists: boolean;
  name: QualifiedName;
  on: QualifiedName | null;
} {
  cursor.at++;
  const object = readObjectType(cursor) ?? "other";
  const ifExists = takeWords(cursor, "if", "exists");
  const name = readRelation(cursor).table;
  takeBracket(cursor);
  const on = isOnTable(object) && takeWords(cursor, "on") ? readRelation(cursor).table : null;
  return { object, ifExists, name, on };
}

/** Every form of RENAME, but for the values of an enum. */
export function readRename(cursor: Cursor): Rename {
  const span = spanOfRest(cursor);
  const head = takeHead(subCursor(cursor, cursor.at, cursor.end));
  const altered = readAltered(cursor);
  const { ifExists, name } = altered;
  seekWord(cursor, "rename");
  cursor.at++;
  const base = { kind: "rename" as const, span, head, ifExists };
  if (takeWords(cursor, "to")) {
    const to = readIdentifier(cursor);
    if (altered.on === null) return { object: altered.object, ...base, target: name, part: null, to };
    return { object: altered.object, ...base, target: altered.on, part: name.name, to };
  }
  let object: ObjectType = "column";
  if (takeWords(cursor, "constraint")) {
    object = altered.object === "domain" ? "domain constraint" : "constraint";
  } else if (takeWords(cursor, "attribute")) object = "attribute";
  else takeWords(cursor, "column");
  const part = readIdentifier(cursor);
  takeWords(cursor, "to");
  return { object, ...base, target: name, part, to: readIdentifier(cursor) };
}

/** `ALTER object name SET SCHEMA name`. */
export function readSetSchema(cursor: Cursor): SetSchema {
  const span = spanOfRest(cursor);
  const head = takeHead(subCursor(cursor, cursor.at, cursor.end));
  const { object, name, ifExists } = readAltered(cursor);
  while (seekWord(cursor, "set") && !takeWords(cursor, "set", "schema")) cursor.at++;
  return { kind: "set schema", span, head, object, target: name, to: readIdentifier(cursor), ifExists };
}

/** `ALTER object name OWNER TO role`. */
export function readAlterOwner(cursor: Cursor): AlterOwner {
  const span = spanOfRest(cursor);
  const head = takeHead(subCursor(cursor, cursor.at, cursor.end));
  const { object, name } = readAltered(cursor);
  return { kind: "alter owner", span, head, object, target: name };
}

/** `ALTER object name [NO] DEPENDS ON EXTENSION name`. */
export function readDepends(cursor: Cursor): AlterExtensionMember {
  const span = spanOfRest(cursor);
  const head = takeHead(subCursor(cursor, cursor.at, cursor.end));
  const { object, name, on } = readAltered(cursor);
  return { kind: "alter object depends", span, head, object, target: on ?? name };
}

/** `COMMENT ON object name IS text`. */
export function readComment(cursor: Cursor): CommentOn {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  const object = readObjectType(cursor) ?? "other";
  return { kind: "comment", span, head, object, target: readCommented(cursor, object) };
}

function readCommented(cursor: Cursor, object: ObjectType): QualifiedName | null {
  if (!isNameAt(cursor)) return null;
  if (object === "column") return readMember(cursor).owner;
  const name = readQualifiedName(cursor);
  if (!isOnTable(object) || !takeWords(cursor, "on")) return name;
  takeWords(cursor, "domain");
  return readQualifiedName(cursor);
}
