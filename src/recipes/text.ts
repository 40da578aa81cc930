import { byteLength, MAX_NAME_BYTES, quoteName, truncateName } from "../sql/names.ts";
import { isSpace } from "../sql/scanner.ts";
import { applyEdits } from "../text/edits.ts";
import type { Edit, Span } from "../text/span.ts";

/** The user's own SQL between two offsets, changed by edits that lie inside. The offsets are those of the whole text. */
export function editedText(text: string, span: Span, edits: readonly Edit[]): string {
  const moved = edits.map((edit) => ({
    start: edit.start - span.start,
    end: edit.end - span.start,
    text: edit.text,
  }));
  return applyEdits(text.slice(span.start, span.end), moved).text;
}

/**
 * A name made of parts that fits into 63 bytes, as SQL. The longest part gives way, as PostgreSQL does it for the names
 * that it chooses; `isTaken` makes it count upwards.
 */
export function freshName(
  parts: readonly string[],
  isTaken: (name: string) => boolean = () => false,
): string {
  for (let count = 0; ; count++) {
    const suffix = count === 0 ? "" : String(count);
    const name = joinName(parts, suffix);
    if (!isTaken(name)) return quoteName(name);
  }
}

function joinName(parts: readonly string[], suffix: string): string {
  // The server cuts each of them anyway; what is cut here first need not give way letter by letter.
  const shortened = parts.map(truncateName);
  const join = () => shortened.join("_") + suffix;
  while (byteLength(join()) > MAX_NAME_BYTES) {
    const longest = shortened.reduce(
      (best, part, k) => (part.length >= (shortened[best] ?? "").length ? k : best),
      0,
    );
    const part = shortened[longest] ?? "";
    if (part.length <= 1) return truncateName(join());
    shortened[longest] = [...part].slice(0, -1).join("");
  }
  return join();
}

/** An edit that takes a span away, together with the white space before it. */
export function removal(text: string, span: Span): Edit {
  let start = span.start;
  while (start > 0 && isSpace(text.charCodeAt(start - 1))) start--;
  return { start, end: span.end, text: "" };
}

/** The statement with a semicolon, whether or not it had one. */
export function terminated(sql: string): string {
  return sql.endsWith(";") ? sql : `${sql};`;
}

/** The bare name of SQL that {@link freshName} gave. */
export function bareName(sql: string): string {
  return sql.startsWith('"') ? sql.slice(1, -1).replaceAll('""', '"') : sql;
}
