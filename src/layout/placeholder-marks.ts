import type { TokenKind } from "../sql/token.ts";
import type { Span } from "../text/span.ts";
import { type Found, single } from "./placeholder-forms.ts";

/**
 * Forms that tools and scripts of one's own use: `{x}`, `$(x)`, `$%x%$`, `@x@`, `%x%`, `%(x)s`, a comment of one word in
 * capitals right before a dot, where a name is missing. They are taken for placeholders only where PostgreSQL could not read
 * them as anything else: the first three, and `@x@.`, nowhere, the others where no operator can stand.
 */
const marks =
  /\{[A-Za-z_]|\$[(%][A-Za-z_]|@[A-Za-z_]\w*@|%[A-Za-z_]\w*%|%\([A-Za-z_]\w*\)s|[A-Z0-9_] ?\*\/\./;

/** A quick look: false means that none of these forms is in the text. */
export function mayHoldMarks(text: string): boolean {
  return marks.test(text);
}

/** The forms that PostgreSQL reads nowhere, not in a body either. */
export function findBraces(text: string, { start, end }: Span, limit: number): Found | null {
  const last = text[end - 1];
  // In a string of a body `''{a}''` is an array of one.
  if (last === "{")
    return text[start - 1] === "'" ? null : match(/\{([A-Za-z_][\w.]*)\}/y, text, start, limit);
  // `@extschema@.f()`: no name begins with the dot behind an operator.
  if (last === "@") return match(/@([A-Za-z_]\w*)@(?=\.["A-Za-z_])/y, text, end - 1, limit);
  if (last !== "$") return null;
  return (
    match(/\$\(([A-Za-z_]\w*)\)/y, text, end - 1, limit) ??
    match(/\$%([A-Za-z_]\w*)%\$/y, text, end - 1, limit)
  );
}

/** `isBehindValue`: whether the token before may be the left side of an operator. */
export function findMark(text: string, token: Span, limit: number, isBehindValue: boolean): Found | null {
  const { start, end } = token;
  const last = text[end - 1];
  const nowhere = last === "{" || last === "$" || last === "@" ? findBraces(text, token, limit) : null;
  if (nowhere !== null || last === "{" || last === "$") return nowhere;
  const isSign = end - start === 1 || (end - start === 2 && text[start] === "=");
  if (!isSign || (isBehindValue && text[start] !== "=")) return null;
  if (last === "@") return match(/@([A-Za-z_]\w*)@(?![@<>=~!#%^&|`?+*/-])/y, text, end - 1, limit);
  if (last === "%" && text[end] === "(") return match(/%\(([A-Za-z_]\w*)\)s\b/y, text, end - 1, limit);
  if (last === "%") return match(/%([A-Za-z_]\w*)%(?![@<>=~!#%^&|`?+*/-])/y, text, end - 1, limit);
  return null;
}

// A comment in the place of a schema, glued to the dot.
export function findComment(text: string, { start, end }: Span, isBehindValue: boolean): Found | null {
  if (isBehindValue || text[end] !== ".") return null;
  const name = /^\/\* ?([A-Z][A-Z0-9_]+) ?\*\/$/.exec(text.slice(start, Math.min(end, start + 80)))?.[1];
  return name === undefined ? null : single(start, end, name);
}

function match(form: RegExp, text: string, at: number, limit: number): Found | null {
  form.lastIndex = at;
  const found = form.exec(text);
  const end = at + (found?.[0].length ?? 0);
  return found === null || end > limit ? null : single(at, end, found[1] ?? "");
}

/** Whether a token may be a value, or end one: an operator may follow it. */
export function mayBeValue(text: string, kind: TokenKind, { start, end }: Span): boolean {
  if (kind === "word") return !opening.has(text.slice(start, end).toLowerCase());
  if (kind !== "punctuation") return kind !== "operator" && kind !== "invalid";
  return text[start] === ")" || text[start] === "]";
}

/** Words that a name or a value follows. */
const opening = new Set(
  (
    "all and any as between by call case column constraint database default distinct domain else exists extension for from function group " +
    "having ilike in index into is join like limit not offset on only or owner policy procedure references returning returns role schema select " +
    "sequence set setof table tablespace then to trigger truncate type update user using values view when where with"
  ).split(" "),
);
