import { accessMode } from "../../model/access-mode.ts";
import type { AlterSettings, OwnSetting, SetStatement, Transaction } from "../../model/statement.ts";
import {
  type Cursor,
  commaSegments,
  hasMark,
  hasWords,
  isDone,
  seekWord,
  spanOfRest,
  takeMark,
  takeWords,
  tokenAt,
  wordAt,
} from "./cursor.ts";
import { takeHead } from "./heads.ts";
import { readIdentifier, readParts } from "./names.ts";
import { stringValue } from "./strings.ts";

type Setting = Pick<SetStatement, "name" | "value">;

/** SET, RESET and DISCARD. */
export function readSet(cursor: Cursor): SetStatement {
  const span = spanOfRest(cursor);
  const verb = wordAt(cursor);
  const head = takeHead(cursor);
  const base = { kind: "set" as const, span, head };
  if (verb === "discard") return { name: wordAt(cursor), ...base, value: null, local: false };
  if (verb === "reset") return { local: false, ...base, ...readReset(cursor) };
  const local = takeWords(cursor, "local");
  const isScope =
    hasWords(cursor, "session") &&
    !["authorization", "characteristics"].includes(wordAt(cursor, cursor.at + 1));
  if (!local && isScope) cursor.at++;
  return { local, ...base, ...readSetting(cursor) };
}

function readReset(cursor: Cursor): Setting {
  if (takeWords(cursor, "time", "zone")) return { name: "timezone", value: null };
  if (takeWords(cursor, "session", "authorization")) return { name: "session authorization", value: null };
  if (takeWords(cursor, "transaction", "isolation", "level")) {
    return { name: "transaction isolation level", value: null };
  }
  return { name: settingName(cursor), value: null };
}

/** Settings that SQL has own words for. */
const spelled: readonly (readonly [string, ...string[]])[] = [
  ["timezone", "time", "zone"],
  ["transaction snapshot", "transaction", "snapshot"],
  ["session authorization", "session", "authorization"],
  ["role", "role"],
  ["client_encoding", "names"],
  ["search_path", "schema"],
  ["xmloption", "xml", "option"],
];

function readSetting(cursor: Cursor): Setting {
  if (takeWords(cursor, "session", "characteristics", "as", "transaction")) {
    return { name: "session characteristics", value: readModes(cursor) };
  }
  if (hasWords(cursor, "transaction") && !hasWords(cursor, "transaction", "snapshot")) {
    cursor.at++;
    return { name: "transaction", value: readModes(cursor) };
  }
  for (const [name, ...words] of spelled) {
    if (isAssigned(cursor, words.length) || !takeWords(cursor, ...words)) continue;
    return { name, value: readValue(cursor, name === "timezone") };
  }
  const name = settingName(cursor);
  if (!takeWords(cursor, "to") && hasMark(cursor, "=")) cursor.at++;
  return { name, value: readValue(cursor, false) };
}

/** `SET role = x` and `SET names TO x` are settings like any other. */
function isAssigned(cursor: Cursor, words: number): boolean {
  const behind = cursor.at + words;
  return hasMark(cursor, "=", behind) || wordAt(cursor, behind) === "to" || hasMark(cursor, ".", behind);
}

function readModes(cursor: Cursor): string {
  const words: string[] = [];
  for (; !isDone(cursor); cursor.at++) {
    if (hasMark(cursor, ",")) words.push(`${words.pop() ?? ""},`);
    else words.push(wordAt(cursor));
  }
  return words.join(" ");
}

/** The values as one text; null for DEFAULT (and LOCAL, which is the same for a time zone). */
function readValue(cursor: Cursor, isZone: boolean): string | null {
  if (hasWords(cursor, "default") || (isZone && hasWords(cursor, "local"))) return null;
  return commaSegments(cursor).map(readOneValue).join(", ");
}

function readOneValue(cursor: Cursor): string {
  const first = tokenAt(cursor);
  const isSigned = first?.kind === "operator";
  if (isSigned) cursor.at++;
  const token = tokenAt(cursor);
  if (token === undefined) return "";
  if (hasWords(cursor, "interval")) cursor.at++;
  const value = tokenAt(cursor);
  const text = value?.kind === "string" ? stringValue(cursor.text, value) : readIdentifier(cursor).name;
  return isSigned && hasMark(cursor, "-", cursor.at - 2) ? `-${text}` : text;
}

/** SET in the options of a routine, behind the word; more options may follow. */
export function readOwnSetting(cursor: Cursor): OwnSetting {
  const isZone = takeWords(cursor, "time", "zone");
  const name = isZone ? "timezone" : settingName(cursor);
  if (takeWords(cursor, "from", "current")) return { name, value: null };
  if (!isZone && !takeWords(cursor, "to") && hasMark(cursor, "=")) cursor.at++;
  if (takeWords(cursor, "default")) return { name, value: null };
  const values: string[] = [];
  do {
    values.push(readOneValue(cursor));
    // A string is looked at, a name is taken.
    if (tokenAt(cursor)?.kind === "string") cursor.at++;
  } while (takeMark(cursor, ","));
  return { name, value: values.join(", ") };
}

/** ALTER ROLE / DATABASE ... [IN DATABASE d] SET | RESET: the cursor stands at ALTER. Null where nothing is set. */
export function readAlterSettings(cursor: Cursor): AlterSettings | null {
  const span = spanOfRest(cursor);
  const kind = wordAt(cursor, cursor.at + 1) === "database" ? "alter database set" : "alter role set";
  const head = takeHead(cursor);
  const target = hasWords(cursor, "all") ? null : readIdentifier(cursor).name;
  if (!seekWord(cursor, "set", "reset")) return null;
  const isReset = hasWords(cursor, "reset");
  cursor.at++;
  const setting = isReset ? readReset(cursor) : readSetting(cursor);
  return { kind, span, head, target, ...setting };
}

/** `BEGIN`, `COMMIT`, `ROLLBACK`, `SAVEPOINT` and their other spellings. */
export function readTransaction(cursor: Cursor): Transaction {
  const span = spanOfRest(cursor);
  const verb = wordAt(cursor);
  const head = takeHead(cursor);
  const isPrepared = wordAt(cursor, cursor.at - 1) === "prepared";
  const base = { kind: "transaction" as const, span, head, chain: false, savepoint: null, access: null };
  if (verb === "begin" || verb === "start") {
    return { action: "begin", ...base, access: accessMode(readModes(cursor)) };
  }
  if (verb === "prepare") return { action: "prepare", ...base };
  if (verb === "commit" && isPrepared) return { action: "commit prepared", ...base };
  if (verb === "rollback" && isPrepared) return { action: "rollback prepared", ...base };
  if (verb === "savepoint") return { action: "savepoint", ...base, savepoint: readIdentifier(cursor).name };
  if (verb === "release") {
    takeWords(cursor, "savepoint");
    return { action: "release", ...base, savepoint: readIdentifier(cursor).name };
  }
  if (!takeWords(cursor, "work")) takeWords(cursor, "transaction");
  if (takeWords(cursor, "to")) {
    takeWords(cursor, "savepoint");
    return { action: "rollback to", ...base, savepoint: readIdentifier(cursor).name };
  }
  const action = verb === "commit" || verb === "end" ? "commit" : "rollback";
  return { action, ...base, chain: takeWords(cursor, "and", "chain") };
}

/** A setting's name, in lower case, as settings do not care. */
function settingName(cursor: Cursor): string {
  return readParts(cursor)
    .map((part) => part.name)
    .join(".")
    .toLowerCase();
}
