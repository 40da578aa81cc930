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
import { lazyTrieOf } from "../../src/analysis/schema/trie-build.ts";

const key = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 31 }),
  fc.integer({ min: 0, max: 40 }),
  fc.string({ maxLength: 3 }),
);

const builders = {
  "entry by entry": (entries: [string | number, number][]) =>
    entries.reduce((trie, [name, value]) => setIn(trie, name, value), emptyTrie<string | number, number>()),
  "when somebody looks": (entries: [string | number, number][]) =>
    lazyTrieOf(
      entries.map(([name]) => name),
      (place) => entries[place]?.[1] ?? -1,
    ),
};

describe.each(Object.entries(builders))("a persistent map, built %s", (_, build) => {
  it("is what a Map is, and leaves older versions alone", () => {
    const first = fc.uniqueArray(fc.tuple(key, fc.integer()), { selector: ([name]) => name, maxLength: 100 });
    const steps = fc.array(fc.record({ key, value: fc.option(fc.integer()) }), { maxLength: 200 });
    fc.assert(
      fc.property(first, steps, (entries, list) => {
        let trie: Trie<string | number, number> = build(entries);
        const map = new Map<string | number, number>(entries);
        const versions = [{ trie, entries: new Map(map) }];
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

  it("makes a value once", () => {
    let made = 0;
    const trie = lazyTrieOf(["a", "b"], () => ({ made: ++made }));
    expect(made).toBe(0);
    expect(getFrom(setIn(trie, "c", { made: 9 }), "b")).toBe(getFrom(trie, "b"));
    expect(made).toBe(1);
  });

  it("is the same object where nothing changes", () => {
    const trie = setIn(emptyTrie<string, number>(), "a", 1);
    expect(setIn(trie, "a", 1)).toBe(trie);
    expect(removeFrom(trie, "b")).toBe(trie);
    expect(removeFrom(trie, "a").root).toBeNull();
  });
});
