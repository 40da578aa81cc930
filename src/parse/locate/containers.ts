import type { Call } from "../../model/expression.ts";
import type {
  CallStatement,
  CopyStatement,
  CreateSchema,
  Explain,
  Grant,
  ObjectType,
  OtherStatement,
  Prepare,
  Statement,
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
  subCursor,
  takeBracket,
  takeWords,
  wordAt,
} from "./cursor.ts";
import { takeHead } from "./heads.ts";
import { isSwitchedOff } from "./maintenance.ts";
import { isNameAt, readIdentifier, readNameList, readQualifiedName } from "./names.ts";
import { readObjectType } from "./objects.ts";
import type { Values } from "./values.ts";

/** Reads a statement inside another one, at its own place. */
type ReadInner = (at: Cursor) => Statement;

/** `EXPLAIN`, with the statement that it explains. */
export function readExplain(cursor: Cursor, inner: ReadInner): Explain {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  let analyze = false;
  if (hasMark(cursor, "(") && !isQuery(cursor)) analyze = readAnalyze(takeBracket(cursor));
  for (
    let word = wordAt(cursor);
    word === "analyze" || word === "analyse" || word === "verbose";
    word = wordAt(cursor)
  ) {
    if (word !== "verbose") analyze = true;
    cursor.at++;
  }
  return { kind: "explain", span, head, analyze, statement: inner(cursor) };
}

/** EXPLAIN (SELECT 1): the bracket is the query, not the options. */
function isQuery(cursor: Cursor): boolean {
  return ["select", "with", "values", "table", ""].includes(wordAt(cursor, cursor.at + 1));
}

function readAnalyze(inside: Cursor | null): boolean {
  let analyze = false;
  for (const segment of inside === null ? [] : commaSegments(inside)) {
    const { name } = readIdentifier(segment);
    if (name !== "analyze" && name !== "analyse") continue;
    analyze = isDone(segment) || !isSwitchedOff(segment);
  }
  return analyze;
}

/** `PREPARE`, with the statement that it prepares. */
export function readPrepare(cursor: Cursor, inner: ReadInner): Prepare {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  const { name } = readIdentifier(cursor);
  takeBracket(cursor);
  takeWords(cursor, "as");
  return { kind: "prepare", span, head, name, statement: inner(cursor) };
}

const sessionRoles = ["current_user", "current_role", "session_user"] as const;

/** CREATE SCHEMA with the statements inside it; each begins at a CREATE or GRANT of its own. */
export function readCreateSchema(cursor: Cursor, inner: ReadInner): CreateSchema {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  const ifNotExists = takeWords(cursor, "if", "not", "exists");
  // Without a name of its own it is called after its owner.
  const isOwners = takeWords(cursor, "authorization");
  const isSession = isOwners && sessionRoles.some((word) => hasWords(cursor, word));
  const schema = isSession ? null : readIdentifier(cursor);
  const starts: number[] = [];
  for (; !isDone(cursor); step(cursor)) {
    const word = wordAt(cursor);
    // GRANT CREATE, SELECT and WITH GRANT OPTION begin nothing.
    const before = wordAt(cursor, cursor.at - 1);
    if (word !== "create" && word !== "grant") continue;
    if (before !== "grant" && before !== "with" && !hasMark(cursor, ",", cursor.at - 1))
      starts.push(cursor.at);
  }
  const elements = starts.map((start, k) => inner(subCursor(cursor, start, starts[k + 1] ?? cursor.end)));
  return { kind: "create schema", span, head, schema, ifNotExists, elements };
}

/** `COPY`, to or from, of a table or a query. */
export function readCopy(cursor: Cursor, values: Values): CopyStatement {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  takeWords(cursor, "binary");
  const inside = hasMark(cursor, "(") ? takeBracket(cursor) : null;
  if (inside !== null) {
    const query = values.change(inside);
    return { kind: "copy", span, head, table: null, columns: [], direction: "to", query };
  }
  const table = readQualifiedName(cursor);
  const columns = readNameList(cursor);
  const direction = seekWord(cursor, "from", "to") && hasWords(cursor, "from") ? "from" : "to";
  return { kind: "copy", span, head, table, columns, direction, query: null };
}

/** `CALL`; the call itself comes from the parser. */
export function readCall(cursor: Cursor, call: Call): CallStatement {
  const span = spanOfRest(cursor);
  return { kind: "call", span, head: takeHead(cursor), call };
}

/** `GRANT` and `REVOKE`, of rights or of roles. */
export function readGrant(cursor: Cursor): Grant {
  const span = spanOfRest(cursor);
  const kind = hasWords(cursor, "grant") ? "grant" : "revoke";
  const head = takeHead(cursor);
  const granted = subCursor(cursor, cursor.at, cursor.end);
  if (!seekWord(cursor, "on", kind === "grant" ? "to" : "from") || !hasWords(cursor, "on")) {
    return { kind, span, head, object: "role", names: readRoles(subCursor(granted, granted.at, cursor.at)) };
  }
  cursor.at++;
  const object = readGranted(cursor);
  const from = cursor.at;
  seekWord(cursor, kind === "grant" ? "to" : "from");
  const names = commaSegments(subCursor(cursor, from, cursor.at))
    .filter((segment) => isNameAt(segment))
    .map(readQualifiedName);
  return { kind, span, head, object, names };
}

function readRoles(cursor: Cursor): Grant["names"] {
  const option = wordAt(cursor, cursor.at + 1) === "option" && wordAt(cursor, cursor.at + 2) === "for";
  if (option) cursor.at += 3;
  return commaSegments(cursor).map(readQualifiedName);
}

function readGranted(cursor: Cursor): Grant["object"] {
  if (takeWords(cursor, "all", "tables", "in", "schema")) return "all tables";
  if (takeWords(cursor, "all", "sequences", "in", "schema")) return "all sequences";
  for (const routines of ["functions", "procedures", "routines"]) {
    if (takeWords(cursor, "all", routines, "in", "schema")) return "all functions";
  }
  const from = cursor.at;
  const object: ObjectType | null = readObjectType(cursor);
  // `ON sequence TO x`, `ON parameter, b TO x`: the word was the table's name.
  const isName = hasWords(cursor, "to") || hasWords(cursor, "from") || hasMark(cursor, ",");
  if (object !== null && !isName && (isNameAt(cursor) || object === "other")) return object;
  cursor.at = from;
  return "table";
}

/** A statement that nothing in the model tells more of than its name. */
export function readOther(cursor: Cursor, command: string): OtherStatement {
  const span = spanOfRest(cursor);
  return { kind: "other", span, head: takeHead(cursor), command };
}
