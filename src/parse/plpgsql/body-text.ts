import type { Span } from "../../text/span.ts";
import { decodeString } from "./string.ts";

/** The text that a body's tokens are read from, and the way back into the file. */
export interface BodyText {
  readonly text: string;
  readonly from: number;
  readonly limit: number;
  toFile(offset: number): number;
}

/**
 * A body in dollar quotes is read in place. One in single quotes may hold doubled quotes and escapes: then it
 * is decoded first, and every unit remembers where it came from.
 */
export function readBodyText(text: string, body: Span): BodyText {
  const isQuoted = text.charCodeAt(body.start - 1) === 39;
  const inner = isQuoted ? text.slice(body.start, body.end) : "";
  const hasEscapes = (text.charCodeAt(body.start - 2) | 32) === 101; // E''
  if (!inner.includes("'") && !(hasEscapes && inner.includes("\\"))) {
    return { text, from: body.start, limit: body.end, toFile: (offset) => offset };
  }
  const { value, placeOf } = decodeString(text, body.start, body.end, hasEscapes);
  return { text: value, from: 0, limit: value.length, toFile: placeOf };
}
