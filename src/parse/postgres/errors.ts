import type { Token } from "../../sql/token.ts";
import type { Span } from "../../text/span.ts";

/** The offset in UTF-16 units of the code point with this number. */
export function offsetOfCodePoint(sql: string, count: number): number {
  let offset = 0;
  for (let left = count; left > 0 && offset < sql.length; left--) {
    offset += (sql.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

/** The token at an offset of the text; at the end of the statement its last one. */
export function tokenSpanAt(tokens: readonly Token[], offset: number): Span {
  const found = tokens.find((token) => token.end > offset) ?? tokens[tokens.length - 1];
  return found === undefined ? { start: offset, end: offset } : { start: found.start, end: found.end };
}
