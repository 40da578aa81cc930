import type { Delete, Update } from "../model/query.ts";
import type { Context, Migration } from "../rule.ts";
import { quoteName } from "../sql/names.ts";
import { isWord, tokenize } from "../sql/tokens.ts";
import { batchLoop, chosenRows } from "./batch-loop.ts";
import { rowsAreGone } from "./delete-rows.ts";
import { isUnsteady, readsItself } from "./reads-itself.ts";
import { editedText, terminated } from "./text.ts";

/**
 * The user's UPDATE or DELETE, a thousand rows at a time. `key` is the column that tells rows apart, as SQL, or `ctid` where
 * none is known. Empty where the statement is of a form that this cannot cut.
 */
export function batchRecipe(change: Update | Delete, key: string, context: Context): Migration[] {
  const others = change.kind === "update" ? change.from : change.using;
  if (others.length > 0 || change.with.length > 0 || change.isReturning || assigns(change, key)) return [];
  if (readsItself(change, context)) return [];
  // A view has no ctid, and of a foreign table nobody knows what it means.
  const kind = context.schema.findRelation(change.table)?.kind ?? "table";
  if (key === "ctid" && kind !== "table") return [];
  const table = context.nameOf(change.table);
  // With ONLY the rows of its children must not be chosen: they would stand for others, or for none.
  const chosenFrom = isOnly(change, context) ? `ONLY ${table}` : table;
  const named = change.alias === null ? chosenFrom : `${chosenFrom} AS ${aliasOf(change, context)}`;
  const condition = change.where === null ? "" : context.text(change.where.span);
  // Said twice: a ctid may mean a row in each partition, and a row may be another one since it was chosen.
  const chosen = chosenRows(named, key, condition) + (condition === "" ? "" : ` AND (${condition})`);
  // Rows that are deleted are gone from the next round; an UPDATE may match its own rows again, and chance any row.
  const loop =
    change.kind === "delete" && !isUnsteady(change, context)
      ? terminated(withCondition(change, chosen, context))
      : null;
  const step = batchLoop(
    {
      title: change.kind === "delete" ? "Delete the rows" : "Change the rows",
      table,
      key,
      change: (range) =>
        withCondition(change, condition === "" ? range : `(${condition}) AND ${range}`, context),
      loop,
      undo:
        change.kind === "delete"
          ? rowsAreGone
          : "The old values are gone, other than from a backup: copy them before.",
    },
    context,
  );
  return step === null ? [] : [step];
}

/** Whether the change moves rows along the very key that the batches follow: they would meet them again, without end. */
export function assigns(change: Update | Delete, key: string): boolean {
  return change.kind === "update" && change.assignments.some(({ column }) => quoteName(column.name) === key);
}

function isOnly({ head, table }: Update | Delete, { sourceText }: Context): boolean {
  return tokenize(sourceText, head.end, table.span.start).some((token) => isWord(sourceText, token, "only"));
}

/** As written: an alias may need its quotes. */
function aliasOf(change: Update | Delete, context: Context): string {
  const text = context.sourceText;
  const tokens = tokenize(text, change.table.span.end, change.span.end);
  const token = tokens.find(
    (one) => (one.kind === "word" && !isWord(text, one, "as")) || one.kind === "quoted",
  );
  return token === undefined ? (change.alias ?? "") : text.slice(token.start, token.end);
}

function withCondition(change: Update | Delete, condition: string, context: Context): string {
  if (change.where === null) return `${context.text(change.span)} WHERE ${condition}`;
  return editedText(context.sourceText, change.span, [{ text: condition, ...change.where.span }]);
}
