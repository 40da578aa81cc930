import { branchOf, emptyTrie, hashOf, type Leaf, leafOf, type Node, type Trie } from "./trie.ts";

/** A map of entries whose keys are all different, built at once. */
export function trieOf<Key extends string | number, Value>(
  entries: readonly (readonly [Key, Value])[],
): Trie<Key, Value> {
  return build(entries.map(([key, value]) => leafOf(hashOf(key), key, value, null)));
}

/** The same where a value is made when somebody first looks at it, from the place of its key; then it stays. */
export function lazyTrieOf<Key extends string | number, Value>(
  keys: readonly Key[],
  valueAt: (place: number) => Value,
): Trie<Key, Value> {
  return build(keys.map((key, place) => new LazyLeaf(key, () => valueAt(place))));
}

/** A class for the getter on its prototype: to the trie it is a leaf like all others. */
class LazyLeaf<Key extends string | number, Value> implements Leaf<Key, Value> {
  readonly bits: number;
  readonly children = null;
  readonly key: Key;
  readonly next = null;
  private make: (() => Value) | null;
  private made: Value | undefined;

  constructor(key: Key, make: () => Value) {
    this.bits = hashOf(key);
    this.key = key;
    this.make = make;
  }

  get value(): Value {
    if (this.make !== null) {
      this.made = this.make();
      this.make = null;
    }
    return this.made as Value;
  }
}

function build<Key extends string | number, Value>(leaves: readonly Leaf<Key, Value>[]): Trie<Key, Value> {
  return leaves.length === 0 ? emptyTrie() : { size: leaves.length, root: join(leaves, 0) };
}

function join<Key, Value>(leaves: readonly Leaf<Key, Value>[], shift: number): Node<Key, Value> {
  const [first, ...others] = leaves;
  if (first !== undefined && others.every(({ bits }) => bits === first.bits)) {
    return others.reduce((next, { bits, key, value }) => leafOf(bits, key, value, next), first);
  }
  const places: Leaf<Key, Value>[][] = [];
  for (const leaf of leaves) {
    const place = (leaf.bits >>> shift) & 31;
    const some = places[place];
    if (some === undefined) places[place] = [leaf];
    else some.push(leaf);
  }
  let bitmap = 0;
  const children: Node<Key, Value>[] = [];
  // Places that nobody took are skipped, the others come in order.
  places.forEach((some, place) => {
    bitmap |= 1 << place;
    children.push(join(some, shift + 5));
  });
  return branchOf(bitmap, children);
}
