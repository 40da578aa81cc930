import { keysOf, type Trie } from "./trie.ts";

/** Of the functions that were asked about last: their names by schema. */
let asked: {
  readonly functions: Trie<string, unknown>;
  readonly names: ReadonlyMap<string, readonly string[]>;
} | null = null;

/** The names of all functions, by schema; kept until the functions change. */
export function namesBySchema(functions: Trie<string, unknown>): ReadonlyMap<string, readonly string[]> {
  if (asked?.functions === functions) return asked.names;
  const names = new Map<string, string[]>();
  for (const key of keysOf(functions)) {
    const end = key.indexOf("\0");
    const list = names.get(key.slice(0, end));
    if (list === undefined) names.set(key.slice(0, end), [key.slice(end + 1)]);
    else list.push(key.slice(end + 1));
  }
  asked = { functions, names };
  return names;
}
