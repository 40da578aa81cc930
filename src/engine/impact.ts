import type { Effects, Lock } from "../analysis/effect.ts";
import { renderWork } from "../analysis/work.ts";
import { blocksReads, blocksWrites } from "../model/locks.ts";
import type { Impact } from "./report.ts";
import { unknownKind, withoutStandIns } from "./unknown-names.ts";

/** One DROP OWNED may lock ten thousand relations, and each of its findings would list them. The rest is counted. */
export const mostLocks = 200;

/** The effects that were shown last: the findings of one node share what is said of them. */
let last: {
  readonly effects: Effects;
  readonly waitedFor: readonly Lock[];
  readonly impact: Impact | null;
} | null = null;

/**
 * The effects as reporters show them: what blocks nobody is left out; null where there is nothing to show. `waitedFor` are the
 * locks on what others can use.
 */
export function impactOf(effects: Effects, waitedFor: readonly Lock[]): Impact | null {
  if (last?.effects !== effects || last.waitedFor !== waitedFor)
    last = { effects, waitedFor, impact: findImpact(effects, new Set(waitedFor)) };
  return last.impact;
}

function findImpact(effects: Effects, waitedFor: ReadonlySet<Lock>): Impact | null {
  const blocking = effects.locks.filter(({ mode }) => blocksReads(mode) || blocksWrites(mode));
  const isWork = effects.rewrites.length + effects.scans.length + effects.buildsIndexes.length > 0;
  if (blocking.length === 0 && !isWork) return null;
  const locks = blocking.slice(0, mostLocks).map((lock) => {
    const { relation, kind, mode, table, trigger, isRetired } = lock;
    return {
      relation: withoutStandIns(relation, kind),
      kind,
      mode,
      ...(table !== undefined && { table: withoutStandIns(table) }),
      blocksReads: blocksReads(mode),
      blocksWrites: blocksWrites(mode),
      ...(trigger !== undefined && { trigger }),
      ...(isRetired && { isRetired }),
      ...(!waitedFor.has(lock) && { isNew: true as const }),
    };
  });
  const more = blocking.length - locks.length;
  return {
    locks,
    ...(more > 0 && { moreLocks: more }),
    work: withoutStandIns(renderWork(effects)),
    ...(effects.uncertain !== null && {
      certainty: "depends" as const,
      on: withoutStandIns(effects.uncertain.on, unknownKind(effects.locks)),
    }),
  };
}
