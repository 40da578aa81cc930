import type { Span } from "../text/span.ts";
import type { Replacement } from "./replacements.ts";
import { verbOf } from "./template-blocks.ts";

/** What a placeholder turns into, and where to read on. */
export interface Found {
  readonly end: number;
  readonly replacements: readonly Replacement[];
}

/** A placeholder does not run over more than this: what opens and never closes is none. */
const REACH = 2000;

/** `${x}`; the token may be the `$`, a word that ends in it (`orders_$`), or a quoted name around it. */
export function findDollar(text: string, { start, end }: Span, limit: number): Found | null {
  if (text.charCodeAt(start) === 34) return findQuoted(text, start, end, limit, "${", "}");
  const open = text.charCodeAt(end - 1) === 36 ? end - 1 : -1;
  if (open === -1 || text.charCodeAt(open + 1) !== 123) return null;
  const close = closing(text, open + 2, limit, "}");
  return close === -1 ? null : single(open, close + 1, text.slice(open + 2, close));
}

/** Between marks of the project's own, `#[x]` or `__x__`: they may begin in the middle of a token. */
export function findBetween(
  text: string,
  { start, end }: Span,
  limit: number,
  { opens, closes }: { readonly opens: string; readonly closes: string },
): Found | null {
  if (text.charCodeAt(start) === 34) return findQuoted(text, start, end, limit, opens, closes);
  const open = text.slice(start, end - 1 + opens.length).indexOf(opens);
  if (open === -1) return null;
  const from = start + open + opens.length;
  const close = closing(text, from, limit, closes);
  const inner = text.slice(from, close);
  // An operator that begins like the mark is none.
  if (close <= from || inner.includes("\n")) return null;
  return single(start + open, close + closes.length, inner);
}

/** `{{ x }}`; `{{ if x }}` and its like steer the template: they vanish, with the branches that are passed over. */
export function findMustache(
  text: string,
  { start, end }: Span,
  limit: number,
  passed: ReadonlyMap<number, number>,
): Found | null {
  if (text.charCodeAt(start) === 34) return findQuoted(text, start, end, limit, "{{", "}}");
  if (!text.startsWith("{{", start)) return null;
  const close = closing(text, start + 2, limit, "}}");
  if (close === -1) return null;
  const inner = text.slice(start + 2, close);
  const isControl = controls.has(verbOf(inner));
  return single(
    start,
    isControl ? Math.min(passed.get(start) ?? close + 2, limit) : close + 2,
    isControl ? "" : inner,
  );
}

const controls = new Set([
  "if",
  "else",
  "end",
  "range",
  "with",
  "template",
  "block",
  "define",
  "break",
  "continue",
  "/*",
]);
/** psql's `:x`, `:'x'` and `:"x"`; `a::b`, `:=` and the slice `[1:n]` are something else. */
export function findColon(
  text: string,
  { start, end }: Span,
  limit: number,
  isInBrackets: boolean,
): Found | null {
  if (text.charCodeAt(start) !== 58 || end !== start + 1) return null;
  const next = text[end] ?? "";
  if (next === "'" || next === '"') {
    const close = closing(text, end + 1, limit, next);
    // The literal or quoted name stays, only the colon goes.
    return close === -1 ? null : { end, replacements: [{ start, end, name: "" }] };
  }
  if ((isInBrackets && !isElement(text, start)) || !/[A-Za-z_]/.test(next)) return null;
  let close = end;
  while (close < limit && /\w/.test(text[close] ?? "")) close++;
  return single(start, close, text.slice(end, close));
}

/** Whether a place in brackets is an element of an array, `ARRAY[:a, :b]`, where no bound of a slice can stand. */
function isElement(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 40), at).trimEnd();
  return before.endsWith(",") || /\barray\s*\[$/i.test(before);
}

/** A quoted name that holds a placeholder. One that is nothing else becomes a bare name, equal to the unquoted form. */
function findQuoted(
  text: string,
  start: number,
  end: number,
  limit: number,
  opens: string,
  closes: string,
): Found | null {
  const offset = text.slice(start, end).indexOf(opens);
  if (offset === -1) return null;
  const open = start + offset;
  const close = closing(text, open + opens.length, limit, closes);
  if (close === -1) return null;
  const behind = close + closes.length;
  const inner = text.slice(open + opens.length, close);
  if (open === start + 1 && text.charCodeAt(behind) === 34) return single(start, behind + 1, inner);
  const quote = text.indexOf('"', behind);
  if (quote === -1 || quote >= limit) return null;
  const name = nameFor(inner)
    .slice(0, behind - open)
    .padEnd(behind - open, "_");
  return { end: quote + 1, replacements: [{ start: open, end: behind, name }] };
}

function closing(text: string, from: number, limit: number, closes: string): number {
  const reach = Math.min(limit, from + REACH);
  const close = text.slice(from, reach).indexOf(closes);
  return close === -1 ? -1 : from + close;
}

/** One placeholder from here to there. */
export function single(start: number, end: number, inner: string): Found {
  return { end, replacements: [{ start, end, name: inner === "" ? "" : nameFor(inner) }] };
}

/** A name that no keyword can be, the same for the same placeholder however it is spaced and written. */
function nameFor(inner: string): string {
  const words = inner
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");
  return `_${words}`;
}
