/** A stretch of a text, in UTF-16 units: `start` is inside, `end` is just behind. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A change to a text: the units of the span give way to `text`. An empty span inserts. */
export interface Edit extends Span {
  readonly text: string;
}

/** Whether one span lies within the other, borders included. */
export function isInside(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}
