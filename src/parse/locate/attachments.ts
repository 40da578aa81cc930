import type { Identifier } from "../../model/name.ts";
import type {
  CreateExtension,
  CreateRule,
  CreateStatistics,
  CreateTrigger,
  Policy,
  Publication,
} from "../../model/statement.ts";
import {
  type Cursor,
  commaSegments,
  hasMark,
  hasWords,
  isDone,
  seekWord,
  spanOfRest,
  step,
  takeBracket,
  takeWords,
  wordAt,
} from "./cursor.ts";
import { takeHead } from "./heads.ts";
import { isNameAt, readIdentifier, readParts, readQualifiedName, readRelation } from "./names.ts";
import type { Values } from "./values.ts";

/** `CREATE [OR REPLACE] [CONSTRAINT] TRIGGER`. */
export function readCreateTrigger(cursor: Cursor, values: Values): CreateTrigger {
  const span = spanOfRest(cursor);
  const from = cursor.at;
  const orReplace = wordAt(cursor, from + 1) === "or";
  const head = takeHead(cursor);
  const isConstraint = wordAt(cursor, cursor.at - 2) === "constraint";
  const name = readIdentifier(cursor);
  const timing = readTiming(cursor);
  const { events, columns } = readEvents(cursor);
  takeWords(cursor, "on");
  const table = readQualifiedName(cursor);
  let referenced: CreateTrigger["from"] = null;
  let forEachRow = false;
  let when: CreateTrigger["when"] = null;
  while (!isDone(cursor) && !hasWords(cursor, "execute")) {
    if (takeWords(cursor, "from")) referenced = readQualifiedName(cursor);
    else if (takeWords(cursor, "for")) {
      takeWords(cursor, "each");
      forEachRow = takeWords(cursor, "row");
    } else if (takeWords(cursor, "when")) {
      when = values.expression();
      takeBracket(cursor);
    } else step(cursor);
  }
  cursor.at += 2;
  const called = readParts(cursor).map((part) => part.name);
  return {
    kind: "create trigger",
    span,
    head,
    name,
    table,
    orReplace,
    isConstraint,
    timing,
    events,
    columns,
    forEachRow,
    when,
    function: called,
    from: referenced,
  };
}

function readTiming(cursor: Cursor): CreateTrigger["timing"] {
  if (takeWords(cursor, "instead", "of")) return "instead of";
  if (takeWords(cursor, "before")) return "before";
  takeWords(cursor, "after");
  return "after";
}

function readEvents(cursor: Cursor): Pick<CreateTrigger, "events" | "columns"> {
  const events: CreateTrigger["events"][number][] = [];
  const columns: Identifier[] = [];
  while (!isDone(cursor) && !hasWords(cursor, "on")) {
    const word = wordAt(cursor);
    cursor.at++;
    if (word === "insert" || word === "update" || word === "delete" || word === "truncate") events.push(word);
    if (word !== "update" || !takeWords(cursor, "of")) continue;
    do columns.push(readIdentifier(cursor));
    while (takeComma(cursor));
  }
  return { events, columns };
}

function takeComma(cursor: Cursor): boolean {
  if (!hasMark(cursor, ",")) return false;
  cursor.at++;
  return true;
}

/** `CREATE [OR REPLACE] RULE`. */
export function readCreateRule(cursor: Cursor): CreateRule {
  const span = spanOfRest(cursor);
  const orReplace = wordAt(cursor, cursor.at + 1) === "or";
  const head = takeHead(cursor);
  const name = readIdentifier(cursor);
  seekWord(cursor, "to");
  cursor.at++;
  return { kind: "create rule", span, head, name, table: readQualifiedName(cursor), orReplace };
}

/** `CREATE POLICY` and `ALTER POLICY`. */
export function readPolicy(cursor: Cursor, values: Values): Policy {
  const span = spanOfRest(cursor);
  const kind = hasWords(cursor, "alter") ? "alter policy" : "create policy";
  const head = takeHead(cursor);
  const name = readIdentifier(cursor);
  takeWords(cursor, "on");
  const table = readQualifiedName(cursor);
  let using: Policy["using"] = null;
  let withCheck: Policy["withCheck"] = null;
  while (!isDone(cursor)) {
    if (takeWords(cursor, "using")) using = values.expression();
    else if (takeWords(cursor, "with", "check")) withCheck = values.expression();
    else step(cursor);
  }
  return { kind, span, head, name, table, using, withCheck };
}

/** `CREATE EXTENSION`. */
export function readCreateExtension(cursor: Cursor): CreateExtension {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  takeWords(cursor, "if", "not", "exists");
  const name = readIdentifier(cursor);
  const schema = seekWord(cursor, "schema") && ++cursor.at > 0 ? readIdentifier(cursor) : null;
  return { kind: "create extension", span, head, name, schema };
}

/** `CREATE STATISTICS`. */
export function readCreateStatistics(cursor: Cursor): CreateStatistics {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  takeWords(cursor, "if", "not", "exists");
  const isNamed = isNameAt(cursor) && !hasWords(cursor, "on");
  const name = isNamed ? readQualifiedName(cursor) : null;
  const table = seekWord(cursor, "from") && ++cursor.at > 0 ? readRelation(cursor).table : null;
  return { kind: "create statistics", span, head, name, table };
}

/** The tables of a publication: what stands behind TABLE, but not behind TABLES IN SCHEMA. */
export function readPublication(cursor: Cursor): Publication {
  const span = spanOfRest(cursor);
  const kind = hasWords(cursor, "alter") ? "alter publication" : "create publication";
  const head = takeHead(cursor);
  const name = readIdentifier(cursor);
  const tables: Publication["tables"][number][] = [];
  const isList = seekWord(cursor, "table", "tables", "all") && !hasWords(cursor, "all");
  let isOfTables = false;
  for (const segment of isList ? commaSegments(cursor) : []) {
    if (hasWords(segment, "tables", "in", "schema")) isOfTables = false;
    else if (takeWords(segment, "table")) isOfTables = true;
    if (isOfTables) tables.push(readRelation(segment).table);
  }
  return { kind, span, head, name, tables };
}
