import { type LockMode, lockModes } from "../../model/locks.ts";
import type { QualifiedName } from "../../model/name.ts";
import type {
  AlterAllInTablespace,
  Cluster,
  LockTable,
  Owned,
  Reindex,
  Truncate,
  Vacuum,
} from "../../model/statement.ts";
import { isCascade } from "./alterations.ts";
import {
  type Cursor,
  commaSegments,
  hasMark,
  hasWords,
  isDone,
  seekWord,
  spanOfRest,
  subCursor,
  takeBracket,
  takeWords,
  tokenAt,
  wordAt,
} from "./cursor.ts";
import { takeHead } from "./heads.ts";
import { isNameAt, readIdentifier, readQualifiedName, readQualifiedNames } from "./names.ts";
import { readString } from "./strings.ts";

/** What is switched on by `(FULL, VERBOSE false)`. */
function readSwitches(cursor: Cursor): Set<string> {
  const on = new Set<string>();
  const inside = hasMark(cursor, "(") ? takeBracket(cursor) : null;
  for (const segment of inside === null ? [] : commaSegments(inside)) {
    const { name } = readIdentifier(segment);
    if (isDone(segment) || !isSwitchedOff(segment)) on.add(name);
  }
  return on;
}

/** The value of an option may be a word, a number or a string: FULL off, FULL 0, FULL E'false'. */
export function isSwitchedOff(cursor: Cursor): boolean {
  const isString = tokenAt(cursor)?.kind === "string";
  const value = isString ? readString(cursor) : readIdentifier(cursor).name;
  return ["false", "off", "0"].includes(value.toLowerCase());
}

/** `REINDEX`, with CONCURRENTLY in either of its places. */
export function readReindex(cursor: Cursor): Reindex {
  const span = spanOfRest(cursor);
  const options = readSwitches(subCursor(cursor, cursor.at + 1, cursor.end));
  const head = takeHead(cursor);
  const word = wordAt(cursor, cursor.at - 1);
  const concurrently = takeWords(cursor, "concurrently") || options.has("concurrently");
  return {
    kind: "reindex",
    span,
    head,
    object:
      word === "index" || word === "schema" || word === "database" || word === "system" ? word : "table",
    target: isDone(cursor) ? null : readQualifiedName(cursor),
    concurrently,
  };
}

const vacuumWords = new Set(["full", "freeze", "verbose", "analyze", "analyse"]);

/** VACUUM and ANALYZE, with their options in words or in brackets. */
export function readVacuum(cursor: Cursor): Vacuum {
  const span = spanOfRest(cursor);
  const kind = hasWords(cursor, "vacuum") ? "vacuum" : "analyze";
  const head = takeHead(cursor);
  let full = wordAt(cursor, cursor.at - 1) === "full";
  if (readSwitches(cursor).has("full")) full = true;
  while (vacuumWords.has(wordAt(cursor))) cursor.at++;
  return { kind, span, head, full, tables: readQualifiedNames(cursor) };
}

/** CLUSTER [VERBOSE | (...)] [table [USING index]], and the old CLUSTER index ON table. */
export function readCluster(cursor: Cursor): Cluster {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  takeWords(cursor, "verbose");
  if (hasMark(cursor, "(")) takeBracket(cursor);
  let table: QualifiedName | null = isNameAt(cursor) ? readQualifiedName(cursor) : null;
  if (takeWords(cursor, "on")) table = readQualifiedName(cursor);
  return { kind: "cluster", span, head, table };
}

/** `TRUNCATE`. */
export function readTruncate(cursor: Cursor): Truncate {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  const cascade = isCascade(cursor);
  const tables = readQualifiedNames(cursor);
  const walk = subCursor(cursor, cursor.at, cursor.end);
  let restartIdentity = false;
  while (seekWord(walk, "restart") && !restartIdentity) {
    restartIdentity = takeWords(walk, "restart", "identity");
    if (!restartIdentity) walk.at++;
  }
  return { kind: "truncate", span, head, tables, cascade, restartIdentity };
}

/** `LOCK TABLE`; ACCESS EXCLUSIVE where no mode is written. */
export function readLock(cursor: Cursor): LockTable {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  const from = cursor.at;
  const nowait = wordAt(cursor, cursor.end - 1) === "nowait";
  const end = nowait ? cursor.end - 1 : cursor.end;
  let mode: LockMode = "ACCESS EXCLUSIVE";
  let last = end;
  if (wordAt(cursor, end - 1) === "mode") {
    last = from + 1;
    while (last < end && wordAt(cursor, last) !== "in") last++;
    const words: string[] = [];
    for (let index = last + 1; index < end - 1; index++) words.push(wordAt(cursor, index).toUpperCase());
    mode = lockModes.find((known) => known === words.join(" ")) ?? mode;
  }
  return {
    kind: "lock",
    span,
    head,
    tables: readQualifiedNames(subCursor(cursor, from, last)),
    mode,
    nowait,
  };
}

/** ALTER TABLE ALL IN TABLESPACE a [OWNED BY r] SET TABLESPACE b. */
export function readMoveAll(cursor: Cursor): AlterAllInTablespace {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  const word = wordAt(cursor, cursor.at - 1);
  takeWords(cursor, "all", "in", "tablespace");
  const from = readIdentifier(cursor).name;
  while (seekWord(cursor, "set") && !takeWords(cursor, "set", "tablespace")) cursor.at++;
  const to = readIdentifier(cursor).name;
  const object = word === "index" ? "index" : word === "view" ? "materialized view" : "table";
  return { kind: "alter all in tablespace", span, head, object, from, to };
}

/** `DROP OWNED` and `REASSIGN OWNED`. */
export function readOwned(cursor: Cursor): Owned {
  const span = spanOfRest(cursor);
  const kind = hasWords(cursor, "drop") ? "drop owned" : "reassign owned";
  const head = takeHead(cursor);
  return { kind, span, head, cascade: isCascade(cursor) };
}
