import type { Leaf, Node, Trie } from "./trie.ts";

/** What was taken out of a map or put into it. */
export interface TrieDifference<Value> {
  readonly gone: readonly Value[];
  readonly come: readonly Value[];
}

/**
 * The values that are only in the one map or only in the other. What both share is not looked at: the price is that of
 * the changes between them, not that of the maps.
 */
export function diffTries<Key extends string | number, Value>(
  before: Trie<Key, Value>,
  after: Trie<Key, Value>,
): TrieDifference<Value> {
  const gone: Value[] = [];
  const come: Value[] = [];
  compare(before.root, after.root, gone, come);
  return { gone, come };
}

function compare<Key, Value>(
  before: Node<Key, Value> | null,
  after: Node<Key, Value> | null,
  gone: Value[],
  come: Value[],
): void {
  if (before === after) return;
  if (before?.children && after?.children) {
    let [left, right] = [0, 0];
    for (let place = 0; place < 32; place++) {
      const bit = 1 << place;
      const old = (before.bits & bit) === 0 ? null : (before.children[left++] ?? null);
      const now = (after.bits & bit) === 0 ? null : (after.children[right++] ?? null);
      compare(old, now, gone, come);
    }
    return;
  }
  const old = leavesOf(before);
  const now = leavesOf(after);
  for (const [key, value] of old) if (!now.has(key) || now.get(key) !== value) gone.push(value);
  for (const [key, value] of now) if (!old.has(key) || old.get(key) !== value) come.push(value);
}

function leavesOf<Key, Value>(
  node: Node<Key, Value> | null,
  leaves = new Map<Key, Value>(),
): Map<Key, Value> {
  if (node === null) return leaves;
  if (node.children !== null) for (const child of node.children) leavesOf(child, leaves);
  else
    for (let leaf: Leaf<Key, Value> | null = node; leaf !== null; leaf = leaf.next)
      leaves.set(leaf.key, leaf.value);
  return leaves;
}
