/**
 * A persistent map: a hash trie with 32-way branches. Every change gives a new map that shares all but one path with
 * the old one, so that the schema before each of ten thousand statements can be kept for the price of the differences.
 * The order of iteration says nothing; who needs an order sorts.
 */
export interface Trie<Key extends string | number, Value> {
  readonly size: number;
  readonly root: Node<Key, Value> | null;
}

type Node<Key, Value> = Leaf<Key, Value> | Branch<Key, Value>;

interface Leaf<Key, Value> {
  readonly hash: number;
  /** More than one only where hashes collide. */
  readonly entries: readonly (readonly [Key, Value])[];
}

interface Branch<Key, Value> {
  readonly bitmap: number;
  readonly children: readonly Node<Key, Value>[];
}

const EMPTY: Trie<never, never> = { size: 0, root: null };

/** File names and SQL are hostile: names cannot be chosen so that they collide. Order is never taken from the hash. */
const seed = Math.floor(Math.random() * 0x7fffffff);

export function emptyTrie<Key extends string | number, Value>(): Trie<Key, Value> {
  return EMPTY;
}

export function getFrom<Key extends string | number, Value>(
  trie: Trie<Key, Value>,
  key: Key,
): Value | undefined {
  const hash = hashOf(key);
  let node = trie.root;
  for (let shift = 0; node !== null; shift += 5) {
    if ("entries" in node) {
      if (node.hash !== hash) return undefined;
      return node.entries.find((entry) => entry[0] === key)?.[1];
    }
    const bit = 1 << ((hash >>> shift) & 31);
    if ((node.bitmap & bit) === 0) return undefined;
    node = node.children[countBits(node.bitmap & (bit - 1))] ?? null;
  }
  return undefined;
}

/** The same map where the value is there already. */
export function setIn<Key extends string | number, Value>(
  trie: Trie<Key, Value>,
  key: Key,
  value: Value,
): Trie<Key, Value> {
  const leaf: Leaf<Key, Value> = { hash: hashOf(key), entries: [[key, value]] };
  if (trie.root === null) return { size: 1, root: leaf };
  const before = getFrom(trie, key);
  if (before === value) return trie;
  const root = insert(trie.root, leaf, key, 0);
  return { size: before === undefined ? trie.size + 1 : trie.size, root };
}

/** The same map where the key is not there. */
export function removeFrom<Key extends string | number, Value>(
  trie: Trie<Key, Value>,
  key: Key,
): Trie<Key, Value> {
  if (trie.root === null || getFrom(trie, key) === undefined) return trie;
  return { size: trie.size - 1, root: without(trie.root, key, hashOf(key), 0) };
}

export function entriesOf<Key extends string | number, Value>(
  trie: Trie<Key, Value>,
): (readonly [Key, Value])[] {
  const entries: (readonly [Key, Value])[] = [];
  if (trie.root !== null) visit(trie.root, (entry) => entries.push(entry));
  return entries;
}

export function keysOf<Key extends string | number>(trie: Trie<Key, unknown>): Key[] {
  const keys: Key[] = [];
  if (trie.root !== null) visit(trie.root, (entry) => keys.push(entry[0]));
  return keys;
}

export function valuesOf<Value>(trie: Trie<string | number, Value>): Value[] {
  const values: Value[] = [];
  if (trie.root !== null) visit(trie.root, (entry) => values.push(entry[1]));
  return values;
}

/** At most seven levels deep. */
function visit<Key extends string | number, Value>(
  node: Node<Key, Value>,
  see: (entry: readonly [Key, Value]) => void,
): void {
  if ("entries" in node) for (const entry of node.entries) see(entry);
  else for (const child of node.children) visit(child, see);
}

function insert<Key, Value>(
  node: Node<Key, Value>,
  leaf: Leaf<Key, Value>,
  key: Key,
  shift: number,
): Node<Key, Value> {
  if ("entries" in node) {
    if (node.hash !== leaf.hash) return join(node, leaf, shift);
    return {
      hash: node.hash,
      entries: [...node.entries.filter((entry) => entry[0] !== key), ...leaf.entries],
    };
  }
  const bit = 1 << ((leaf.hash >>> shift) & 31);
  const index = countBits(node.bitmap & (bit - 1));
  const child = node.children[index];
  if ((node.bitmap & bit) === 0 || child === undefined) {
    return { bitmap: node.bitmap | bit, children: node.children.toSpliced(index, 0, leaf) };
  }
  return { bitmap: node.bitmap, children: node.children.with(index, insert(child, leaf, key, shift + 5)) };
}

/** A branch that tells two leaves of different hashes apart. */
function join<Key, Value>(
  first: Leaf<Key, Value>,
  second: Leaf<Key, Value>,
  shift: number,
): Branch<Key, Value> {
  const left = (first.hash >>> shift) & 31;
  const right = (second.hash >>> shift) & 31;
  if (left === right) return { bitmap: 1 << left, children: [join(first, second, shift + 5)] };
  const children = left < right ? [first, second] : [second, first];
  return { bitmap: (1 << left) | (1 << right), children };
}

function without<Key, Value>(
  node: Node<Key, Value>,
  key: Key,
  hash: number,
  shift: number,
): Node<Key, Value> | null {
  if ("entries" in node) {
    const entries = node.entries.filter((entry) => entry[0] !== key);
    return entries.length === 0 ? null : { hash: node.hash, entries };
  }
  const bit = 1 << ((hash >>> shift) & 31);
  const index = countBits(node.bitmap & (bit - 1));
  const child = node.children[index];
  if (child === undefined) return node;
  const rest = without(child, key, hash, shift + 5);
  if (rest !== null) return { bitmap: node.bitmap, children: node.children.with(index, rest) };
  if (node.children.length === 1) return null;
  return { bitmap: node.bitmap & ~bit, children: node.children.toSpliced(index, 1) };
}

/** 32 bits; a bijection for numbers, so that distinct ids never collide. */
function hashOf(key: string | number): number {
  if (typeof key === "number") return key | 0;
  let hash = seed;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
    hash ^= hash >>> 15;
  }
  return Math.imul(hash ^ (hash >>> 13), 0x5bd1e995) | 0;
}

function countBits(bits: number): number {
  let rest = bits - ((bits >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
