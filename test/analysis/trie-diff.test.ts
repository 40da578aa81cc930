import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyTrie, getFrom, removeFrom, setIn, type Trie } from "../../src/analysis/schema/trie.ts";
import { diffTries } from "../../src/analysis/schema/trie-diff.ts";

type Numbers = Trie<number, { readonly key: number }>;

const steps = fc.array(fc.record({ key: fc.integer({ min: 0, max: 200 }), isGone: fc.boolean() }), {
  maxLength: 150,
});

function change(trie: Numbers, list: readonly { readonly key: number; readonly isGone: boolean }[]): Numbers {
  return list.reduce(
    (before, { key, isGone }) => (isGone ? removeFrom(before, key) : setIn(before, key, { key })),
    trie,
  );
}

describe("the difference of two maps", () => {
  it("is what leads from one to the other", () => {
    fc.assert(
      fc.property(steps, steps, steps, (shared, left, right) => {
        const base = change(emptyTrie(), shared);
        const [before, after] = [change(base, left), change(base, right)];
        let walked = before;
        for (const [old, now] of diffTries(before, after)) {
          const key = (now ?? old)?.key ?? -1;
          expect(getFrom(before, key)).toBe(old);
          walked = now === undefined ? removeFrom(walked, key) : setIn(walked, key, now);
        }
        expect(diffTries(walked, after)).toEqual([]);
        expect(walked.size).toBe(after.size);
      }),
      { numRuns: 100 },
    );
  });

  it("looks at nothing that both share", () => {
    let trie: Numbers = emptyTrie();
    let looks = 0;
    for (let key = 0; key < 20_000; key++) {
      const value = { key };
      trie = setIn(trie, key, value);
    }
    const after = setIn(trie, 77, { key: 77 });
    for (const [old] of diffTries(trie, after)) looks += old === undefined ? 0 : 1;
    expect(looks).toBe(1);
  });
});
