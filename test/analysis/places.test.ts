import fc from "fast-check";
import { expect, it } from "vitest";
import { ownPart } from "../../src/analysis/schema/edges.ts";
import { placeIn, sharedStart, withNext, withPlace } from "../../src/analysis/schema/places.ts";

interface Item {
  readonly name: string;
}

const start: readonly Item[] = Array.from({ length: 70 }, (_, k) => ({ name: `c${k}` }));

/** Lists that come from each other by steps: each changes one of those before, at its end or in a place, perhaps its name. */
function grow(steps: readonly (readonly [number, number | null, boolean])[]): readonly (readonly Item[])[] {
  placeIn(start, "c0");
  const lists = [start];
  for (const [from, place, isRenamed] of steps) {
    const list = lists[from % lists.length] ?? start;
    const at = place === null ? list.length : place % list.length;
    const next =
      place === null
        ? withNext(list, { name: `n${lists.length}` })
        : withPlace(list, at, { name: isRenamed ? `r${lists.length}` : (list[at]?.name ?? "") });
    lists.push(next);
  }
  return lists;
}

const step = fc.tuple(fc.nat(20), fc.option(fc.nat(80)), fc.boolean());

it("every name is found where it stands, in lists that share what they know", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const lists = grow(steps);
      const names = new Set(lists.flatMap((list) => list.map(({ name }) => name)));
      for (const list of lists)
        for (const name of names)
          expect(placeIn(list, name)).toBe(list.findIndex((item) => item.name === name));
    }),
    { numRuns: 50 },
  );
});

it("lists are known to share no more of their beginning than they do", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const lists = grow(steps);
      for (const one of lists)
        for (const other of lists) {
          const shared = sharedStart(one, other);
          expect(shared).toBeLessThanOrEqual(Math.min(one.length, other.length));
          expect(one.slice(0, shared).every((item, k) => item === other[k])).toBe(true);
        }
    }),
    { numRuns: 200 },
  );
});

it("what a list does not have in common with another is all that only it has", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const lists = grow(steps);
      for (const one of lists)
        for (const other of lists) {
          const own = new Set(ownPart(one, other));
          for (const item of one) if (!other.includes(item)) expect(own.has(item)).toBe(true);
        }
    }),
    { numRuns: 50 },
  );
});

it("a long list whose last item is changed with each statement is not compared from its beginning", () => {
  let list = start;
  placeIn(list, "c0");
  for (let k = 0; k < 50; k++) {
    const before = list;
    const longer = withNext(list, { name: `n${k}` });
    list = withPlace(longer, longer.length - 1, { name: `n${k}` });
    list = withPlace(list, list.length - 1, { name: `n${k}` });
    expect(sharedStart(before, list)).toBe(before.length);
    expect(ownPart(list, before)).toHaveLength(1);
  }
});
