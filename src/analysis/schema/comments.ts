import type { CommentOn } from "../../model/statement.ts";
import { nameOf, truncateName } from "../../sql/names.ts";
import { isNameToken, tokenize, tokensIn } from "../../sql/tokens.ts";
import { type Draft, findRelation, findTable } from "./draft.ts";
import { putRelation } from "./draft-edits.ts";
import { changeColumn, changeTable, columnOf } from "./tables.ts";

/** COMMENT ON a column, constraint or index: kept as written, for whoever makes it again. Others stay with their objects. */
export function foldComment(draft: Draft, statement: CommentOn): void {
  const { target, object } = statement;
  if (target === null) return;
  const comment = commentIn(draft.context.text, statement);
  if (object === "index") {
    const index = findRelation(draft, target);
    if (index?.kind === "index") putRelation(draft, { ...index, comment });
    return;
  }
  if (object !== "column" && object !== "constraint") return;
  const table = findTable(draft, target);
  // A column is named behind its table, a constraint before it.
  const name =
    object === "column"
      ? nameIn(draft, target.span.end, statement.span.end, 0)
      : nameIn(draft, statement.span.start, target.span.start, 3);
  if (table === undefined || name === null) return;
  if (object === "constraint") {
    changeTable(draft, table.id, ({ constraints }) => ({
      constraints: constraints.map((one) => (one.name === name ? { ...one, comment } : one)),
    }));
  } else if (columnOf(table, name) !== undefined) changeColumn(draft, table.id, name, () => ({ comment }));
}

function commentIn(text: string, { span }: CommentOn): string | null {
  const last = tokensIn(text, span.start, span.end).at(-1);
  return last?.kind === "string" ? text.slice(last.start, last.end) : null;
}

/** The name that stands so many words behind `start`. */
function nameIn(draft: Draft, start: number, end: number, words: number): string | null {
  const { text } = draft.context;
  const names = tokenize(text, start, end).filter(isNameToken);
  const name = names[words];
  return name === undefined ? null : truncateName(nameOf(text, name));
}
