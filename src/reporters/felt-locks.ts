interface FeltLock {
  readonly relation: string;
  readonly blocksReads: boolean;
  readonly blocksWrites: boolean;
  /** Of an index: its table. */
  readonly table?: string;
  readonly isRetired?: true;
  readonly isNew?: true;
}

/** Whether others wait for the lock. Nobody does for what nobody uses yet. */
export function isBlocking({ blocksReads, blocksWrites, isNew }: FeltLock): boolean {
  return !isNew && (blocksReads || blocksWrites);
}

/**
 * The locks that people have to know of: who waits for an index whose table keeps out as many waits for the table
 * already, however many indexes it has. Nobody does for one that CONCURRENTLY takes away.
 */
export function feltLocks<Lock extends FeltLock>(locks: readonly Lock[]): readonly Lock[] {
  const byRelation = new Map(locks.map((lock) => [lock.relation, lock]));
  return locks.filter(({ table, blocksReads, blocksWrites, isRetired }) => {
    if (isRetired) return false;
    const around = table === undefined ? undefined : byRelation.get(table);
    if (around === undefined) return true;
    return (blocksReads && !around.blocksReads) || (blocksWrites && !around.blocksWrites);
  });
}
