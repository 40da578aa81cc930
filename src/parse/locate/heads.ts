import type { Span } from "../../text/span.ts";
import { type Cursor, hasMark, hasWords, spanBetween, step, wordAt } from "./cursor.ts";

/** Words between CREATE, ALTER or DROP and what it is about. */
const modifiers = new Set(
  (
    "or replace temp temporary unlogged global local unique materialized recursive foreign constraint event " +
    "default trusted procedural text access operator user"
  ).split(" "),
);

/** Words that say more with the next one: `FOREIGN TABLE`, but `CREATE USER`. */
const pairs = new Map([
  ["foreign", ["table", "data"]],
  ["constraint", ["trigger"]],
  ["event", ["trigger"]],
  ["text", ["search"]],
  ["access", ["method"]],
  ["operator", ["class", "family"]],
  ["user", ["mapping"]],
]);

/** Statements whose head is more than their first word. */
const longHeads: readonly (readonly string[])[] = [
  ["insert", "into"],
  ["delete", "from"],
  ["merge", "into"],
  ["comment", "on"],
  ["lock", "table"],
  ["truncate", "table"],
  ["refresh", "materialized", "view"],
  ["start", "transaction"],
  ["vacuum", "full"],
  ["security", "label"],
  ["import", "foreign", "schema"],
  ["reassign", "owned"],
  ["drop", "owned"],
  ["default", "privileges"],
  ["prepare", "transaction"],
  ["commit", "prepared"],
  ["rollback", "prepared"],
  ["set", "constraints"],
];

/** The same by their first words: most statements have none of them. */
const heads = new Map<string, (readonly string[])[]>();
for (const words of longHeads) {
  const [first = ""] = words;
  heads.set(first, [...(heads.get(first) ?? []), words]);
}

/** The words at the cursor that are worth underlining when the whole statement is meant; the cursor moves behind them. */
export function takeHead(cursor: Cursor): Span {
  const from = cursor.at;
  const word = wordAt(cursor);
  const known = heads.get(word)?.find((words) => hasWords(cursor, ...words));
  if (known !== undefined) cursor.at += known.length;
  else if (word === "create" || word === "alter" || word === "drop") takeObject(cursor);
  else if (word === "reindex") {
    cursor.at++;
    if (hasMark(cursor, "(")) step(cursor);
    cursor.at++;
  } else cursor.at++;
  cursor.at = Math.min(cursor.at, cursor.end);
  return spanBetween(cursor, from, cursor.at);
}

function takeObject(cursor: Cursor): void {
  cursor.at++;
  for (; cursor.at < cursor.end; cursor.at++) {
    const word = wordAt(cursor);
    const next = pairs.get(word);
    const isModifier =
      next === undefined ? modifiers.has(word) : next.includes(wordAt(cursor, cursor.at + 1));
    if (!isModifier) break;
  }
  cursor.at++;
}
