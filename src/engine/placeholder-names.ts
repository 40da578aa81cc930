import type { Finding } from "../rule.ts";
import { truncateName } from "../sql/names.ts";
import type { UnitFacts } from "./facts.ts";
import type { Impact } from "./report.ts";

/** From a name that stands in for a placeholder to the placeholder as its author wrote it. */
export type PlaceholderNames = ReadonlyMap<string, string>;

/** The forms of placeholders: `${x}`, `{{ x }}`, `:x`, `{x}`, `$(x)`, `$%x%$`, `@x@`, `%x%`, a comment of one word in capitals. */
const forms =
  /\/\* ?[A-Z][A-Z0-9_]+ ?\*\/|\$\{[^{}]*\}|\{\{[^{}]*\}\}|:[A-Za-z_]\w*|\{[A-Za-z_][\w.]*\}|\$\([A-Za-z_]\w*\)|\$%[A-Za-z_]\w*%\$|@[A-Za-z_]\w*@|%[A-Za-z_]\w*%/g;

/**
 * Which names of a text are stand-ins. `filled` and `written` are the same text with and without its placeholders
 * replaced, of one length.
 */
function placeholderNames(filled: string, written: string): PlaceholderNames {
  const names = new Map<string, string>();
  if (filled === written) return names;
  const found = [...written.matchAll(forms)];
  for (const [k, { index, 0: form }] of found.entries()) {
    const own = filled.slice(index, index + form.length).trim();
    if (!/^_\w+$/.test(own)) continue;
    const { start, end } = wordAround(filled, index, index + own.length);
    const name = filled.slice(start, end);
    // The last of them may be filled up with spaces, and go on behind the name that stands in for it.
    let last = k;
    while ((found[last + 1]?.index ?? end) < end) last += 1;
    const { index: from = index, 0: tail = form } = found[last] ?? {};
    const asWritten = written.slice(start, Math.max(end, from + tail.length));
    // In the SQL that rules print of parts of the text the name is whole, elsewhere it is cut as the server does it.
    for (const one of [name, truncateName(name)]) if (!names.has(one)) names.set(one, asWritten);
  }
  return names;
}

/** The whole name that a stand-in is part of: `${tenant}_archive`. */
function wordAround(
  text: string,
  from: number,
  to: number,
): { readonly start: number; readonly end: number } {
  let [start, end] = [from, to];
  while (start > 0 && isOfWord(text.charAt(start - 1))) start -= 1;
  while (end < text.length && isOfWord(text.charAt(end))) end += 1;
  return { start, end };
}

function isOfWord(character: string): boolean {
  return /\w/.test(character);
}

/** The same, found once for each unit. */
export function namesOf(unit: UnitFacts, filled: string, written: string): PlaceholderNames {
  let names = known.get(unit);
  if (names === undefined) {
    names = placeholderNames(filled, written);
    known.set(unit, names);
  }
  return names;
}

/** Those that were found in a unit whose statements came before. */
export function foundNames(unit: UnitFacts): PlaceholderNames {
  return known.get(unit) ?? noNames;
}

const known = new WeakMap<UnitFacts, PlaceholderNames>();
const noNames: PlaceholderNames = new Map();

/** A finding with the placeholders where rules found their stand-ins: in what they say and in the SQL that they print. */
export function restorePlaceholders(finding: Finding, names: PlaceholderNames): Finding {
  if (names.size === 0) return finding;
  const { message, advice, rewrite } = finding;
  return {
    ...finding,
    message: restore(message, names),
    ...(advice !== undefined && { advice: restore(advice, names) }),
    ...(rewrite !== undefined && {
      rewrite: rewrite.map((step) => ({ ...step, sql: restore(step.sql, names) })),
    }),
  };
}

/** The impact with the placeholders of the file in place of the names that stood in for them. */
export function restoreImpact(impact: Impact | null, names: PlaceholderNames): Impact | null {
  if (impact === null || names.size === 0) return impact;
  const locks = impact.locks.map(({ relation, table, ...lock }) => ({
    relation: restore(relation, names),
    ...lock,
    ...(table !== undefined && { table: restore(table, names) }),
  }));
  const on = impact.on === undefined ? {} : { on: restore(impact.on, names) };
  return { ...impact, ...on, locks, work: restore(impact.work, names) };
}

/** A name as its author wrote it. */
export function restoreName(name: string, names: PlaceholderNames): string {
  return names.size === 0 ? name : restore(name, names);
}

/** Stand-ins are as long as what they replace: what fills them up before a dot goes. */
function restore(text: string, names: PlaceholderNames): string {
  return text.replaceAll(/(\w+)(?: +(?=\.))?/g, (whole, name: string) => names.get(name) ?? whole);
}
