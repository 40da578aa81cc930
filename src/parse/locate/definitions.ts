import type {
  AlterSequence,
  CreateSequence,
  CreateTableAs,
  CreateView,
  RefreshMaterializedView,
} from "../../model/statement.ts";
import {
  type Cursor,
  hasMark,
  hasWords,
  isDone,
  spanOfRest,
  step,
  subCursor,
  takeWords,
  wordAt,
} from "./cursor.ts";
import { takeHead } from "./heads.ts";
import { readIdentifier, readMember, readNameList, readQualifiedName } from "./names.ts";
import { readPersistence } from "./tables.ts";
import type { Values } from "./values.ts";

/** Moves behind the AS before a query. */
function takeAs(cursor: Cursor): void {
  while (!isDone(cursor) && !hasWords(cursor, "as")) step(cursor);
  cursor.at++;
}

/** `CREATE [OR REPLACE] [TEMPORARY] [RECURSIVE] VIEW`. */
export function readCreateView(cursor: Cursor, values: Values): CreateView {
  const span = spanOfRest(cursor);
  const from = cursor.at;
  const orReplace = wordAt(cursor, from + 1) === "or";
  const head = takeHead(cursor);
  const persistence = readPersistence(cursor, from);
  const view = readQualifiedName(cursor);
  const columns = readNameList(cursor).map((column) => column.name);
  takeAs(cursor);
  let end = cursor.end;
  // WITH [CASCADED | LOCAL] CHECK OPTION
  if (wordAt(cursor, end - 1) === "option" && wordAt(cursor, end - 2) === "check") {
    end -= wordAt(cursor, end - 3) === "with" ? 3 : 4;
  }
  const query = values.query(subCursor(cursor, cursor.at, end));
  return { kind: "create view", span, head, view, orReplace, persistence, columns, query };
}

/** WITH [NO] DATA at the end of the stretch: where the query before it ends, and whether rows are wanted. */
function readWithData(cursor: Cursor): { end: number; withData: boolean } {
  const { end } = cursor;
  if (wordAt(cursor, end - 1) !== "data") return { end, withData: true };
  if (wordAt(cursor, end - 2) === "with") return { end: end - 2, withData: true };
  if (wordAt(cursor, end - 2) === "no" && wordAt(cursor, end - 3) === "with") {
    return { end: end - 3, withData: false };
  }
  return { end, withData: true };
}

/** CREATE TABLE ... AS and CREATE MATERIALIZED VIEW. */
export function readCreateTableAs(cursor: Cursor, values: Values): CreateTableAs {
  const span = spanOfRest(cursor);
  const from = cursor.at;
  const head = takeHead(cursor);
  const object = wordAt(cursor, cursor.at - 1) === "view" ? "materialized view" : "table";
  const persistence = readPersistence(cursor, from);
  const ifNotExists = takeWords(cursor, "if", "not", "exists");
  const table = readQualifiedName(cursor);
  const columns = readNameList(cursor).map((column) => column.name);
  takeAs(cursor);
  const { end, withData } = readWithData(cursor);
  const isExecute = hasWords(cursor, "execute");
  const query = isExecute ? null : values.query(subCursor(cursor, cursor.at, end));
  return {
    kind: "create table as",
    span,
    head,
    table,
    object,
    persistence,
    ifNotExists,
    columns,
    query,
    withData,
  };
}

/** SELECT ... INTO: the query itself tells the name of the new table. */
export function readSelectInto(cursor: Cursor, values: Values): CreateTableAs | null {
  const span = spanOfRest(cursor);
  const head = takeHead(subCursor(cursor, cursor.at, cursor.end));
  const into = locateInto(cursor);
  if (into === null) return null;
  return {
    kind: "create table as",
    span,
    head,
    table: into.table,
    object: "table",
    persistence: into.persistence,
    ifNotExists: false,
    columns: [],
    query: values.query(cursor),
    withData: true,
  };
}

/** The name behind INTO [TEMPORARY] [TABLE], outside of brackets. */
export function locateInto(at: Cursor): Pick<CreateTableAs, "table" | "persistence"> | null {
  const cursor = subCursor(at, at.at, at.end);
  while (!isDone(cursor) && !(hasWords(cursor, "into") && !hasMark(cursor, ".", cursor.at - 1))) step(cursor);
  if (isDone(cursor)) return null;
  const from = cursor.at++;
  for (const word of ["local", "global", "temporary", "temp", "unlogged"]) takeWords(cursor, word);
  const persistence = readPersistence(cursor, from);
  takeWords(cursor, "table");
  return { table: readQualifiedName(cursor), persistence };
}

/** `REFRESH MATERIALIZED VIEW`. */
export function readRefresh(cursor: Cursor): RefreshMaterializedView {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  const concurrently = takeWords(cursor, "concurrently");
  const view = readQualifiedName(cursor);
  return {
    kind: "refresh materialized view",
    span,
    head,
    view,
    concurrently,
    withData: !hasWords(cursor, "with", "no", "data"),
  };
}

/** `CREATE SEQUENCE`. */
export function readCreateSequence(cursor: Cursor): CreateSequence {
  const span = spanOfRest(cursor);
  const from = cursor.at;
  const head = takeHead(cursor);
  const persistence = readPersistence(cursor, from);
  const ifNotExists = takeWords(cursor, "if", "not", "exists");
  const sequence = readQualifiedName(cursor);
  const { ownedBy } = readSequenceOptions(cursor);
  return {
    kind: "create sequence",
    span,
    head,
    sequence,
    ifNotExists,
    persistence,
    ownedBy: ownedBy === "none" ? null : ownedBy,
  };
}

/** `ALTER SEQUENCE` with options, not its general forms. */
export function readAlterSequence(cursor: Cursor): AlterSequence {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  const ifExists = takeWords(cursor, "if", "exists");
  const sequence = readQualifiedName(cursor);
  return { kind: "alter sequence", span, head, sequence, ifExists, ...readSequenceOptions(cursor) };
}

const sequenceOptions = new Set([
  "restart",
  "increment",
  "cache",
  "as",
  "minvalue",
  "maxvalue",
  "cycle",
  "start",
]);

function readSequenceOptions(cursor: Cursor): Pick<AlterSequence, "options" | "ownedBy"> {
  const options: string[] = [];
  let ownedBy: AlterSequence["ownedBy"] = null;
  while (!isDone(cursor)) {
    const word = wordAt(cursor);
    if (takeWords(cursor, "owned", "by")) {
      options.push("owned by");
      ownedBy = readOwner(cursor);
    } else {
      if (sequenceOptions.has(word)) options.push(word);
      cursor.at++;
      // The type behind AS may be called like an option.
      if (word === "as") readIdentifier(cursor);
    }
  }
  return { options, ownedBy };
}

function readOwner(cursor: Cursor): AlterSequence["ownedBy"] {
  const { owner, member } = readMember(cursor);
  return owner === null ? "none" : { table: owner, column: member.name };
}
