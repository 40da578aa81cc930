import {
  extensionFunctions,
  immutableFunctions,
  mixedFunctions,
  stableFunctions,
  volatileFunctions,
} from "./functions.ts";

export type Volatility = "immutable" | "stable" | "volatile";

interface BuiltIn {
  /** Where a function has several forms: the best and the worst of them. */
  readonly best: Volatility;
  readonly worst: Volatility;
  readonly from: number;
  readonly to: number;
}

/** Names, and the best and the worst of their forms; of a name that stands in several lists the first counts. */
const lists: readonly (readonly [names: string, best: Volatility, worst: Volatility])[] = [
  // Functions with a grammar of their own.
  ["current_role user session_user system_user current_catalog current_timestamp", "stable", "stable"],
  ["current_time current_date localtime localtimestamp", "stable", "stable"],
  ["nullif position substring overlay trim normalize", "immutable", "immutable"],
  ["extract", "immutable", "stable"],
  [mixedFunctions, "immutable", "stable"],
  [immutableFunctions, "immutable", "immutable"],
  [stableFunctions, "stable", "stable"],
  [volatileFunctions, "volatile", "volatile"],
  [extensionFunctions.immutable, "immutable", "immutable"],
  [extensionFunctions.stable, "stable", "stable"],
  [extensionFunctions.volatile, "volatile", "volatile"],
];

/** So many names are sought in the lists as they are: to take them apart pays for larger files alone. */
const SOUGHT = 20;
let sought = 0;
let table: Map<string, BuiltIn> | null = null;

/** The built-in function of that name, in whichever versions. */
export function findBuiltIn(name: string): BuiltIn | undefined {
  if (table === null && sought++ < SOUGHT) return seekBuiltIn(name);
  table ??= buildTable();
  return table.get(name);
}

/** All of them by name. */
export function buildTable(): Map<string, BuiltIn> {
  const found = new Map<string, BuiltIn>();
  for (const [names, best, worst] of lists) {
    for (const entry of names.trim().split(/\s+/)) {
      const [name = "", range] = entry.split("@");
      if (!found.has(name)) found.set(name, { best, worst, ...parseRange(range) });
    }
  }
  return found;
}

/** Finds one without the table. */
export function seekBuiltIn(name: string): BuiltIn | undefined {
  if (name === "" || /[\s@]/.test(name)) return undefined;
  for (const [names, best, worst] of lists) {
    for (let at = names.indexOf(name); at !== -1; at = names.indexOf(name, at + 1)) {
      if (!isEnd(names[at - 1])) continue;
      const end = at + name.length;
      if (isEnd(names[end])) return { best, worst, ...parseRange(undefined) };
      if (names[end] === "@") {
        const [range] = names.slice(end + 1, end + 20).split(/\s/);
        return { best, worst, ...parseRange(range) };
      }
    }
  }
  return undefined;
}

function isEnd(character: string | undefined): boolean {
  return character === undefined || character === " " || character === "\n";
}

/** `13-18`, or the one version that has it. */
function parseRange(range = "0-99"): { readonly from: number; readonly to: number } {
  const [from = 0, to = from] = range.split("-").map(Number);
  return { from, to };
}
