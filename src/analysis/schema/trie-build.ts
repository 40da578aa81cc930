import { type Branch, emptyTrie, hashOf, type Leaf, leafOf, type Node, type Trie } from "./trie.ts";

/** Where the keys and values of a map come from that is not built yet. */
interface Entries<Key, Value> {
  readonly keys: readonly Key[];
  readonly hashes: readonly number[];
  readonly valueAt: (place: number) => Value;
}

/**
 * A map of keys that are all different. It is built where somebody looks: of thousands of entries a short run asks for a
 * few. A value is made from the place of its key when it is first wanted; then it stays.
 */
export function lazyTrieOf<Key extends string | number, Value>(
  keys: readonly Key[],
  valueAt: (place: number) => Value,
): Trie<Key, Value> {
  if (keys.length === 0) return emptyTrie();
  const entries = { keys, hashes: keys.map(hashOf), valueAt };
  const places = keys.map((_, place) => place);
  return { size: keys.length, root: nodeOf(entries, places, 0) };
}

function nodeOf<Key, Value>(
  entries: Entries<Key, Value>,
  places: readonly number[],
  shift: number,
): Node<Key, Value> {
  const [place = 0] = places;
  if (places.length === 1) return new LazyLeaf(entries, place);
  return shift > 30 ? chain(entries, places) : new LazyBranch(entries, places, shift);
}

/** Keys whose hashes are the same in all their bits. */
function chain<Key, Value>(entries: Entries<Key, Value>, [first = 0, ...others]: readonly number[]) {
  const { keys, hashes, valueAt } = entries;
  return others.reduce<Leaf<Key, Value>>(
    (next, place) => leafOf(hashes[place] ?? 0, keys[place] as Key, valueAt(place), next),
    new LazyLeaf(entries, first),
  );
}

/** Classes for the getters on their prototypes: to the trie they are a leaf and a branch like all others. */
class LazyLeaf<Key, Value> implements Leaf<Key, Value> {
  readonly bits: number;
  readonly children = null;
  readonly key: Key;
  readonly next = null;
  private readonly place: number;
  private make: ((place: number) => Value) | null;
  private made: Value | undefined;

  constructor({ keys, hashes, valueAt }: Entries<Key, Value>, place: number) {
    this.bits = hashes[place] ?? 0;
    this.key = keys[place] as Key;
    this.place = place;
    this.make = valueAt;
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

class LazyBranch<Key, Value> implements Branch<Key, Value> {
  readonly key = null;
  readonly value = null;
  readonly next = null;
  private readonly entries: Entries<Key, Value>;
  private readonly places: readonly number[];
  private readonly shift: number;
  private bitmap = 0;
  private nodes: Node<Key, Value>[] | null = null;

  constructor(entries: Entries<Key, Value>, places: readonly number[], shift: number) {
    this.entries = entries;
    this.places = places;
    this.shift = shift;
  }

  get bits(): number {
    if (this.nodes === null) this.open();
    return this.bitmap;
  }

  get children(): readonly Node<Key, Value>[] {
    return this.nodes ?? this.open();
  }

  private open(): readonly Node<Key, Value>[] {
    const { entries, places, shift } = this;
    const below: (number[] | null)[] = nowhere.slice();
    for (const place of places) {
      const index = ((entries.hashes[place] ?? 0) >>> shift) & 31;
      const some = below[index];
      this.bitmap |= 1 << index;
      if (some) some.push(place);
      else below[index] = [place];
    }
    const nodes: Node<Key, Value>[] = [];
    for (const some of below) if (some) nodes.push(nodeOf(entries, some, shift + 5));
    this.nodes = nodes;
    return nodes;
  }
}

const nowhere: readonly null[] = new Array(32).fill(null);
