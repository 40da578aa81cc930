import { append } from "../text/append.ts";
import type { Edit } from "../text/span.ts";

/**
 * Applies fixes to a text. A fix goes in whole or not at all: where one would touch what an earlier one has changed it waits
 * for the next round. Line ends are those of the text.
 */
export function applyFixes(
  text: string,
  fixes: readonly { readonly edits: readonly Edit[] }[],
): { readonly text: string; readonly applied: number } {
  const taken: Edit[] = [];
  let applied = 0;
  const ordered = [...fixes].filter(({ edits }) => edits.length > 0).sort((a, b) => startOf(a) - startOf(b));
  for (const { edits } of ordered) {
    if (edits.some((edit) => edit.start > edit.end || edit.end > text.length)) continue;
    if (edits.some((edit) => collides(edit, taken))) continue;
    append(taken, edits);
    applied++;
  }
  taken.sort((a, b) => a.start - b.start || a.end - b.end);
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  let result = "";
  let done = 0;
  for (const edit of taken) {
    result += text.slice(done, edit.start) + edit.text.replaceAll(/\r?\n/g, newline);
    done = edit.end;
  }
  return { text: result + text.slice(done), applied };
}

function startOf({ edits }: { readonly edits: readonly Edit[] }): number {
  return edits.reduce((start, edit) => Math.min(start, edit.start), Number.POSITIVE_INFINITY);
}

/** Two insertions at one place stand side by side in some order: that is a collision as well. Looks at the last few only. */
function collides(edit: Edit, taken: readonly Edit[]): boolean {
  for (let k = taken.length - 1; k >= Math.max(0, taken.length - 64); k--) {
    const other = taken[k];
    if (other === undefined) continue;
    if (edit.start < other.end && other.start < edit.end) return true;
    if (edit.start === other.start) return true;
  }
  return false;
}
