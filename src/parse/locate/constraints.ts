import type { Identifier } from "../../model/name.ts";
import type { Constraint, ForeignKey, KeyConstraint, ReferentialAction } from "../../model/table.ts";
import {
  type Cursor,
  commaSegments,
  hasMark,
  hasWords,
  spanBetween,
  subCursor,
  takeBracket,
  takeWords,
  wordAt,
} from "./cursor.ts";
import { readElement } from "./indexes.ts";
import { isNameAt, readIdentifier, readNameList, readQualifiedName } from "./names.ts";
import { readClause, type Values } from "./values.ts";

/** What may follow any constraint, in any order. */
export interface Attributes {
  notValid?: boolean;
  notEnforced?: boolean;
  deferrable?: boolean;
  initiallyDeferred?: boolean;
  noInherit?: boolean;
}

/** Reads the attributes at the cursor. Null where none stands there. */
export function readAttributes(cursor: Cursor): Attributes | null {
  const found: Attributes = {};
  const from = cursor.at;
  while (readAttribute(cursor, found));
  return cursor.at === from ? null : found;
}

function readAttribute(cursor: Cursor, found: Attributes): boolean {
  if (takeWords(cursor, "not", "valid")) found.notValid = true;
  else if (takeWords(cursor, "not", "enforced")) found.notEnforced = true;
  else if (takeWords(cursor, "not", "deferrable")) found.deferrable = false;
  else if (takeWords(cursor, "deferrable")) found.deferrable = true;
  else if (takeWords(cursor, "initially", "deferred")) {
    // As in the grammar: what is deferred at first is deferrable.
    found.initiallyDeferred = true;
    found.deferrable = true;
  } else if (takeWords(cursor, "no", "inherit")) found.noInherit = true;
  else return takeWords(cursor, "initially", "immediate") || takeWords(cursor, "enforced");
  return true;
}

const starts = new Set(["constraint", "check", "unique", "primary", "foreign", "not"]);

/** Whether an element of CREATE TABLE, or an ADD, is a constraint of the table and not a column. */
export function isTableConstraint(cursor: Cursor): boolean {
  const word = wordAt(cursor);
  if (starts.has(word)) return true;
  // EXCLUDE is not reserved: a column may have that name.
  if (word !== "exclude") return false;
  return wordAt(cursor, cursor.at + 1) === "using" || hasMark(cursor, "(", cursor.at + 1);
}

/** A constraint with its name and attributes, as in CREATE TABLE, ADD CONSTRAINT and CREATE DOMAIN. */
export function readTableConstraint(cursor: Cursor, values: Values): Constraint {
  const from = cursor.at;
  const name = takeWords(cursor, "constraint") ? readIdentifier(cursor) : null;
  const constraint = readConstraint(cursor, values, null, name, from);
  const attributes = readAttributes(cursor);
  return { ...constraint, ...attributes, span: spanBetween(cursor, from, cursor.at) };
}

/**
 * The constraint at the cursor, without the attributes behind it. `column` is the one whose definition it
 * belongs to; `name` and `from` are what CONSTRAINT before it says.
 */
export function readConstraint(
  cursor: Cursor,
  values: Values,
  column: Identifier | null,
  name: Identifier | null,
  from: number,
): Constraint {
  const base = {
    name,
    notValid: false,
    notEnforced: false,
    deferrable: false,
    initiallyDeferred: false,
    noInherit: false,
  };
  const close = () => ({ span: spanBetween(cursor, from, cursor.at), ...base });
  if (takeWords(cursor, "check")) {
    const expression = readClause(values, takeBracket(cursor) ?? subCursor(cursor, cursor.at, cursor.at));
    return { kind: "check", expression, ...close() };
  }
  if (takeWords(cursor, "not", "null")) {
    // A domain's own NOT NULL names no column.
    const target = column ?? (isNameAt(cursor) && !isAttribute(cursor) ? readIdentifier(cursor) : null);
    return {
      kind: "not null",
      column: target ?? { name: "", quoted: false, span: close().span },
      ...close(),
    };
  }
  if (takeWords(cursor, "unique")) return { kind: "unique", ...readKey(cursor, column), ...close() };
  if (takeWords(cursor, "primary", "key")) {
    return { kind: "primary key", ...readKey(cursor, column), ...close() };
  }
  if (takeWords(cursor, "exclude")) {
    const method = takeWords(cursor, "using") ? readIdentifier(cursor).name : "btree";
    const list = takeBracket(cursor);
    const elements = (list === null ? [] : commaSegments(list)).map((each) => readElement(each, values));
    readIndexParameters(cursor);
    const inside = takeWords(cursor, "where") ? takeBracket(cursor) : null;
    return {
      kind: "exclusion",
      method,
      elements,
      where: inside === null ? null : readClause(values, inside),
      ...close(),
    };
  }
  let columns = column === null ? [] : [column];
  if (takeWords(cursor, "foreign", "key")) columns = readKeyColumns(cursor).columns;
  takeWords(cursor, "references");
  return { kind: "foreign key", columns, ...readReferences(cursor), ...close() };
}

