import type { UserFunction } from "../entities.ts";
import { emptyTrie, type Trie } from "./trie.ts";
import { diffTries } from "./trie-diff.ts";

type Functions = Trie<string, readonly UserFunction[]>;

/** The index of the functions that were asked about last, as that of the relations: it follows them by what has changed. */
const known: { functions: Functions; readonly users: Map<string, Map<number, UserFunction>> } = {
  functions: emptyTrie(),
  users: new Map(),
};

/** The functions with an argument or result of a type of that bare name, or with a body that is kept as parsed and reads it. */
export function functionsUsing(functions: Functions, name: string): readonly UserFunction[] {
  if (known.functions !== functions) {
    for (const [before, after] of diffTries(known.functions, functions)) {
      for (const one of before ?? []) for (const used of namesIn(one)) known.users.get(used)?.delete(one.id);
      for (const one of after ?? []) for (const used of namesIn(one)) note(used, one);
    }
    known.functions = functions;
  }
  return [...(known.users.get(name)?.values() ?? [])];
}

function note(name: string, one: UserFunction): void {
  const users = known.users.get(name);
  if (users === undefined) known.users.set(name, new Map([[one.id, one]]));
  else users.set(one.id, one);
}

function namesIn(one: UserFunction): ReadonlySet<string> {
  const names = typesIn(one).map(({ name }) => name);
  return new Set([...names, ...(one.keeps?.relations ?? []).map(({ name }) => name)]);
}

/** The types of what a function takes and gives. */
export function typesIn({
  argumentTypes,
  returns,
  outputs = [],
}: UserFunction): readonly { readonly schema: string | null; readonly name: string }[] {
  return [...argumentTypes, ...(returns === null ? [] : [returns]), ...outputs.map(({ type }) => type)];
}
