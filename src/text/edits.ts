import type { Edit } from "./span.ts";

/**
 * Applies edits to a text. Where two overlap, the one that starts first wins and the other is left out:
 * whoever repeats until nothing changes gets it the next time round.
 */
export function applyEdits(text: string, edits: readonly Edit[]): { text: string; applied: number } {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let result = "";
  let done = 0;
  let applied = 0;
  for (const edit of ordered) {
    if (edit.start < done || edit.end > text.length) continue;
    result += text.slice(done, edit.start) + edit.text;
    done = edit.end;
    applied++;
  }
  return { text: result + text.slice(done), applied };
}
