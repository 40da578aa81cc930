import { emptyTrie, getFrom, setIn, type Trie } from "./schema/trie.ts";

/** The savepoints of an open transaction, the latest first. Persistent: a file may set tens of thousands, and each is one step. */
export interface Savepoints<Value> {
  readonly latest: Savepoint<Value> | null;
  /** Of each name the latest: all savepoints up to it. */
  readonly byName: Trie<string, Savepoints<Value>>;
}

interface Savepoint<Value> {
  readonly name: string;
  readonly value: Value;
  readonly before: Savepoints<Value>;
}

const none: Savepoints<never> = { latest: null, byName: emptyTrie() };

/** A transaction without savepoints. */
export function noSavepoints<Value>(): Savepoints<Value> {
  return none;
}

/** SAVEPOINT: remembers a value under a name; an older one of that name is hidden, not lost. */
export function withSavepoint<Value>(
  before: Savepoints<Value>,
  name: string,
  value: Value,
): Savepoints<Value> {
  const own = { latest: { name, value, before }, byName: before.byName };
  own.byName = setIn(before.byName, name, own);
  return own;
}

/** All savepoints up to the latest of that name. */
export function savepointsTo<Value>(
  savepoints: Savepoints<Value>,
  name: string | null,
): Savepoints<Value> | undefined {
  return name === null ? undefined : getFrom(savepoints.byName, name);
}
