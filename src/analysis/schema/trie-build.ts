import { branchOf, emptyTrie, hashOf, type Leaf, leafOf, type Node, type Trie } from "./trie.ts";

/** A map of entries whose keys are all different, built at once. */
export function trieOf<Key extends string | number, Value>(
  entries: readonly (readonly [Key, Value])[],
): Trie<Key, Value> {
  const leaves: Leaf<Key, Value>[] = [];
  for (const [key, value] of entries) leaves.push(leafOf(hashOf(key), key, value, null));
  return build(leaves);
}

/** The same where a value is made when somebody first looks at it, from the place of its key; then it stays. */
export function lazyTrieOf<Key extends string | number, Value>(
  keys: readonly Key[],
  valueAt: (place: number) => Value,
): Trie<Key, Value> {
  const leaves: Leaf<Key, Value>[] = [];
  for (let place = 0; place < keys.length; place++) {
    const key = keys[place];
    if (key !== undefined) leaves.push(new LazyLeaf(key, place, valueAt));
  }
  return build(leaves);
}

/** A class for the getter on its prototype: to the trie it is a leaf like all others. */
class LazyLeaf<Key extends string | number, Value> implements Leaf<Key, Value> {
  readonly bits: number;
  readonly children = null;
  readonly key: Key;
  readonly next = null;
  private readonly place: number;
  private make: ((place: number) => Value) | null;
  private made: Value | undefined;

  constructor(key: Key, place: number, make: (place: number) => Value) {
    this.bits = hashOf(key);
    this.key = key;
    this.place = place;
    this.make = make;
    this.made = undefined;
  }

  get value(): Value {
    if (this.make !== null) {
      this.made = this.make(this.place);
      this.make = null;
    }
    return this.made as Value;
  }
}

function build<Key extends string | number, Value>(leaves: Leaf<Key, Value>[]): Trie<Key, Value> {
  return leaves.length === 0 ? emptyTrie() : { size: leaves.length, root: join(leaves, 0) };
}

/** Plain loops: this runs once in a process, before anything of it is compiled well. */
function join<Key, Value>(leaves: Leaf<Key, Value>[], shift: number): Node<Key, Value> {
  const [first] = leaves;
  if (first !== undefined && leaves.length === 1) return first;
  if (shift > 30) return chain(leaves);
  const places: (Leaf<Key, Value>[] | null)[] = nowhere.slice();
  let bitmap = 0;
  for (const leaf of leaves) {
    const place = (leaf.bits >>> shift) & 31;
    const some = places[place];
    bitmap |= 1 << place;
    if (some) some.push(leaf);
    else places[place] = [leaf];
  }
  const children: Node<Key, Value>[] = [];
  for (const some of places) if (some) children.push(join(some, shift + 5));
  return branchOf(bitmap, children);
}

const nowhere: readonly null[] = new Array(32).fill(null);

/** Leaves whose hashes are the same in all their bits. */
function chain<Key, Value>(leaves: readonly Leaf<Key, Value>[]): Leaf<Key, Value> {
  const [first, ...others] = leaves;
  if (first === undefined) throw new RangeError("no leaves");
  return others.reduce((next, { bits, key, value }) => leafOf(bits, key, value, next), first);
}
