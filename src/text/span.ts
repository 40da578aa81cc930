/** A stretch of a text, in UTF-16 units: `start` is inside, `end` is just behind. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A change to a text: the units of the span give way to `text`. An empty span inserts. */
export interface Edit extends Span {
  readonly text: string;
}

/** The smallest span that holds both. */
export function joinSpans(first: Span, last: Span): Span {
  return { start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}

export function isInside(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}
