import type { Span } from "../text/span.ts";

/** What a comment asks for, before anybody looks at rules and statements. */
export interface Directive {
  /** `range` opens and `end of range` closes what postgres-language-server calls start and end. */
  readonly scope: "statement" | "file" | "header" | "range" | "end of range";
  /** The ids as they are written; null stands for everything. */
  readonly ids: readonly WrittenId[] | null;
  readonly until: string | null;
  readonly reason: string | null;
  /** Of another linter: honoured, but its ids and its use are not our business. */
  readonly isForeign: boolean;
  /** What is wrong with the comment itself. */
  readonly slips: readonly Slip[];
}

/** An id as somebody wrote it, and where. */
export interface WrittenId extends Span {
  readonly id: string;
}

/** What is wrong with a comment, and where. */
export interface Slip extends Span {
  /** The rule that tells it. */
  readonly rule: "unknown-suppression" | "incomplete-suppression";
  readonly message: string;
}

/** The words of a stretch, with their places; commas and white space part them. */
export function* words(text: string, from: number, to: number): Generator<WrittenId> {
  let at = from;
  while (at < to) {
    while (at < to && isSeparator(text.charCodeAt(at))) at++;
    const start = at;
    while (at < to && !isSeparator(text.charCodeAt(at))) at++;
    if (at > start) yield { id: text.slice(start, at), start, end: at };
  }
}

/** Whether a code unit is white space. */
export function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function isSeparator(code: number): boolean {
  return code === 44 || isBlank(code);
}
