import type { CreateIndex } from "../../model/statement.ts";
import type { IndexElement } from "../../model/table.ts";
import {
  type Cursor,
  commaSegments,
  hasMark,
  isDone,
  spanBetween,
  spanOfRest,
  step,
  takeBracket,
  takeWords,
  wordAt,
} from "./cursor.ts";
import { takeHead } from "./heads.ts";
import {
  isNameAt,
  readCollation,
  readDottedName,
  readIdentifier,
  readNameList,
  readParts,
  readRelation,
} from "./names.ts";
import { readClause, type Values } from "./values.ts";

/** Functions that are written without brackets. */
const bareFunctions = new Set(
  (
    "current_date current_time current_timestamp localtime localtimestamp current_role current_user user " +
    "session_user system_user current_catalog current_schema"
  ).split(" "),
);

/** Whether an element of an index or partition key is an expression, not a column's name. */
export function isFunctionElement(cursor: Cursor): boolean {
  if (hasMark(cursor, "(") || bareFunctions.has(wordAt(cursor))) return true;
  return hasMark(cursor, "(", cursor.at + 1) || hasMark(cursor, ".", cursor.at + 1);
}

/** `CREATE [UNIQUE] INDEX [CONCURRENTLY]`. */
export function readCreateIndex(cursor: Cursor, values: Values): CreateIndex {
  const span = spanOfRest(cursor);
  const unique = wordAt(cursor, cursor.at + 1) === "unique";
  const head = takeHead(cursor);
  const concurrently = takeWords(cursor, "concurrently");
  const ifNotExists = takeWords(cursor, "if", "not", "exists");
  const index = wordAt(cursor) === "on" ? null : readIdentifier(cursor);
  takeWords(cursor, "on");
  const { table, only } = readRelation(cursor);
  const method = takeWords(cursor, "using") ? readIdentifier(cursor).name : "btree";
  const inside = takeBracket(cursor);
  const elements = (inside === null ? [] : commaSegments(inside)).map((each) => readElement(each, values));
  const including = takeWords(cursor, "include") ? readNameList(cursor) : [];
  const nullsNotDistinct = takeWords(cursor, "nulls", "not", "distinct");
  if (!nullsNotDistinct) takeWords(cursor, "nulls", "distinct");
  if (takeWords(cursor, "with")) takeBracket(cursor);
  const tablespace = takeWords(cursor, "tablespace") ? readIdentifier(cursor) : null;
  const where = takeWords(cursor, "where") ? readClause(values, cursor) : null;
  return {
    kind: "create index",
    span,
    head,
    index,
    table,
    only,
    unique,
    concurrently,
    ifNotExists,
    method,
    elements,
    including,
    nullsNotDistinct,
    where,
    tablespace,
  };
}

/** An element of an index, or of an exclusion constraint: WITH and its operator are passed over. */
export function readElement(cursor: Cursor, values: Values): IndexElement {
  const from = cursor.at;
  const isExpression = isFunctionElement(cursor);
  const column = isExpression ? null : readIdentifier(cursor);
  const expression = isExpression ? values.expression() : null;
  if (isExpression) {
    if (isNameAt(cursor)) readParts(cursor);
    takeBracket(cursor);
  }
  const collation = readCollation(cursor);
  const operatorClass = isNameAt(cursor) && !isOrder(cursor) ? readDottedName(cursor) : null;
  takeBracket(cursor);
  let descending = false;
  let nullsFirst: boolean | null = null;
  while (!isDone(cursor)) {
    if (takeWords(cursor, "desc")) descending = true;
    else if (takeWords(cursor, "nulls", "first")) nullsFirst = true;
    else if (takeWords(cursor, "nulls", "last")) nullsFirst = false;
    else step(cursor);
  }
  const span = spanBetween(cursor, from, cursor.at);
  return { column, expression, collation, operatorClass, descending, nullsFirst, span };
}

/** ASC, DESC, NULLS FIRST and WITH: no operator class has such a name without quotes. */
function isOrder(cursor: Cursor): boolean {
  const word = wordAt(cursor);
  return word === "asc" || word === "desc" || word === "nulls" || word === "with";
}
