/**
 * A persistent map: a hash trie with 32-way branches. Every change gives a new map that shares all but one path with
 * the old one, so that the schema before each of ten thousand statements can be kept for the price of the differences.
 * The order of iteration says nothing; who needs an order sorts.
 */
export interface Trie<Key extends string | number, Value> {
  readonly size: number;
  readonly root: Node<Key, Value> | null;
}

/**
 * Leaves and branches have the same fields in the same order: code that meets one shape only is what the engine below us
 * is fast with. A leaf without a list around its entry is half the memory, too.
 */
export type Node<Key, Value> = Leaf<Key, Value> | Branch<Key, Value>;

export interface Leaf<Key, Value> {
  /** The hash of the key. */
  readonly bits: number;
  readonly children: null;
  readonly key: Key;
  readonly value: Value;
  /** Another leaf whose hash is the same. */
  readonly next: Leaf<Key, Value> | null;
}

export interface Branch<Key, Value> {
  /** Which of the 32 places are taken. */
  readonly bits: number;
  readonly children: readonly Node<Key, Value>[];
  readonly key: null;
  readonly value: null;
  readonly next: null;
}

const EMPTY: Trie<never, never> = { size: 0, root: null };

/** File names and SQL are hostile: names cannot be chosen so that they collide. Order is never taken from the hash. */
const seed = Math.floor(Math.random() * 0x7fffffff);

/** A map without entries: one object for all. */
export function emptyTrie<Key extends string | number, Value>(): Trie<Key, Value> {
  return EMPTY;
}

/** The value of a key, in time that hardly grows with the map. */
export function getFrom<Key extends string | number, Value>(
  trie: Trie<Key, Value>,
  key: Key,
): Value | undefined {
  return trie.root === null ? undefined : find(trie.root, key, hashOf(key));
}

/** The same map where the value is there already. */
export function setIn<Key extends string | number, Value>(
  trie: Trie<Key, Value>,
  key: Key,
  value: Value,
): Trie<Key, Value> {
  const hash = hashOf(key);
  if (trie.root === null) return { size: 1, root: leafOf(hash, key, value, null) };
  const before = find(trie.root, key, hash);
  if (before === value) return trie;
  const root = insert(trie.root, hash, key, value, 0);
  return { size: before === undefined ? trie.size + 1 : trie.size, root };
}

/** The same map where the key is not there. */
export function removeFrom<Key extends string | number, Value>(
  trie: Trie<Key, Value>,
  key: Key,
): Trie<Key, Value> {
  if (trie.root === null) return trie;
  const hash = hashOf(key);
  if (find(trie.root, key, hash) === undefined) return trie;
  return { size: trie.size - 1, root: without(trie.root, key, hash, 0) };
}

/** All entries, in the order of their hashes: linear time. */
export function entriesOf<Key extends string | number, Value>(
  trie: Trie<Key, Value>,
): (readonly [Key, Value])[] {
  const entries: (readonly [Key, Value])[] = [];
  visit(trie.root, (leaf) => entries.push([leaf.key, leaf.value]));
  return entries;
}

/** All keys, in the order of their hashes. */
export function keysOf<Key extends string | number>(trie: Trie<Key, unknown>): Key[] {
  const keys: Key[] = [];
  visit(trie.root, (leaf) => keys.push(leaf.key));
  return keys;
}

/** All values, in the order of their keys' hashes. */
export function valuesOf<Value>(trie: Trie<string | number, Value>): Value[] {
  const values: Value[] = [];
  visit(trie.root, (leaf) => values.push(leaf.value));
  return values;
}

/** A node with an entry; `next` are entries whose keys have the same hash. */
export function leafOf<Key, Value>(
  hash: number,
  key: Key,
  value: Value,
  next: Leaf<Key, Value> | null,
): Leaf<Key, Value> {
  return { bits: hash, children: null, key, value, next };
}

function branchOf<Key, Value>(bitmap: number, children: readonly Node<Key, Value>[]): Branch<Key, Value> {
  return { bits: bitmap, children, key: null, value: null, next: null };
}

function find<Key, Value>(root: Node<Key, Value>, key: Key, hash: number): Value | undefined {
  let node = root;
  for (let shift = 0; node.children !== null; shift += 5) {
    const bit = 1 << ((hash >>> shift) & 31);
    if ((node.bits & bit) === 0) return undefined;
    const child = node.children[countBits(node.bits & (bit - 1))];
    if (child === undefined) return undefined;
    node = child;
  }
  if (node.bits !== hash) return undefined;
  for (let leaf: Leaf<Key, Value> | null = node; leaf !== null; leaf = leaf.next)
    if (leaf.key === key) return leaf.value;
  return undefined;
}

/** At most seven levels deep. */
function visit<Key, Value>(node: Node<Key, Value> | null, see: (leaf: Leaf<Key, Value>) => void): void {
  if (node === null) return;
  if (node.children !== null) for (const child of node.children) visit(child, see);
  else for (let leaf: Leaf<Key, Value> | null = node; leaf !== null; leaf = leaf.next) see(leaf);
}

function insert<Key, Value>(
  node: Node<Key, Value>,
  hash: number,
  key: Key,
  value: Value,
  shift: number,
): Node<Key, Value> {
  if (node.children === null) {
    if (node.bits !== hash) return join(node, leafOf(hash, key, value, null), shift);
    return leafOf(hash, key, value, withoutLeaf(node, key));
  }
  const bit = 1 << ((hash >>> shift) & 31);
  const index = countBits(node.bits & (bit - 1));
  const child = node.children[index];
  if ((node.bits & bit) === 0 || child === undefined) {
    return branchOf(node.bits | bit, node.children.toSpliced(index, 0, leafOf(hash, key, value, null)));
  }
  const children = node.children.slice();
  children[index] = insert(child, hash, key, value, shift + 5);
  return branchOf(node.bits, children);
}

/** A branch that tells two leaves of different hashes apart. */
function join<Key, Value>(
  first: Leaf<Key, Value>,
  second: Leaf<Key, Value>,
  shift: number,
): Node<Key, Value> {
  const left = (first.bits >>> shift) & 31;
  const right = (second.bits >>> shift) & 31;
  if (left === right) return branchOf(1 << left, [join(first, second, shift + 5)]);
  const children = left < right ? [first, second] : [second, first];
  return branchOf((1 << left) | (1 << right), children);
}

/** The leaves of one hash but that of the key. */
function withoutLeaf<Key, Value>(leaf: Leaf<Key, Value> | null, key: Key): Leaf<Key, Value> | null {
  if (leaf === null) return null;
  if (leaf.key === key) return leaf.next;
  return leafOf(leaf.bits, leaf.key, leaf.value, withoutLeaf(leaf.next, key));
}

function without<Key, Value>(
  node: Node<Key, Value>,
  key: Key,
  hash: number,
  shift: number,
): Node<Key, Value> | null {
  if (node.children === null) return withoutLeaf(node, key);
  const bit = 1 << ((hash >>> shift) & 31);
  const index = countBits(node.bits & (bit - 1));
  const child = node.children[index];
  if (child === undefined) return node;
  const rest = without(child, key, hash, shift + 5);
  if (rest !== null) {
    const children = node.children.slice();
    children[index] = rest;
    return branchOf(node.bits, children);
  }
  if (node.children.length === 1) return null;
  return branchOf(node.bits & ~bit, node.children.toSpliced(index, 1));
}

/** 32 bits; a bijection for numbers, so that distinct ids never collide. */
export function hashOf(key: string | number): number {
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
