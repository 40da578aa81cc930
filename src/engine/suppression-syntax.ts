import type { Span } from "../text/span.ts";
import { foreignDirective } from "./suppression-dialects.ts";
import { type Directive, isBlank, type Slip, type WrittenId, words } from "./suppression-directive.ts";

/** Words that people write for ours. */
const misspelt = /^lockwise[-:]?(disable|nolint|ignor|suppress|skip|noqa|off)/;

/** A cheap look at the first letter of a comment: it spares most of them a closer one. */
export function mayBeDirective(text: string, from: number, end: number): boolean {
  let start = from + 2;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  return start < end && "lsap".includes(text.charAt(start));
}

/** Reads a comment as a directive; null where it is none. `text` is the whole file. */
export function parseDirective(text: string, comment: Span): Directive | null {
  if (!mayBeDirective(text, comment.start, comment.end)) return null;
  const isBlock = text.startsWith("/*", comment.start);
  let start = comment.start + 2;
  const end = isBlock && text.endsWith("*/", comment.end) ? comment.end - 2 : comment.end;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  const word = wordAt(text, start, end);
  const rest = { start: start + word.length, end };
  const name = word.replace(/:$/, "");
  if (name === "lockwise-ignore") return parseOwn(text, rest, "statement");
  if (name === "lockwise-ignore-file") return parseOwn(text, rest, "file");
  if (name.startsWith("lockwise-") || misspelt.test(name)) {
    const message = `${name} is no directive: write lockwise-ignore or lockwise-ignore-file`;
    const slip: Slip = { rule: "unknown-suppression", start, end: start + word.length, message };
    return { scope: "statement", ids: [], until: null, reason: null, isForeign: false, slips: [slip] };
  }
  return foreignDirective(name, text, rest);
}

function parseOwn(text: string, rest: Span, scope: "statement" | "file"): Directive {
  const reasonAt = text.slice(rest.start, rest.end).indexOf("--");
  const idsEnd = reasonAt === -1 ? rest.end : rest.start + reasonAt;
  const reason = reasonAt === -1 ? "" : text.slice(idsEnd + 2, rest.end).trim();
  const ids: WrittenId[] = [];
  const slips: Slip[] = [];
  let until: string | null = null;
  let isAfterComma = true;
  for (const { id: word, start, end } of words(text, rest.start, idsEnd)) {
    if (word.startsWith("until=")) {
      const date = word.slice("until=".length);
      if (isDate(date)) until = date;
      else {
        const message = `until=${date} is no date: write YYYY-MM-DD`;
        slips.push({ rule: "incomplete-suppression", start, end, message });
      }
    } else if (!isAfterComma) {
      const message = 'ids are parted by commas, and a reason begins after " -- "';
      slips.push({ rule: "unknown-suppression", start, end, message });
      break;
    } else ids.push({ id: word, start, end });
    isAfterComma = hasCommaAfter(text, end, idsEnd) || word.startsWith("until=");
  }
  if (ids.length === 0 && slips.length === 0) {
    const message = "the comment names no rule: nothing is ignored";
    slips.push({ rule: "unknown-suppression", ...rest, message });
  }
  return { scope, ids, until, reason: reason === "" ? null : reason, isForeign: false, slips };
}

function wordAt(text: string, from: number, to: number): string {
  let at = from;
  while (at < to && !isBlank(text.charCodeAt(at))) at++;
  return text.slice(from, at);
}

function hasCommaAfter(text: string, from: number, to: number): boolean {
  let at = from;
  while (at < to && isBlank(text.charCodeAt(at))) at++;
  return at < to && text.charCodeAt(at) === 44;
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