function isAttribute(cursor: Cursor): boolean {
  return hasWords(cursor, "not") || hasWords(cursor, "no", "inherit") || hasWords(cursor, "deferrable");
}

type KeyParts = Pick<
  KeyConstraint,
  "columns" | "including" | "usingIndex" | "nullsNotDistinct" | "withoutOverlaps" | "tablespace"
>;

function readKey(cursor: Cursor, column: Identifier | null): KeyParts {
  const nullsNotDistinct = takeWords(cursor, "nulls", "not", "distinct");
  if (!nullsNotDistinct) takeWords(cursor, "nulls", "distinct");
  const isNamed = column === null && !hasWords(cursor, "using", "index");
  const key = isNamed
    ? readKeyColumns(cursor)
    : { columns: column === null ? [] : [column], overlaps: false };
  const { including, tablespace } = readIndexParameters(cursor);
  const usingIndex = column === null && takeWords(cursor, "using", "index") ? readIdentifier(cursor) : null;
  return {
    columns: key.columns,
    including,
    usingIndex,
    nullsNotDistinct,
    withoutOverlaps: key.overlaps,
    tablespace,
  };
}

/** The columns of a key: `(a, b WITHOUT OVERLAPS)`, `(a, PERIOD b)`. */
function readKeyColumns(cursor: Cursor): { columns: Identifier[]; overlaps: boolean } {
  const inside = takeBracket(cursor);
  let overlaps = false;
  const columns = (inside === null ? [] : commaSegments(inside)).map((segment) => {
    if (wordAt(segment) === "period" && segment.end - segment.at > 1) segment.at++;
    const column = readIdentifier(segment);
    if (hasWords(segment, "without", "overlaps")) overlaps = true;
    return column;
  });
  return { columns, overlaps };
}

/** INCLUDE (...) WITH (...) USING INDEX TABLESPACE t. */
function readIndexParameters(cursor: Cursor): { including: Identifier[]; tablespace: Identifier | null } {
  const including = takeWords(cursor, "include") ? readNameList(cursor) : [];
  if (takeWords(cursor, "with")) takeBracket(cursor);
  const tablespace = takeWords(cursor, "using", "index", "tablespace") ? readIdentifier(cursor) : null;
  return { including, tablespace };
}

type Reference = Pick<
  ForeignKey,
  "references" | "referencedColumns" | "onDelete" | "onUpdate" | "onDeleteColumns"
>;

function readReferences(cursor: Cursor): Reference {
  const references = readQualifiedName(cursor);
  const { columns: referencedColumns } = readKeyColumns(cursor);
  if (takeWords(cursor, "match")) cursor.at++;
  let onDelete: ReferentialAction = "no action";
  let onUpdate: ReferentialAction = "no action";
  let onDeleteColumns: Identifier[] = [];
  for (;;) {
    if (takeWords(cursor, "on", "delete")) {
      onDelete = readReferentialAction(cursor);
      onDeleteColumns = readNameList(cursor);
    } else if (takeWords(cursor, "on", "update")) {
      onUpdate = readReferentialAction(cursor);
      readNameList(cursor);
    } else return { references, referencedColumns, onDelete, onUpdate, onDeleteColumns };
  }
}

function readReferentialAction(cursor: Cursor): ReferentialAction {
  if (takeWords(cursor, "cascade")) return "cascade";
  if (takeWords(cursor, "restrict")) return "restrict";
  if (takeWords(cursor, "set", "null")) return "set null";
  if (takeWords(cursor, "set", "default")) return "set default";
  takeWords(cursor, "no", "action");
  return "no action";
}
