import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Lock } from "../../src/analysis/effect.ts";
import { type HeldLock, holdLocks, noLocks } from "../../src/analysis/held-locks.ts";
import { isAtLeast, lockModes, strongest } from "../../src/model/locks.ts";

const lock = fc
  .record({
    relation: fc.constantFrom("public.a", "public.b", "public.c", "public.d"),
    id: fc.constant(null),
    mode: fc.constantFrom(...lockModes),
    isIndex: fc.boolean(),
  })
  .map(({ isIndex, ...one }): Lock => {
    // A name may go from one to the other: `DROP TABLE c; CREATE INDEX c ON ...`.
    return { ...one, kind: one.relation === "public.c" && isIndex ? "index" : "table" };
  });

const strongOf = (held: Iterable<HeldLock>) =>
  [...held].filter(
    ({ existed, kind, mode }) => existed && kind !== "index" && isAtLeast(mode, "SHARE ROW EXCLUSIVE"),
  );

describe("the locks of a transaction", () => {
  it("are the strongest of each relation, in the order in which they came", () => {
    fc.assert(
      fc.property(fc.array(fc.array(lock, { maxLength: 4 }), { maxLength: 12 }), (statements) => {
        let held = noLocks;
        const map = new Map<string, Omit<HeldLock, "existed"> & { existed: boolean }>();
        const existed = ({ relation }: Lock) => relation !== "public.d";
        for (const taken of statements) {
          const before = { held, values: [...held.values()] };
          held = holdLocks(held, taken, existed);
          for (const { relation, kind, mode } of taken) {
            const old = map.get(relation);
            const kept = old?.mode === undefined ? mode : strongest(old.mode, mode);
            const isSame = old !== undefined && old.mode === kept;
            const own = old === undefined || old.kind === "index" ? kind : old.kind;
            if (!isSame)
              map.set(relation, { relation, kind: own, mode: kept, existed: relation !== "public.d" });
          }
          expect([...before.held.values()]).toEqual(before.values);
        }
        const seen = [...held.values()].map(({ relation, kind, mode, existed: was }) => ({
          relation,
          kind,
          mode,
          existed: was,
        }));
        expect(seen).toEqual([...map.values()]);
        expect(held.size).toBe(map.size);
        expect(held.strong).toEqual(strongOf(held.values()));
        for (const one of held.values()) expect(held.get(one.relation)).toBe(one);
      }),
      { numRuns: 200 },
    );
  });

  it("are a bounded number where rules look at all of them", () => {
    const taken = Array.from({ length: 3000 }, (_, k): Lock => {
      return { relation: `public.t${k}`, id: null, kind: "table", mode: "ACCESS EXCLUSIVE" };
    });
    const held = holdLocks(noLocks, taken, () => true);
    expect(held.size).toBe(3000);
    expect(held.strong.map(({ relation }) => relation)).toEqual(
      taken.slice(0, 1000).map(({ relation }) => relation),
    );
  });
});
