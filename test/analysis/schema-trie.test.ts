import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  emptyTrie,
  entriesOf,
  getFrom,
  removeFrom,
  setIn,
  type Trie,
} from "../../src/analysis/schema/trie.ts";

const key = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 31 }),
  fc.integer({ min: 0, max: 40 }),
  fc.string({ maxLength: 3 }),
);

describe("a persistent map", () => {
  it("is what a Map is, and leaves older versions alone", () => {
    const steps = fc.array(fc.record({ key, value: fc.option(fc.integer()) }), { maxLength: 200 });
    fc.assert(
      fc.property(steps, (list) => {
        let trie: Trie<string | number, number> = emptyTrie();
        const map = new Map<string | number, number>();
        const versions: { trie: typeof trie; entries: Map<string | number, number> }[] = [];
        for (const step of list) {
          if (step.value === null) map.delete(step.key);
          else map.set(step.key, step.value);
          trie = step.value === null ? removeFrom(trie, step.key) : setIn(trie, step.key, step.value);
          versions.push({ trie, entries: new Map(map) });
        }
        for (const version of versions) {
          expect(new Map(entriesOf(version.trie))).toEqual(version.entries);
          expect(version.trie.size).toBe(version.entries.size);
          for (const [name, value] of version.entries) expect(getFrom(version.trie, name)).toBe(value);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is the same object where nothing changes", () => {
    const trie = setIn(emptyTrie<string, number>(), "a", 1);
    expect(setIn(trie, "a", 1)).toBe(trie);
    expect(removeFrom(trie, "b")).toBe(trie);
    expect(removeFrom(trie, "a").root).toBeNull();
  });
});
