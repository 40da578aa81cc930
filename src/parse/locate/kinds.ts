import type { AlterDomain, AlterEnum, AlterType, CreateDomain, CreateType } from "../../model/statement.ts";
import { readColumn, readColumnClauses } from "./columns.ts";
import { readTableConstraint } from "./constraints.ts";
import {
  type Cursor,
  commaSegments,
  hasMark,
  hasWords,
  isDone,
  spanOfRest,
  takeBracket,
  takeWords,
  wordAt,
} from "./cursor.ts";
import { takeHead } from "./heads.ts";
import { readIdentifier, readQualifiedName } from "./names.ts";
import { readString } from "./strings.ts";
import { readType } from "./types.ts";
import { readClause, type Values } from "./values.ts";

/** CREATE TYPE in its five forms. */
export function readCreateType(cursor: Cursor, values: Values): CreateType {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  const type = readQualifiedName(cursor);
  const base = { kind: "create type" as const, span, head, type };
  if (takeWords(cursor, "as", "enum")) {
    const inside = takeBracket(cursor);
    const labels = (inside === null ? [] : commaSegments(inside)).map(readString);
    return { form: "enum", ...base, values: labels, attributes: [] };
  }
  if (takeWords(cursor, "as", "range")) return { form: "range", ...base, values: [], attributes: [] };
  if (takeWords(cursor, "as")) {
    const inside = takeBracket(cursor);
    const attributes = (inside === null ? [] : commaSegments(inside)).map((each) => readColumn(each, values));
    return { form: "composite", ...base, values: [], attributes };
  }
  return { form: hasMark(cursor, "(") ? "base" : "shell", ...base, values: [], attributes: [] };
}

/** ALTER TYPE ... ADD VALUE and RENAME VALUE. */
export function readAlterEnum(cursor: Cursor): AlterEnum {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  const type = readQualifiedName(cursor);
  const base = { kind: "alter enum" as const, span, head, type };
  if (takeWords(cursor, "rename", "value")) {
    const value = readString(cursor);
    takeWords(cursor, "to");
    const newName = readString(cursor);
    return { action: "rename value", ...base, value, newName, ifNotExists: false, position: null };
  }
  takeWords(cursor, "add", "value");
  const ifNotExists = takeWords(cursor, "if", "not", "exists");
  const value = readString(cursor);
  const before = takeWords(cursor, "before");
  const hasPosition = before || takeWords(cursor, "after");
  const position = hasPosition ? { before, neighbour: readString(cursor) } : null;
  return { action: "add value", ...base, value, newName: null, ifNotExists, position };
}

/** ALTER TYPE of composite and base types. */
export function readAlterType(cursor: Cursor): AlterType {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  const type = readQualifiedName(cursor);
  return { kind: "alter type", span, head, type, cascade: wordAt(cursor, cursor.end - 1) === "cascade" };
}

/** `CREATE DOMAIN`. */
export function readCreateDomain(cursor: Cursor, values: Values): CreateDomain {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  const domain = readQualifiedName(cursor);
  takeWords(cursor, "as");
  const type = readType(cursor);
  const clauses = readColumnClauses(cursor, values, null);
  return {
    kind: "create domain",
    span,
    head,
    domain,
    type,
    default: clauses.default,
    notNull: clauses.notNull !== null,
    constraints: clauses.constraints,
  };
}

/** `ALTER DOMAIN`, its constraints and default. */
export function readAlterDomain(cursor: Cursor, values: Values): AlterDomain {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  const domain = readQualifiedName(cursor);
  const base = { kind: "alter domain" as const, span, head, domain };
  const none = { constraint: null, name: null, cascade: false };
  if (takeWords(cursor, "set", "not", "null")) return { action: "set not null", ...base, ...none };
  if (takeWords(cursor, "drop", "not", "null")) return { action: "drop not null", ...base, ...none };
  if (takeWords(cursor, "drop", "default")) return { action: "drop default", ...base, ...none };
  if (takeWords(cursor, "set", "default")) {
    // The new default changes no row: only that it was parsed counts.
    readClause(values, cursor);
    return { action: "set default", ...base, ...none };
  }
  if (takeWords(cursor, "add")) {
    const constraint = readTableConstraint(cursor, values);
    return { action: "add constraint", ...base, constraint, name: constraint.name, cascade: false };
  }
  const action = hasWords(cursor, "validate") ? "validate constraint" : "drop constraint";
  cursor.at += 2;
  takeWords(cursor, "if", "exists");
  const name = readIdentifier(cursor);
  return {
    action,
    ...base,
    constraint: null,
    name,
    cascade: !isDone(cursor) && takeWords(cursor, "cascade"),
  };
}
