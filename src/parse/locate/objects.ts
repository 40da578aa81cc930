import type { ObjectType } from "../../model/statement.ts";
import { type Cursor, subCursor, takeWords, wordAt } from "./cursor.ts";

/** What can be named by DROP, ALTER, COMMENT ON and GRANT, by its words; longer ones first. */
const objects: readonly (readonly [ObjectType, ...string[]])[] = [
  ["foreign table", "foreign", "table"],
  ["materialized view", "materialized", "view"],
  ["event trigger", "event", "trigger"],
  ["other", "foreign", "data", "wrapper"],
  ["server", "foreign", "server"],
  ["other", "text", "search", "configuration"],
  ["other", "text", "search", "dictionary"],
  ["other", "text", "search", "parser"],
  ["other", "text", "search", "template"],
  ["other", "access", "method"],
  ["other", "operator", "class"],
  ["other", "operator", "family"],
  ["other", "user", "mapping"],
  ["other", "large", "object"],
  ["other", "procedural", "language"],
  ["other", "default", "conversion"],
  ["role", "user"],
  ["role", "group"],
  ["table", "table"],
  ["view", "view"],
  ["index", "index"],
  ["sequence", "sequence"],
  ["column", "column"],
  ["constraint", "constraint"],
  ["trigger", "trigger"],
  ["policy", "policy"],
  ["rule", "rule"],
  ["type", "type"],
  ["domain", "domain"],
  ["function", "function"],
  ["procedure", "procedure"],
  ["routine", "routine"],
  ["aggregate", "aggregate"],
  ["operator", "operator"],
  ["schema", "schema"],
  ["database", "database"],
  ["tablespace", "tablespace"],
  ["role", "role"],
  ["extension", "extension"],
  ["statistics", "statistics"],
  ["publication", "publication"],
  ["subscription", "subscription"],
  ["collation", "collation"],
  ["cast", "cast"],
  ["server", "server"],
  ["other", "language"],
  ["other", "conversion"],
  ["other", "transform"],
  ["other", "parameter"],
];

/** The same by their first words. */
const objectsBy = new Map<string, (readonly [ObjectType, readonly string[]])[]>();
for (const [object, ...words] of objects) {
  const [first = ""] = words;
  objectsBy.set(first, [...(objectsBy.get(first) ?? []), [object, words]]);
}

/** The kind of object at the cursor, which moves behind its words. Null where none of them stands there. */
export function readObjectType(cursor: Cursor): ObjectType | null {
  for (const [object, words] of objectsBy.get(wordAt(cursor)) ?? []) {
    if (takeWords(cursor, ...words)) return object;
  }
  return null;
}

/** Whether an object of this kind is named as `name ON table`. */
export function isOnTable(object: ObjectType): boolean {
  return object === "trigger" || object === "policy" || object === "rule" || object === "constraint";
}

const commands = new Map([
  ["declare", "declare cursor"],
  ["close", "close"],
  ["security", "security label"],
  ["import", "import foreign schema"],
]);

/** Words that a command's tag leaves out. */
const unsaid = new Set(["or", "replace", "default", "trusted", "procedural"]);

/** The command's tag in lower case, from its words: `create text search configuration`. */
export function commandOf(at: Cursor): string {
  const cursor = subCursor(at, at.at, at.end);
  const verb = wordAt(cursor);
  if (verb === "set") return "set constraints";
  if (verb !== "create" && verb !== "alter" && verb !== "drop") return commands.get(verb) ?? verb;
  cursor.at++;
  if (takeWords(cursor, "default", "privileges")) return "alter default privileges";
  while (unsaid.has(wordAt(cursor))) cursor.at++;
  const from = cursor.at;
  const object = readObjectType(cursor);
  if (object === null) return `${verb} ${wordAt(cursor)}`;
  if (object !== "other") return `${verb} ${object}`;
  const words: string[] = [];
  for (let index = from; index < cursor.at; index++) words.push(wordAt(cursor, index));
  return `${verb} ${words.join(" ")}`;
}
