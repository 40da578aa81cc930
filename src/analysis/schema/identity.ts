import type { Span } from "../../text/span.ts";
import { addSequence, sequenceNameIn } from "./columns.ts";
import { type Draft, tableById } from "./draft.ts";
import { dependents, removeRelation } from "./draft-edits.ts";
import { changeColumn, familyOf } from "./tables.ts";

function alwaysIn(written: string): boolean | null {
  const kind = /\bGENERATED\s+(ALWAYS|BY)\b/i.exec(written)?.[1];
  return kind === undefined ? null : kind.toUpperCase() === "ALWAYS";
}

/** ADD, SET and DROP IDENTITY of a column, and its sequence. */
export function changeIdentity(
  draft: Draft,
  id: number,
  column: string,
  kind: "add identity" | "set identity" | "drop identity",
  span: Span,
): void {
  const identity = kind !== "drop identity";
  const written = draft.context.text.slice(span.start, span.end);
  const identityText = (kind === "add identity" && /\bGENERATED\b.*$/is.exec(written)?.[0]) || "";
  const had = tableById(draft, id)?.columns.find((own) => own.name === column)?.identity === true;
  const isShared = draft.context.version >= 17 && tableById(draft, id)?.partitionBy != null;
  for (const member of isShared ? familyOf(draft, id) : [id])
    changeColumn(draft, member, column, ({ isAlways = false }) => ({
      identity,
      // SET GENERATED may stand among other changes, or not at all.
      isAlways: identity && (alwaysIn(written) ?? (kind === "set identity" && isAlways)),
      identityText,
    }));
  const table = tableById(draft, id);
  if (table === undefined) return;
  if (kind === "add identity" && !had)
    addSequence(draft, table, column, { named: sequenceNameIn(identityText), isIdentity: true });
  // The sequence of a serial column stays.
  if (identity || !had) return;
  for (const sequence of dependents(draft, "sequence", id)) {
    if (sequence.kind === "sequence" && sequence.isIdentity === true && sequence.ownedBy?.column === column)
      removeRelation(draft, sequence.id);
  }
}
