/** A stretch of a text, in UTF-16 units: `start` is inside, `end` is just behind. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A change to a text: the units of the span give way to `text`. An empty span inserts. */
export interface Edit extends Span {
  readonly text: string;
}

/**
 * Where a span of a text lies that was put together from pieces of another. The end belongs to the unit before it: what follows
 * may come from somewhere else.
 */
export function moveSpan({ start, end }: Span, toFile: (offset: number) => number): Span {
  const first = toFile(start);
  return { start: first, end: end > start ? Math.max(first, toFile(end - 1) + 1) : first };
}

/** Whether one span lies within the other, borders included. */
export function isInside(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}
