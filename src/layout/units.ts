import type { Span } from "../text/span.ts";
import { baseName, directionInName, stemOf } from "./paths.ts";
import type { Direction, TransactionMode, Unit } from "./types.ts";

const NO_BREAKS: readonly number[] = [];

/** A unit with everything that is usual left out. */
export function createUnit(
  path: string,
  span: Span,
  transaction: TransactionMode,
  rest: Partial<
    Pick<Unit, "name" | "pair" | "direction" | "marker" | "breaks" | "cuts" | "refused" | "goesOn">
  > = {},
): Unit {
  const name = rest.name ?? stemOf(path);
  return {
    path,
    name,
    pair: rest.pair ?? pairOf(path, name),
    direction: rest.direction ?? "up",
    start: span.start,
    end: span.end,
    transaction,
    marker: rest.marker ?? null,
    breaks: rest.breaks ?? NO_BREAKS,
    cuts: rest.cuts ?? NO_BREAKS,
    refused: rest.refused ?? null,
    goesOn: rest.goesOn ?? false,
  };
}

/** The file, and what it is one of; of two files the names without the direction. */
function pairOf(path: string, name: string): string {
  return `${path.replace(/(^|[./_-])(up|down)(?=\.[^./]*$)/, "$1")}\n${name.replace(/[._-](up|down)$/, "")}`;
}

/** The span of a text from end to end. */
export function wholeText(text: string): Span {
  return { start: 0, end: text.length };
}

/** Where a part of a file begins: the mark's own span, and what it stands for. */
export interface Section {
  readonly mark: Span;
  readonly direction: Direction;
}

/** The text from each mark to the next, without the marks. */
export function sectionSpans(text: string, sections: readonly Section[]): Span[] {
  return sections.map(({ mark }, index) => ({
    start: mark.end,
    end: sections[index + 1]?.mark.start ?? text.length,
  }));
}

/** `up` or `down` from a name such as `1_users.down.sql`, or from `down.sql` itself. */
export function directionOf(path: string): Direction {
  return baseName(path) === "down.sql" ? "down" : (directionInName(path) ?? "up");
}
