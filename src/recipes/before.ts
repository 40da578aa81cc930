import type { Context } from "../rule.ts";
import { mayHoldDirective } from "../sql/directives.ts";
import type { Edit } from "../text/span.ts";

/**
 * Lines put before the statement, as far in as it is. A comment above that ignores a rule stays with the statement: it would
 * mean the new lines otherwise.
 */
export function linesBefore(lines: readonly string[], { sourceText, outer, unitSpan }: Context): Edit {
  const at = aboveDirectives(sourceText, outer.start, unitSpan.start);
  const indent = indentOf(sourceText, at);
  return { start: at, end: at, text: lines.map((line) => `${line}\n${indent}`).join("") };
}

/** The start of the uppermost of the comments right above that ignore something; the offset itself where there is none. */
function aboveDirectives(text: string, offset: number, from: number): number {
  let above = offset;
  let isApart = false;
  let line = lineStart(text, offset);
  if (text.slice(line, offset).trim() !== "") return offset;
  while (line > from) {
    const start = lineStart(text, line - 1);
    const words = text.slice(start, line).trim();
    if (start < from || !/^(?:--.*|\/\*.*\*\/|)$/.test(words)) break;
    isApart ||= words === "";
    if (isOfStatement(words, isApart)) above = start + text.slice(start, line).search(/\S/);
    line = start;
  }
  return above;
}

/** Those for a whole file are the file's, and so is what Atlas reads with an empty line behind it. */
function isOfStatement(comment: string, isApart: boolean): boolean {
  if (!mayHoldDirective(comment) || /ignore-(?:file|all|start|end)/.test(comment)) return false;
  return !isApart || !comment.includes("atlas:nolint");
}

function lineStart(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

/** The white space that stands before an offset on its line; nothing where other text stands there. */
export function indentOf(text: string, offset: number): string {
  const before = text.slice(lineStart(text, offset), offset);
  return /^[ \t]*$/.test(before) ? before : "";
}
