import type { Leaf, Node, Trie } from "./trie.ts";

/** What a key stood for, and what it stands for; undefined: nothing. */
type TrieChange<Value> = readonly [before: Value | undefined, after: Value | undefined];

/**
 * What changed from one map to the other. What both share is not looked at: the price is that of the changes between
 * them, not that of the maps.
 */
export function diffTries<Key extends string | number, Value>(
  before: Trie<Key, Value>,
  after: Trie<Key, Value>,
): readonly TrieChange<Value>[] {
  const changes: TrieChange<Value>[] = [];
  compare(before.root, after.root, changes);
  return changes;
}

function compare<Key, Value>(
  before: Node<Key, Value> | null,
  after: Node<Key, Value> | null,
  changes: TrieChange<Value>[],
): void {
  if (before === after) return;
  if (before?.children && after?.children) {
    let [left, right] = [0, 0];
    for (let rest = before.bits | after.bits; rest !== 0; rest &= rest - 1) {
      const bit = rest & -rest;
      const old = (before.bits & bit) === 0 ? null : (before.children[left++] ?? null);
      const now = (after.bits & bit) === 0 ? null : (after.children[right++] ?? null);
      if (old !== now) compare(old, now, changes);
    }
    return;
  }
  const old = leavesOf(before);
  const now = leavesOf(after);
  for (const [key, value] of old) if (now.get(key) !== value) changes.push([value, now.get(key)]);
  for (const [key, value] of now) if (!old.has(key)) changes.push([undefined, value]);
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
