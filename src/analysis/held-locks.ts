import { isAtLeast, type LockMode, strongest } from "../model/locks.ts";
import type { Lock } from "./effect.ts";
import { emptyTrie, getFrom, removeFrom, setIn, type Trie, valuesOf } from "./schema/trie.ts";

export interface HeldLock {
  readonly relation: string;
  readonly kind: Lock["kind"];
  readonly mode: LockMode;
  /** Whether the relation existed before this unit: only then others can wait for it. */
  readonly existed: boolean;
}

/** The locks of an open transaction, the strongest of each relation. Immutable; keys are `schema.name`. */
export interface Locks {
  readonly size: number;
  get(relation: string): HeldLock | undefined;
  has(relation: string): boolean;
  /** In the order in which the relations were locked first. */
  values(): Iterable<HeldLock>;
  /**
   * Those that keep writers of others out, but for indexes, in the same order: kept apart because rules ask for them at
   * every statement. Of a great many only the first.
   */
  readonly strong: readonly HeldLock[];
}

/** More than these nobody looks at: each statement of a transaction would have to look at all of them. */
const mostStrong = 1000;

interface RankedLock extends HeldLock {
  /** How many relations were locked before it. */
  readonly rank: number;
}

/** Persistent, so that a transaction of ten thousand statements does not copy what it holds for each of them. */
class HeldLocks implements Locks {
  private readonly entries: Trie<string, RankedLock>;
  readonly strong: readonly RankedLock[];

  constructor(entries: Trie<string, RankedLock>, strong: readonly RankedLock[]) {
    this.entries = entries;
    this.strong = strong;
  }

  get size(): number {
    return this.entries.size;
  }
  get(relation: string): HeldLock | undefined {
    return getFrom(this.entries, relation);
  }
  has(relation: string): boolean {
    return getFrom(this.entries, relation) !== undefined;
  }
  values(): Iterable<HeldLock> {
    return valuesOf(this.entries).sort((a, b) => a.rank - b.rank);
  }

  with(lock: Lock, existed: (lock: Lock) => boolean): HeldLocks {
    const { relation } = lock;
    const held = getFrom(this.entries, relation);
    // A name that goes from a table to an index stands for the lock on the table.
    const kind = held === undefined || held.kind === "index" ? lock.kind : held.kind;
    const mode = held === undefined ? lock.mode : strongest(held.mode, lock.mode);
    if (held !== undefined && held.mode === mode) return this;
    const rank = held?.rank ?? this.entries.size;
    const next = { relation, kind, mode, existed: held?.existed ?? existed(lock), rank };
    return new HeldLocks(setIn(this.entries, relation, next), withStrong(this.strong, next));
  }

  renamed(from: string, to: string): HeldLocks {
    const held = getFrom(this.entries, from);
    if (held === undefined) return this;
    const next = { ...held, relation: to };
    const strong = this.strong.map((lock) => (lock.rank === held.rank ? next : lock));
    return new HeldLocks(setIn(removeFrom(this.entries, from), to, next), strong);
  }
}

/** What is held under its new name, once a relation that is locked is renamed or moved. */
export function renameLock(held: Locks, from: string, to: string): Locks {
  if (!(held instanceof HeldLocks)) throw new TypeError("not locks of a session");
  return held.renamed(from, to);
}

export const noLocks: Locks = new HeldLocks(emptyTrie(), []);

/** What is held once these locks are taken as well; the same object where all of them are held already. */
export function holdLocks(held: Locks, taken: readonly Lock[], existed: (lock: Lock) => boolean): Locks {
  if (!(held instanceof HeldLocks)) throw new TypeError("not locks of a session");
  let after = held;
  for (const lock of taken) after = after.with(lock, existed);
  return after;
}

function withStrong(strong: readonly RankedLock[], lock: RankedLock): readonly RankedLock[] {
  if (!lock.existed || lock.kind === "index" || !isAtLeast(lock.mode, "SHARE ROW EXCLUSIVE")) return strong;
  const at = strong.findLastIndex(({ rank }) => rank <= lock.rank);
  if (strong[at]?.rank === lock.rank) return strong.with(at, lock);
  if (at + 1 >= mostStrong) return strong;
  return strong.toSpliced(at + 1, 0, lock).slice(0, mostStrong);
}
