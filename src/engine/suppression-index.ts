import type { Span } from "../text/span.ts";
import type { SuppressedName, Suppression } from "./suppressions.ts";

/** What a suppression is held against. */
export interface Suppressible {
  readonly rule: string;
  /** The underlined tokens. */
  readonly at: Span;
}

interface Entry {
  readonly covers: Span;
  readonly name: SuppressedName | Suppression;
  /** The furthest end of all entries up to this one. */
  reach: number;
}

/** Finds the narrowest suppression that covers a finding: the one whose stretch begins last. */
export function indexCover(
  suppressions: readonly Suppression[],
): (finding: Suppressible) => SuppressedName | Suppression | null {
  const byRule = new Map<string, Entry[]>();
  for (const suppression of suppressions) {
    const { covers, names } = suppression;
    if (covers === null) continue;
    if (names === null) add(byRule, "*", { covers, name: suppression, reach: 0 });
    for (const name of names ?? []) {
      for (const rule of name.rules) add(byRule, rule, { covers, name, reach: 0 });
    }
  }
  for (const entries of byRule.values()) {
    entries.sort((a, b) => a.covers.start - b.covers.start);
    let reach = 0;
    for (const entry of entries) {
      reach = Math.max(reach, entry.covers.end);
      entry.reach = reach;
    }
  }
  return ({ rule, at }) => findIn(byRule.get(rule), at) ?? findIn(byRule.get("*"), at);
}

function add(index: Map<string, Entry[]>, rule: string, entry: Entry): void {
  const list = index.get(rule);
  if (list === undefined) index.set(rule, [entry]);
  else list.push(entry);
}

/** Where a finding begins decides; the end of a statement is still of it. */
function findIn(entries: readonly Entry[] | undefined, at: Span): SuppressedName | Suppression | null {
  if (entries === undefined) return null;
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.covers.start ?? 0) <= at.start) low = middle + 1;
    else high = middle;
  }
  for (let k = low - 1; k >= 0; k--) {
    const entry = entries[k];
    if (entry === undefined || entry.reach < at.start) return null;
    if (entry.covers.end >= at.start) return entry.name;
  }
  return null;
}
