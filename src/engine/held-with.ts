import type { Effects, Lock } from "../analysis/effect.ts";
import { type LockMode, strongest } from "../model/locks.ts";

/** The mode in which a statement locks each relation. */
export function modesOf({ locks }: Effects): ReadonlyMap<string, LockMode> {
  return new Map(locks.map(({ relation, mode }) => [relation, mode]));
}

/** One of several actions holds its locks as strongly as the strongest of them needs: the server takes that one first. */
export function heldWith(effects: Effects, modes: ReadonlyMap<string, LockMode>): Effects {
  const isSame = ({ relation, mode }: Lock) => strongest(mode, modes.get(relation) ?? mode) === mode;
  if (effects.locks.every(isSame)) return effects;
  const locks = effects.locks.map((lock) => {
    const mode = strongest(lock.mode, modes.get(lock.relation) ?? lock.mode);
    return mode === lock.mode ? lock : { ...lock, mode };
  });
  return { ...effects, locks };
}
