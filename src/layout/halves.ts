import { createScanner, scanToken } from "../sql/scanner.ts";
import type { Span } from "../text/span.ts";
import { lineComments } from "./comments.ts";
import type { Direction } from "./types.ts";
import { type Section, sectionSpans } from "./units.ts";

/** A part of a file that holds both ways. */
interface Half extends Span {
  readonly direction: Direction;
  /** The line above it. */
  readonly mark: string;
}

/** `-- ==== UP ====`, `-- rambler up`, `-- @down`, `-- //@UNDO`: words that nobody writes above anything else. */
const marks: readonly { readonly form: RegExp; readonly direction: Direction }[] = [
  {
    form: /^[^\w\s]*\s*(?:(?:rambler|migrate|migration)[\s:.]+)?[^\w\s]*up(?:\s+migration)?\W*$/i,
    direction: "up",
  },
  {
    form: /^[^\w\s]*\s*(?:(?:rambler|migrate|migration)[\s:.]+)?[^\w\s]*(?:down|undo|rollback)(?:\s+migration)?\W*$/i,
    direction: "down",
  },
];

/**
 * The two halves of a file in which lines of their own say where the way up and the way down begin, as smaller tools and
 * scripts of one's own have it; null for any other file. `-- //@UNDO` needs no line above the way up.
 */
export function halvesOf(text: string): readonly Half[] | null {
  if (!/\b(?:down|undo|rollback)\b/i.test(text)) return null;
  const sections = lineComments(text).flatMap((mark): Section[] => {
    const body = mark.body.trim();
    const direction = marks.find(({ form }) => form.test(body))?.direction;
    return direction === undefined ? [] : [{ mark, direction }];
  });
  const [first, second] = sections;
  if (first === undefined || sections.length > 2) return null;
  const isPair =
    first.direction === "up" && second?.direction === "down" && !holdsSql(text, first.mark.start);
  if (isPair) return spansOf(text, sections);
  const isUndo =
    second === undefined && /^\s*\/\/\s*@undo\s*$/i.test(text.slice(first.mark.start + 2, first.mark.end));
  return isUndo ? spansOf(text, [{ mark: { start: 0, end: 0 }, direction: "up" }, first]) : null;
}

function spansOf(text: string, sections: readonly Section[]): Half[] {
  return sectionSpans(text, sections).flatMap((span, k) => {
    const section = sections[k];
    return section === undefined
      ? []
      : [{ direction: section.direction, ...span, mark: text.slice(section.mark.start, section.mark.end) }];
  });
}

/** Whether anything but comments stands before an offset. */
function holdsSql(text: string, before: number): boolean {
  const scanner = createScanner(text);
  let kind = scanToken(scanner);
  while (kind === "comment") kind = scanToken(scanner);
  return kind !== "end" && scanner.start < before;
}
