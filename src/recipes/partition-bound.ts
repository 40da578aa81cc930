import type { PartitionKey } from "../model/table.ts";
import { quoteName } from "../sql/names.ts";
import type { Token } from "../sql/token.ts";
import { areWords, isMark, isWord, tokensIn } from "../sql/tokens.ts";
import type { Span } from "../text/span.ts";

/** A partition bound as the user wrote it. */
interface BoundText {
  readonly span: Span;
  /** The values of each parenthesis: of IN one list, of FROM ... TO two. Empty: DEFAULT. */
  readonly groups: readonly (readonly string[])[];
  readonly form: "list" | "range" | "hash" | "default";
}

/** Finds `FOR VALUES ...` or `DEFAULT` from an offset on; null where there is none. */
export function findBound(text: string, from: number, limit: number): BoundText | null {
  const tokens = tokensIn(text, from, limit);
  let depth = 0;
  for (const [k, token] of tokens.entries()) {
    if (isMark(text, token, "(")) depth++;
    else if (isMark(text, token, ")")) depth--;
    else if (depth > 0) continue;
    else if (isWord(text, token, "default"))
      return { span: { start: token.start, end: token.end }, groups: [], form: "default" };
    else if (areWords(text, tokens, k, "for", "values")) return readBound(text, tokens, k);
  }
  return null;
}

function readBound(text: string, tokens: readonly Token[], start: number): BoundText | null {
  const word = tokens[start + 2];
  const form = isWord(text, word, "in") ? "list" : isWord(text, word, "from") ? "range" : "hash";
  const first = readGroup(text, tokens, start + 3);
  const second = form === "range" && first !== null ? readGroup(text, tokens, first.next + 1) : null;
  const last = second ?? first;
  const begin = tokens[start];
  if (first === null || last === null || begin === undefined) return null;
  const groups = second === null ? [first.values] : [first.values, second.values];
  return { span: { start: begin.start, end: last.end }, groups, form };
}

/** The parenthesis at an index: its comma-separated parts, the index behind it and its end in the text. */
function readGroup(
  text: string,
  tokens: readonly Token[],
  index: number,
): { readonly values: string[]; readonly next: number; readonly end: number } | null {
  const open = tokens[index];
  if (open === undefined || !isMark(text, open, "(")) return null;
  const values: string[] = [];
  let from = open.end;
  let depth = 0;
  for (let k = index; k < tokens.length; k++) {
    const token = tokens[k];
    if (token === undefined) break;
    if (isMark(text, token, "(") || isMark(text, token, "[")) depth++;
    else if (isMark(text, token, "]")) depth--;
    else if (isMark(text, token, ")") && --depth === 0) {
      values.push(text.slice(from, token.start).trim());
      return { values, next: k + 1, end: token.end };
    } else if (depth === 1 && isMark(text, token, ",")) {
      values.push(text.slice(from, token.start).trim());
      from = token.end;
    }
  }
  return null;
}

/**
 * What the bound says of a row, as a condition that PostgreSQL recognises as such. Null for keys of several columns, for
 * keys that are expressions, and for hash bounds, which no CHECK can prove.
 */
export function boundCondition(key: PartitionKey | null, bound: BoundText): string | null {
  const column = key?.columns.length === 1 ? key.columns[0]?.column : null;
  if (column === null || column === undefined) return null;
  const name = quoteName(column);
  const [first = [], second = []] = bound.groups;
  if (bound.form === "list") {
    const values = first.filter((value) => value.toLowerCase() !== "null");
    const some = `${name} IN (${values.join(", ")})`;
    if (values.length === first.length) return `${name} IS NOT NULL AND ${some}`;
    return values.length === 0 ? `${name} IS NULL` : `${name} IS NULL OR ${some}`;
  }
  if (bound.form !== "range") return null;
  const side = (operator: string, value: string | undefined) =>
    value === undefined || /^(min|max)value$/i.test(value) ? [] : [`${name} ${operator} ${value}`];
  return [`${name} IS NOT NULL`, ...side(">=", first[0]), ...side("<", second[0])].join(" AND ");
}
