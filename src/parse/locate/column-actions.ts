import type { Action, ColumnAction } from "../../model/action.ts";
import type { Identifier } from "../../model/name.ts";
import type { Span } from "../../text/span.ts";
import { type Cursor, isDone, spanBetween, takeWords } from "./cursor.ts";
import { readCollation, readIdentifier } from "./names.ts";
import { readType } from "./types.ts";
import { readClause, type Values } from "./values.ts";

/** What an action has besides its kind; filled in by the reader of actions. */
export type ActionBody = Action extends infer One
  ? One extends Action
    ? Omit<One, "span" | "head">
    : never
  : never;

/** Forms that need nothing but the column's name, by the words behind it; longer ones first. */
const plain: readonly (readonly [ColumnAction["kind"], ...string[]])[] = [
  ["set not null", "set", "not", "null"],
  ["drop not null", "drop", "not", "null"],
  ["drop default", "drop", "default"],
  ["drop expression", "drop", "expression"],
  ["drop identity", "drop", "identity"],
  ["add identity", "add", "generated"],
  ["set statistics", "set", "statistics"],
  ["set storage", "set", "storage"],
  ["set compression", "set", "compression"],
  ["reset column options", "reset"],
  ["set identity", "restart"],
  ["set column options", "options"],
];

/** ALTER [COLUMN] c ...: the cursor stands on the column's name. `from` is where ALTER stands. */
export function readColumnAction(
  cursor: Cursor,
  values: Values,
  from: number,
): { body: ActionBody; head: Span } {
  const column = readIdentifier(cursor);
  const head = () => spanBetween(cursor, from, cursor.at);
  for (const [kind, ...words] of plain) {
    if (takeWords(cursor, ...words)) return { body: { kind, column }, head: head() };
  }
  if (takeWords(cursor, "set", "default")) {
    return { head: head(), body: { kind: "set default", column, default: readClause(values, cursor) } };
  }
  if (takeWords(cursor, "set", "expression")) {
    const underlined = head();
    takeWords(cursor, "as");
    cursor.at++;
    const inside = { ...cursor, end: cursor.end - 1 };
    return {
      head: underlined,
      body: { kind: "set expression", column, expression: readClause(values, inside) },
    };
  }
  if (takeWords(cursor, "type") || takeWords(cursor, "set", "data", "type")) {
    return { head: head(), body: readTypeChange(cursor, values, column) };
  }
  takeWords(cursor, "set");
  const underlined = head();
  // `SET (n_distinct = 5)`; all else sets a property of the identity: SET GENERATED, SET INCREMENT BY 10.
  const kind = isOptionList(cursor) ? "set column options" : "set identity";
  return { head: underlined, body: { kind, column } };
}

function isOptionList(cursor: Cursor): boolean {
  return cursor.closing[cursor.at] !== 0 && !isDone(cursor);
}

function readTypeChange(cursor: Cursor, values: Values, column: Identifier): ActionBody {
  const type = readType(cursor);
  const collation = readCollation(cursor);
  const using = takeWords(cursor, "using") ? readClause(values, cursor) : null;
  return { kind: "alter column type", column, type, collation, using };
}
