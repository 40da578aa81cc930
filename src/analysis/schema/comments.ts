import type { CommentOn } from "../../model/statement.ts";
import { nameOf } from "../../sql/names.ts";
import { tokenize } from "../../sql/tokens.ts";
import { type Draft, findTable } from "./draft.ts";
import { changeColumn, columnOf } from "./tables.ts";

/** COMMENT ON COLUMN: kept as written, for whoever makes the column again. Other comments stay with their objects. */
export function foldComment(draft: Draft, statement: CommentOn): void {
  if (statement.object !== "column" || statement.target === null) return;
  const { text } = draft.context;
  const table = findTable(draft, statement.target);
  const tokens = tokenize(text, statement.target.span.end, statement.span.end).filter(
    ({ kind }) => kind !== "comment",
  );
  const name = tokens.find(({ kind }) => kind === "word" || kind === "quoted");
  const last = tokens.at(-1);
  if (table === undefined || name === undefined || last === undefined) return;
  const column = nameOf(text, name);
  if (columnOf(table, column) === undefined) return;
  const comment = last.kind === "string" ? text.slice(last.start, last.end) : null;
  changeColumn(draft, table.id, column, () => ({ comment }));
}
